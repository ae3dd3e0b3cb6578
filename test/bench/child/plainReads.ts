import { createSecretsDouble, measuredDelays } from './secrets.ts';
import { offline, seedSessions } from './seed.ts';

/**
 * Prints how long this fresh process takes to read so many stored sessions with a plain `Promise.all`, and with
 * `parse` to read their JSON too, without a look at what it says.
 */
const [, , count = '0', parse] = process.argv;
const secrets = createSecretsDouble(measuredDelays);
seedSessions(secrets, offline, Number(count));
const started = performance.now();
const keys = await secrets.keys();
const texts = await Promise.all(keys.map((key) => secrets.get(key)));
if (parse === 'parse') for (const text of texts) if (text?.startsWith('{')) JSON.parse(text);
console.log(JSON.stringify({ ms: performance.now() - started }));
process.exit();
