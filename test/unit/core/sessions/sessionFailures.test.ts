import assert from 'node:assert/strict';
import { AiriskError } from '../../../../src/core/errors.ts';
import { fakeClock } from '../../support/fakeClock.ts';
import { memorySecrets } from '../../support/secretStorage.ts';
import { deployment, openWindow } from '../../support/window.ts';

describe('a renewal that fails', () => {
  fakeClock();
  const failing = async (refusal: AiriskError): Promise<unknown> => {
    const window = openWindow(memorySecrets());
    await window.signIn('user_1');
    window.answer = () => Promise.reject(refusal);
    assert.equal(await window.sessions.renew(deployment, 'user_1'), false);
    const [session] = await window.sessions.listStored(deployment);
    assert.ok(session);
    return [window.sessions.failureOf(session)?.error, window.sessions.needsPerson(session)];
  };

  it('says why, and whether only a person can go on', async () => {
    const offline = new AiriskError('unreachable');
    assert.deepEqual(await failing(offline), [offline, false]);
    const seen = new AiriskError('not_silent');
    assert.deepEqual(await failing(seen), [seen, true]);
  });
});
