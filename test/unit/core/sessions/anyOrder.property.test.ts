import assert from 'node:assert/strict';
import fc from 'fast-check';
import { storedText } from '../../../../src/core/sessions/session.ts';
import { runs } from '../../support/propertyRuns.ts';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets } from '../../support/secretStorage.ts';
import { deployment, minute, openWindow, userids, type Window } from '../../support/window.ts';

interface Action {
  readonly window: 0 | 1;
  readonly userid: string;
  readonly verb: 'signIn' | 'signOut' | 'find' | 'list' | 'renew';
}

const action: fc.Arbitrary<Action> = fc.record({
  window: fc.constantFrom(0, 1),
  userid: fc.constantFrom('user_1', 'user_2', ''),
  verb: fc.constantFrom('signIn', 'signOut', 'find', 'list', 'renew'),
});

describe('windows that share secrets, in whatever order things happen', () => {
  const clock = fakeClock();

  it('end alike and equal to what is stored, and have told each coming and going once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(action, { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        async (scheduler, actions, doubled) => {
          const way = (): Promise<void> => scheduler.schedule(Promise.resolve());
          const host = desktopSecrets({ way, events: () => (doubled ? [way(), way()] : [way()]) });
          const windows: [Window, Window] = [openWindow(host), openWindow(host)];
          const believed = windows.map(believe);

          /** Lets everything happen that comes of some actions. */
          async function after<T>(running: Promise<T>): Promise<T> {
            const pending = Symbol('pending');
            do await scheduler.waitAll();
            while ((await Promise.race([running, clock.tickAsync(minute).then(() => pending)])) === pending);
            await scheduler.waitAll();
            return running;
          }

          await after(Promise.all(windows.map(({ sessions }) => sessions.list(deployment))));
          await after(Promise.all(actions.map((each) => way().then(() => act(windows[each.window], each)))));
          for (const [i, { store }] of windows.entries()) {
            const listed = await after(store.list(deployment));
            const records = [...host.stored.keys()].filter((key) => key.startsWith('session:'));
            assert.deepEqual(
              new Set(listed.map(storedText)),
              new Set(records.map((key) => host.stored.get(key))),
            );
            assert.deepEqual(believed[i], new Set(userids(listed)));
          }
        },
      ),
      runs(300),
    );
  });
});

async function act(window: Window, { verb, userid }: Action): Promise<void> {
  await (verb === 'signIn'
    ? window.signIn(userid)
    : verb === 'list'
      ? window.sessions.list(deployment, userid)
      : window.sessions[verb](deployment, userid));
}

/** Follows what a window tells as VS Code does, and objects to what cannot be. */
function believe({ sessions }: Window): Set<string> {
  const believed = new Set<string>();
  sessions.onDidChange(({ added, changed, removed }) => {
    for (const { userid } of added) {
      assert.ok(!believed.has(userid), `added ${userid} twice`);
      believed.add(userid);
    }
    for (const { userid } of changed)
      assert.ok(believed.has(userid), `changed ${userid}, which is not there`);
    for (const { userid } of removed) assert.ok(believed.delete(userid), `removed ${userid} twice`);
  });
  return believed;
}
