import { createHost, loadExtension } from './host.ts';
import { createSecretsDouble, measuredDelays } from './secrets.ts';

/** Prints how long loading a bundle takes in this fresh process, ms. */
const bundle = process.argv[2] ?? '';
const host = createHost({ bundle, secrets: createSecretsDouble(measuredDelays), settings: {} });
const started = performance.now();
loadExtension(bundle, host);
console.log(JSON.stringify({ ms: performance.now() - started }));
