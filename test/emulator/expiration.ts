import type { BehaviourOptions } from './options.ts';

const suffixes: Record<BehaviourOptions['expirationStyle'], (ms: number) => string> = {
  Z: () => 'Z',
  // .NET counts in ticks of 100 ns; the digits after the milliseconds are whatever its clock gave.
  fraction: (ms) => `.${String(ms % 1000).padStart(3, '0')}4567Z`,
  offset: () => '+00:00',
  none: () => '',
};

/** An instant, in milliseconds, as the deployments write `expiration`. */
export function formatExpiration(at: number, style: BehaviourOptions['expirationStyle']): string {
  const ms = Math.floor(at);
  return `${new Date(ms).toISOString().slice(0, 19)}${suffixes[style](ms)}`;
}
