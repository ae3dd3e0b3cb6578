import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  shareSecrets,
  type WindowChannel,
  windowsSecret,
} from '../../../../src/core/sessions/sharedSecrets.ts';
import type { SecretStore } from '../../../../src/core/sessions/store.ts';

type Copy = Record<string, string>;
type Delay = <T>(value: T) => Promise<T>;

/** A browser-hosted VS Code: windows copy all secrets when they load, and each write puts the whole copy back. */
class BrowserProfile {
  stored: Copy = {};
  /** Windows whose next write fails, as it does when the tab is disconnected. */
  readonly failing = new Set<SecretStore>();
  readonly #listeners: ((text: string) => void)[] = [];
  readonly #delay: Delay;

  constructor(delay: Delay = (value) => Promise.resolve(value)) {
    this.#delay = delay;
  }

  open(): { copy: Copy; host: SecretStore; secrets: SecretStore } {
    const copy = { ...this.stored };
    const save = (): void => void (this.stored = { ...copy });
    // The host works through the calls of an extension one by one.
    let queue: Promise<unknown> = Promise.resolve();
    const call = <T>(operation: () => T): Promise<T> => {
      const done = queue.then(() => this.#delay(undefined)).then(operation);
      queue = done.catch(() => undefined);
      return done;
    };
    const change = (operation: () => void): Promise<void> =>
      call(() => {
        if (this.failing.delete(host)) throw new Error('the tab is disconnected');
        operation();
        save();
      });
    const host: SecretStore = {
      keys: () => call(() => Object.keys(copy)),
      get: (key) => call(() => copy[key]),
      store: (key, value) => change(() => Object.assign(copy, { [key]: value })),
      delete: (key) => change(() => Reflect.deleteProperty(copy, key)),
      onDidChange: () => ({ dispose: () => undefined }),
    };
    const channel: WindowChannel = {
      post: async (text) => {
        for (const listener of this.#listeners) {
          // Also to the sender itself, and twice.
          for (const copied of [text, text]) void this.#delay(copied).then(listener);
        }
      },
      onDidReceive: (listener) => {
        this.#listeners.push(listener);
        return { dispose: () => undefined };
      },
    };
    return { copy, host, secrets: shareSecrets(host, channel, () => 1_000) };
  }
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
};

describe('secrets that each window has a copy of', () => {
  it('are written later where a window could not write what another one sent', async () => {
    const profile = new BrowserProfile();
    const [one, two] = [profile.open(), profile.open()];
    const connected = two.host.get.bind(two.host);
    two.host.get = () => Promise.reject(new Error('the tab is disconnected'));
    await one.secrets.store('a', '1');
    await settle();
    assert.deepEqual(two.copy, {});
    two.host.get = connected;
    await two.secrets.store('b', '2');
    assert.deepEqual(two.copy, { a: '1', b: '2' });
    await settle();
    assert.deepEqual(one.copy, { a: '1', b: '2' });
  });

  it('are written first where what another window sent is still on its way', async () => {
    const profile = new BrowserProfile();
    const [one, two] = [profile.open(), profile.open()];
    const connected = two.host.get.bind(two.host);
    let lose = (): void => undefined;
    const lost = new Promise<never>((_resolve, reject) => {
      lose = () => reject(new Error('the tab is disconnected'));
    });
    two.host.get = () => lost;
    await one.secrets.store('a', '1');
    await settle();
    const written = two.secrets.store('b', '2');
    await settle();
    two.host.get = connected;
    lose();
    await written;
    // The other window would mend it later, if it is still there.
    assert.deepEqual(two.copy, { a: '1', b: '2' });
  });

  it('hear of a sign-out elsewhere although their own write came to nothing', async () => {
    const profile = new BrowserProfile();
    const [one, two] = [profile.open(), profile.open()];
    await one.secrets.store('a', '1');
    await settle();
    for (const value of ['2', '3']) {
      profile.failing.add(two.host);
      // The second one is later than the deletion, so that it would win if it were remembered.
      await assert.rejects(two.secrets.store('a', value), /disconnected/);
    }
    await one.secrets.delete('a');
    await settle();
    for (const copy of [profile.stored, one.copy, two.copy]) assert.deepEqual(copy, {});
  });

  it('hear of a sign-out that comes in the middle of their own write, which fails', async () => {
    const { copy, host } = new BrowserProfile().open();
    let receive: (text: string) => void = () => undefined;
    let fail = (): void => undefined;
    const failure = new Promise<never>((_resolve, reject) => {
      fail = () => reject(new Error('the tab is disconnected'));
    });
    await host.store('a', '1');
    const secrets = shareSecrets(
      { ...host, store: () => failure },
      {
        post: () => Promise.resolve(),
        onDidReceive: (listener) => {
          receive = listener;
          return { dispose: () => undefined };
        },
      },
      () => 1_000,
    );
    const written = assert.rejects(secrets.store('a', '2'), /disconnected/);
    await settle();
    // Of a window whose clock is behind.
    receive(JSON.stringify({ key: 'a', at: 999, window: 'x' }));
    await settle();
    fail();
    await written;
    await settle();
    assert.deepEqual(copy, {});
  });

  it('are lost where each window writes its own copy alone', async () => {
    const profile = new BrowserProfile();
    const [one, two] = [profile.open(), profile.open()];
    await one.host.store('a', '1');
    await two.host.store('b', '2');
    assert.deepEqual(profile.stored, { b: '2' });
  });

  it('are all kept where the windows tell each other', async () => {
    const profile = new BrowserProfile();
    const [one, two] = [profile.open(), profile.open()];
    await one.secrets.store('a', '1');
    await two.secrets.store('b', '2');
    await settle();
    for (const copy of [profile.stored, one.copy, two.copy]) assert.deepEqual(copy, { a: '1', b: '2' });
    await two.secrets.delete('a');
    await settle();
    for (const copy of [profile.stored, one.copy, two.copy]) assert.deepEqual(copy, { b: '2' });
  });

  it('agree in the end, whatever was written where and in which order it arrived', async () => {
    const operation = fc.record({
      window: fc.nat(2),
      key: fc.constantFrom('a', 'b', 'c'),
      value: fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined }),
      fails: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(operation, { maxLength: 8 }),
        async (scheduler, operations) => {
          const profile = new BrowserProfile((value) => scheduler.schedule(Promise.resolve(value)));
          const windows = [profile.open(), profile.open(), profile.open()];
          for (const { window, key, value, fails } of operations) {
            const { host, secrets } = windows[window] ?? assert.fail();
            const write = (): Promise<void> => {
              if (fails) profile.failing.add(host);
              return value === undefined ? secrets.delete(key) : secrets.store(key, value);
            };
            // At any time, also between what a window has read and what it writes.
            void scheduler
              .schedule(Promise.resolve())
              .then(write)
              .catch(() => undefined);
          }
          await scheduler.waitIdle();
          profile.failing.clear();
          // Each window catches up with what it could not write.
          for (const [index, { secrets }] of windows.entries()) {
            void secrets.store('last', String(index));
            await scheduler.waitIdle();
          }
          for (const { copy } of windows) assert.deepEqual(copy, profile.stored);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('ignore changes that are over a minute old, and what is no change', async () => {
    const { host, copy } = new BrowserProfile().open();
    let receive: (text: string) => void = () => undefined;
    const channel: WindowChannel = {
      post: () => Promise.reject(new Error('the disk is full')),
      onDidReceive: (listener) => {
        receive = listener;
        return { dispose: () => undefined };
      },
    };
    const secrets = shareSecrets(host, channel, () => 100_000);
    receive(JSON.stringify({ key: 'a', value: '1', at: 39_999, window: 'x' }));
    receive('no JSON');
    receive(JSON.stringify({ key: 'b', value: 7, at: 100_000, window: 'x' }));
    receive(JSON.stringify({ key: 'c', value: '3', at: 40_000, window: 'x' }));
    // Works although nobody can be told.
    await secrets.store('d', '4');
    await settle();
    assert.deepEqual(copy, { c: '3', d: '4' });
  });

  it('do not come back for a moment where a window that loads hears of their deletion too', async () => {
    const { host, copy } = new BrowserProfile().open();
    const written: string[] = [];
    const store = (key: string, value: string): Promise<void> => {
      written.push(key);
      return host.store(key, value);
    };
    const changes = [
      { key: 'a', value: '1', at: 100_000, window: 'x' },
      { key: 'a', at: 100_001, window: 'x' },
      { key: 'b', value: '2', at: 100_002, window: 'x' },
    ];
    shareSecrets(
      { ...host, store },
      {
        post: () => Promise.resolve(),
        onDidReceive: (listener) => {
          for (const change of changes) listener(JSON.stringify(change));
          return { dispose: () => undefined };
        },
      },
      () => 100_010,
    );
    await settle();
    assert.deepEqual(written, ['b']);
    assert.deepEqual(copy, { b: '2' });
  });

  it('travel under a secret that the first window makes', async () => {
    const profile = new BrowserProfile();
    const first = await windowsSecret(profile.open().host);
    assert.match(first, /^[\w-]{43}$/);
    assert.equal(await windowsSecret(profile.open().host), first);
    assert.notEqual(await windowsSecret(new BrowserProfile().open().host), first);
  });
});
