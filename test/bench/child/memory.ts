import { setTimeout as delay } from 'node:timers/promises';
import { createHost, loadExtension } from './host.ts';
import { createSecretsDouble } from './secrets.ts';
import { offline, seedSessions } from './seed.ts';

/** Prints by how many bytes the heap is larger after an extension has started; needs --expose-gc. */
const [, , bundle = '', count = ''] = process.argv;
const secrets = createSecretsDouble({ get: 0, store: 0, delete: 0 });
if (Number(count) > 0) seedSessions(secrets, offline, Number(count));
const host = createHost({ bundle, secrets, settings: offline });

async function heapUsed(): Promise<number> {
  for (let round = 0; round < 5; round++) {
    globalThis.gc?.();
    await delay(50);
  }
  return process.memoryUsage().heapUsed;
}

const before = await heapUsed();
await loadExtension(bundle, host).activate(host.context);
// The Accounts menu asks so: every session is read. Other extensions than ours need more of a host to answer.
const sessions = count === '' ? [] : await host.provider().getSessions(undefined, {});
const after = await heapUsed();
console.log(JSON.stringify({ bytes: after - before, sessions: sessions.length }));
process.exit();
