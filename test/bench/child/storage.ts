import { createHost, loadExtension } from './host.ts';
import { createSecretsDouble, measuredDelays } from './secrets.ts';
import { offline, seedSessions, useridOf } from './seed.ts';
import { median } from '../statistics.ts';

/**
 * Prints, for so many stored sessions: how long the first `getSessions` of this fresh process takes after activation,
 * and the median of silent `getSessions` calls for one userid.
 */
const [, , bundle = '', count = '0', calls = '2000'] = process.argv;
const secrets = createSecretsDouble(measuredDelays);
seedSessions(secrets, offline, Number(count));
const host = createHost({ bundle, secrets, settings: offline });

await loadExtension(bundle, host).activate(host.context);
const activated = performance.now();
const provider = host.provider();
const all = await provider.getSessions(undefined, {});
const first = performance.now() - activated;
if (all.length !== Number(count)) throw new Error(`${all.length} of ${count} sessions were read`);

const userid = useridOf(Math.floor(Number(count) / 2));
const samples: number[] = [];
for (let call = 0; call < Number(calls); call++) {
  const before = performance.now();
  const found = await provider.getSessions([`userid:${userid}`], {});
  samples.push(performance.now() - before);
  if (found.length !== 1) throw new Error('The session was not found');
}
console.log(JSON.stringify({ first, p50: median(samples) }));
process.exit();
