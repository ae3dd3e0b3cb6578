import assert from 'node:assert/strict';
import { refusedSession, type Session } from '../../../../src/core/sessions/session.ts';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets } from '../../support/secretStorage.ts';
import { deployment, hour, openWindow, type Window } from '../../support/window.ts';

describe('a session whose token AIRisk refuses', () => {
  const clock = fakeClock();
  let host = desktopSecrets();
  let window: Window;
  const refuse = (session: Session) => window.store.replace(session, refusedSession(session));

  beforeEach(() => {
    host = desktopSecrets();
    window = openWindow(host);
    window.renewsSilently = false;
  });

  it('counts as expired from then on, in every window; its record stays', async () => {
    const session = await window.signIn('');
    const other = openWindow(host);
    other.renewsSilently = false;
    await other.sessions.find(deployment, '');
    await refuse(session);
    for (const { sessions, told } of [window, other]) {
      assert.equal(await sessions.find(deployment, ''), undefined);
      assert.deepEqual(await sessions.listUsable(deployment), []);
      assert.equal((await sessions.listStored(deployment))[0]?.accessToken, session.accessToken);
      assert.equal(told.at(-1), 'removed the application (expiry)');
      sessions.tick();
    }
    assert.deepEqual(window.told, ['added the application (signIn)', 'removed the application (expiry)']);
  });

  it('is renewed, with the same key, when somebody asks for it', async () => {
    const session = await window.signIn('');
    await refuse(session);
    window.renewsSilently = true;
    const renewed = await window.sessions.find(deployment, '');
    assert.notEqual(renewed?.accessToken, session.accessToken);
    assert.deepEqual(window.requests, ['']);
    assert.equal(host.stored.size, 1);
    await clock.tickAsync(hour);
  });

  it('is left alone where another token has come since, or it was signed out', async () => {
    const before = await window.signIn('');
    const after = await window.signIn('');
    await refuse(before);
    assert.deepEqual(await window.sessions.find(deployment, ''), after);
    await window.sessions.signOut(deployment, '');
    await refuse(after);
    assert.equal(host.stored.size, 0);
  });
});
