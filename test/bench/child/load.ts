import { createHost, loadExtension } from './host.ts';
import { createSecretsDouble, measuredDelays } from './secrets.ts';

/** Prints how long loading a bundle takes in this fresh process, ms. */
const host = createHost({ secrets: createSecretsDouble(measuredDelays), settings: {} });
const started = performance.now();
loadExtension(process.argv[2] ?? '', host);
console.log(JSON.stringify({ ms: performance.now() - started }));
