import assert from 'node:assert/strict';
import FakeTimers from '@sinonjs/fake-timers';
import { Heartbeat, type HeartbeatParts } from '../../../src/vscode/heartbeat.ts';
import { memorySecrets } from '../../unit/support/secretStorage.ts';
import { deployment, hour, otherDeployment, openWindow } from '../../unit/support/window.ts';

const deployments = [deployment, otherDeployment, { ...deployment, clientId: 'third', key: 'c'.repeat(32) }];

describe('the one timer', () => {
  it('ticks no oftener than once a minute for ten sessions at each of three deployments', async () => {
    const clock = FakeTimers.createClock(Date.UTC(2025, 2, 31, 12));
    const window = openWindow(memorySecrets(), { deployments, now: () => clock.now });
    for (const one of deployments) {
      for (let index = 0; index < 10; index++) {
        const expiration = clock.now + 8 * hour + index * 7_000;
        const token = { accessToken: `${one.key}-${index}`, expiration, clockSkew: 0 };
        await window.sessions.add(one, `user_${index}`, token);
      }
    }
    const count = { fired: 0, read: 0 };
    const inUse = { ...deployment, name: 'test', production: true };
    const parts: Record<keyof HeartbeatParts, unknown> = {
      sessions: window.sessions,
      leases: {},
      state: { chosenUserid: () => undefined },
      clientSecrets: { get: async () => 'secret' },
      settings: {
        inUse: () => inUse,
        shown: () => inUse,
        read: () => ({ statusBar: 'always', expiryWarningMinutes: 5, renewal: 'silent' }),
      },
      ticket: 'ticket',
      terminals: () => false,
      timers: {
        now: () => clock.now,
        setTimeout: (callback: () => void, ms: number) =>
          clock.setTimeout(() => {
            count.fired += 1;
            callback();
          }, ms),
        clearTimeout: clock.clearTimeout,
      },
      askToRenew: async () => undefined,
      welcome: () => (count.read += 1),
      log: { error: assert.fail },
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the heartbeat needs is there
    const heartbeat = new Heartbeat(parts as unknown as HeartbeatParts);
    heartbeat.refresh();
    while (count.read === 0) await clock.tickAsync(10);
    count.fired = 0;
    let pending = 0;
    for (let minutes = 0; minutes < 60; minutes++) {
      await clock.tickAsync(60_000);
      pending = Math.max(pending, clock.countTimers());
    }
    heartbeat.dispose();
    window.close();
    assert.equal(pending, 1);
    assert.ok(count.fired > 55 && count.fired <= 60, `${count.fired} ticks`);
  });
});
