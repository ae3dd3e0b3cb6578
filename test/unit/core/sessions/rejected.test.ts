import assert from 'node:assert/strict';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets } from '../../support/secretStorage.ts';
import { deployment, hour, minute, newToken, openWindow, second, type Window } from '../../support/window.ts';

describe('a token that a caller reports as rejected', () => {
  const clock = fakeClock();
  let window: Window;
  const report = (accessToken?: string): Promise<boolean> =>
    window.sessions.replaceRejected(deployment, 'user_1', accessToken);

  beforeEach(() => {
    window = openWindow(desktopSecrets());
  });

  it('is renewed once for all who report it', async () => {
    const { accessToken } = await window.signIn('user_1', newToken(hour));
    assert.deepEqual(await Promise.all([report(), report(accessToken), report()]), [true, true, true]);
    assert.equal(await report(accessToken), true, 'the one that came since is kept');
    assert.equal(await report(), true);
    assert.deepEqual(window.requests, ['user_1']);
  });

  it('is not renewed again and again', async () => {
    await window.signIn('user_1', newToken(hour));
    await report();
    const current = async (): Promise<string> =>
      (await window.sessions.find(deployment, 'user_1'))?.accessToken ?? '';
    assert.equal(await report(await current()), false);
    await clock.tickAsync(30 * second);
    assert.equal(await report(await current()), true);
    assert.deepEqual(window.requests, ['user_1', 'user_1']);
  });

  it('stays when AIRisk wants to see the user, or the user wants to be asked', async () => {
    const session = await window.signIn('user_1', newToken(hour));
    window.answer = () => Promise.reject(new Error('no'));
    assert.equal(await report(), false);
    assert.equal(window.sessions.wasRejected(session), true);
    await clock.tickAsync(minute);
    window.renewsSilently = false;
    assert.equal(await report(), false);
    assert.equal(window.requests.length, 1);
  });

  it('of nobody is no different one', async () => {
    assert.equal(await report(), false);
    assert.deepEqual(window.requests, []);
  });
});
