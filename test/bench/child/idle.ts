import { install } from '@sinonjs/fake-timers';
import { createHost, loadExtension } from './host.ts';
import { createSecretsDouble } from './secrets.ts';
import { offline, seedSessions } from './seed.ts';

/** Prints how often the status bar is drawn and timers fire in an hour of a fake clock. */
const [, , bundle = '', count = '0', others = '0'] = process.argv;
const clock = install({
  now: Date.UTC(2025, 2, 31),
  toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval'],
});
let fired = 0;
const fakeTimeout = globalThis.setTimeout;
Object.assign(globalThis, {
  setTimeout: (callback: () => void, ms?: number) =>
    fakeTimeout(() => {
      fired += 1;
      callback();
    }, ms),
});
const secrets = createSecretsDouble({ get: 0, store: 0, delete: 0 });
const names = Array.from({ length: Number(others) }, (_, index) => `other-${index}`);
const deployments = Object.fromEntries(names.map((name) => [name, { ...offline, clientId: name }]));
if (Number(count) > 0) {
  for (const one of [offline, ...Object.values(deployments)]) seedSessions(secrets, one, Number(count));
}
const host = createHost({ bundle, secrets, settings: { ...offline, deployments } });
loadExtension(bundle, host).activate(host.context);
await clock.tickAsync(500);
const atStart = { updates: host.updates(), fired };
const pending = clock.countTimers();
await clock.tickAsync(3_600_000);
console.log(
  JSON.stringify({ updates: host.updates() - atStart.updates, timers: fired - atStart.fired, pending }),
);
clock.uninstall();
process.exit();
