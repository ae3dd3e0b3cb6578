import { setTimeout as delay } from 'node:timers/promises';
import { createHost, loadExtension } from './host.ts';
import { createSecretsDouble, measuredDelays } from './secrets.ts';
import { offline, seedSessions, useridOf } from './seed.ts';
import { median } from '../statistics.ts';

/** Prints the median of silent `getSessions` calls for one userid of so many stored ones, ms. */
const [, , bundle = '', count = '0', calls = '2000'] = process.argv;
const secrets = createSecretsDouble(measuredDelays);
seedSessions(secrets, offline, Number(count));
const host = createHost({ bundle, secrets, settings: offline });

await loadExtension(bundle, host).activate(host.context);
const provider = host.provider();
const all = await provider.getSessions(undefined, {});
if (all.length !== Number(count)) throw new Error(`${all.length} of ${count} sessions were read`);

const userid = useridOf(Math.floor(Number(count) / 2));
const samples: number[] = [];
// The first calls warm the code up, and what the reading left is taken away: neither is about the number of sessions.
const warmUp = 1_000;
for (let call = -warmUp; call < Number(calls); call++) {
  if (call === 0) await collectGarbage();
  const before = performance.now();
  const found = await provider.getSessions([`userid:${userid}`], {});
  if (call >= 0) samples.push(performance.now() - before);
  if (found.length !== 1) throw new Error('The session was not found');
}

async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await delay(20);
  }
}

console.log(JSON.stringify({ ms: median(samples) }));
process.exit();
