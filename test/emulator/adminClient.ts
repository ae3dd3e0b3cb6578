import * as z from 'zod/mini';
import type { FaultInput } from './faultSchema.ts';
import { loggedRequestSchema, type LoggedRequest } from './logEntry.ts';
import { behaviourSchema, type BehaviourOptions } from './options.ts';

/** Controls a running emulator, from its own process or from another one. */
export interface AdminClient {
  /** Every request since the start, the last reset or the last `clearRequests`, in order of arrival. */
  requests(): Promise<LoggedRequest[]>;
  clearRequests(): Promise<void>;
  /** The options in force. */
  options(): Promise<BehaviourOptions>;
  /** Changes the given options and leaves the others; answers with all of them. */
  setOptions(patch: Partial<BehaviourOptions>): Promise<BehaviourOptions>;
  /** Options, codes, tokens, faults and log back to what the emulator was started with. */
  reset(): Promise<void>;
  /** Faults of one endpoint show one after another, in the order of their injection. */
  inject(fault: FaultInput): Promise<void>;
  /** With `true` every connection is cut, as without a network; with `false` no fault is left. */
  setOffline(offline: boolean): Promise<void>;
  /** Every answer waits for so many ms; 0 leaves no fault, and ends the waits. */
  setDelay(delayMs: number): Promise<void>;
  /** Makes every token issued so far invalid, and answers how many there were. */
  revoke(): Promise<number>;
}

/** A typed wrapper over the `/_admin` endpoints of the emulator at `origin`. */
export function createAdminClient(origin: string): AdminClient {
  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${origin}/_admin/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.text();
    if (!answer.ok)
      throw new Error(`The emulator refused ${method} /_admin/${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  return {
    requests: async () => z.array(loggedRequestSchema).parse(await call('GET', 'requests')),
    clearRequests: async () => void (await call('DELETE', 'requests')),
    options: async () => behaviourSchema.parse(await call('GET', 'options')),
    setOptions: async (patch) => behaviourSchema.parse(await call('PATCH', 'options', patch)),
    reset: async () => void (await call('POST', 'reset')),
    inject: async (fault) => void (await call('POST', 'faults', fault)),
    setOffline: async (offline) => void (await call('PUT', 'network', { offline })),
    setDelay: async (delayMs) => void (await call('PUT', 'network', { delayMs })),
    revoke: async () => z.object({ revoked: z.number() }).parse(await call('POST', 'revoke')).revoked,
  };
}
