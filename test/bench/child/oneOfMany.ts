import { createHost, loadExtension } from './host.ts';
import { createSecretsDouble, measuredDelays } from './secrets.ts';
import { offline, seedSessions, useridOf } from './seed.ts';

/** Prints how long the first call for one userid takes after start while every other record takes a second. */
const [, , bundle = '', count = '0'] = process.argv;
const userid = useridOf(1);
const secrets = createSecretsDouble(measuredDelays, (key) =>
  key.startsWith('session:') && !key.endsWith(`:${userid}`) ? 1_000 : measuredDelays.get,
);
seedSessions(secrets, offline, Number(count));
const host = createHost({ bundle, secrets, settings: offline });
await loadExtension(bundle, host).activate(host.context);
const started = performance.now();
const found = await host.provider().getSessions([`userid:${userid}`], {});
if (found.length !== 1) throw new Error('The session was not found');
console.log(JSON.stringify({ ms: performance.now() - started }));
process.exit();
