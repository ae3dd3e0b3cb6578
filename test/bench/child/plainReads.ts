import { createSecretsDouble, measuredDelays } from './secrets.ts';
import { offline, seedSessions } from './seed.ts';

/** Prints how long this fresh process takes to read so many stored sessions with a plain `Promise.all`. */
const [, , count = '0'] = process.argv;
const secrets = createSecretsDouble(measuredDelays);
seedSessions(secrets, offline, Number(count));
const started = performance.now();
const keys = await secrets.keys();
await Promise.all(keys.map((key) => secrets.get(key)));
console.log(JSON.stringify({ ms: performance.now() - started }));
process.exit();
