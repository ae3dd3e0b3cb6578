import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type Clock, createClock } from '@sinonjs/fake-timers';
import { type PendingClear, SecretClipboard } from '../../../src/core/secretClipboard.ts';

describe('a secret on the clipboard', () => {
  let clock: Clock;
  let held: string;
  let readable: 'yes' | 'no' | 'fails';
  let writable: boolean;
  /** What outlives a window. */
  let remembered: PendingClear | undefined;
  let clipboard: SecretClipboard;
  /** Notified when their window gets the focus. */
  let windows: Set<() => void>;

  beforeEach(() => {
    clock = createClock();
    held = '';
    readable = 'yes';
    writable = true;
    remembered = undefined;
    windows = new Set();
    clipboard = openWindow();
  });

  const openWindow = (): SecretClipboard =>
    new SecretClipboard(
      {
        read: async () => {
          if (readable === 'fails') throw new Error('not allowed');
          return readable === 'yes' ? held : undefined;
        },
        write: async (text) => {
          if (!writable) throw new Error('not allowed');
          held = text;
        },
        remember: (pending) => void (remembered = pending),
        remembered: () => remembered,
        onDidFocus: (listener) => {
          windows.add(listener);
          return { dispose: () => windows.delete(listener) };
        },
        digest: (text) => createHash('sha256').update(text).digest('hex'),
        now: () => clock.now,
      },
      {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only handed back to the same clock
        setTimeout: (callback, ms) => clock.setTimeout(callback, ms) as unknown as NodeJS.Timeout,
        clearTimeout: (timer) => clock.clearTimeout(Number(timer)),
      },
    );

  it('is cleared after a minute', async () => {
    await clipboard.copy('secret');
    await clock.tickAsync(59_999);
    assert.equal(held, 'secret');
    await clock.tickAsync(1);
    assert.equal(held, '');
    assert.equal(clock.countTimers(), 0);
  });

  it('is cleared later when it cannot be written just then', async () => {
    await clipboard.copy('secret');
    writable = false;
    await clock.tickAsync(60_000);
    assert.equal(held, 'secret');
    writable = true;
    await clock.tickAsync(60_000);
    assert.equal(held, '');
    assert.deepEqual([remembered, clock.countTimers()], [undefined, 0]);
  });

  it('leaves alone what was copied meanwhile', async () => {
    await clipboard.copy('secret');
    held = 'secret and more';
    await clock.tickAsync(120_000);
    assert.equal(held, 'secret and more');
    assert.equal(clock.countTimers(), 0);
  });

  it('of another window is still remembered when this one clears its own', async () => {
    await clipboard.copy('first');
    await clock.tickAsync(30_000);
    const other = openWindow();
    await other.copy('second');
    await clock.tickAsync(30_000);
    assert.equal(held, 'second');
    // That window ends: the next one has to know.
    other.dispose();
    const next = openWindow();
    await clock.tickAsync(30_000);
    assert.equal(held, '');
    assert.equal(remembered, undefined);
    next.dispose();
  });

  it('has a minute of its own when another was copied before', async () => {
    await clipboard.copy('first');
    await clock.tickAsync(40_000);
    await clipboard.copy('second');
    await clock.tickAsync(40_000);
    assert.equal(held, 'second');
    await clock.tickAsync(20_000);
    assert.equal(held, '');
  });

  it('stays when it is copied while an older one is being cleared', async () => {
    await clipboard.copy('first');
    const clearing = clipboard.clear();
    await Promise.all([clearing, clipboard.copy('second')]);
    assert.equal(held, 'second');
    await clock.tickAsync(60_000);
    assert.equal(held, '');
  });

  it('is cleared at once when asked, and never twice', async () => {
    await clipboard.copy('secret');
    await clipboard.clear();
    assert.equal(held, '');
    held = 'secret';
    await clipboard.clear();
    await clock.tickAsync(120_000);
    assert.equal(held, 'secret');
  });

  for (const state of ['no', 'fails'] as const) {
    it(`is cleared once the clipboard can be read (before: ${state})`, async () => {
      await clipboard.copy('secret');
      readable = state;
      await clock.tickAsync(90_000);
      assert.equal(held, 'secret');
      readable = 'yes';
      await clock.tickAsync(2_000);
      assert.equal(held, '');
    });
  }

  it('leaves no timer behind when the window ends', async () => {
    await clipboard.copy('secret');
    clipboard.dispose();
    assert.equal(clock.countTimers(), 0);
  });

  it('is cleared by the next window, in the time that is left', async () => {
    await clipboard.copy('secret');
    assert.ok(!JSON.stringify(remembered).includes('secret'));
    await clock.tickAsync(20_000);
    clipboard.dispose();
    openWindow();
    await clock.tickAsync(39_999);
    assert.equal(held, 'secret');
    await clock.tickAsync(1);
    assert.equal(held, '');
    assert.equal(remembered, undefined);
  });

  it('is cleared by a window that was open already, when it is used next', async () => {
    const other = openWindow();
    await clipboard.copy('secret');
    clipboard.dispose();
    await clock.tickAsync(60_000);
    assert.deepEqual([held, clock.countTimers()], ['secret', 0]);
    for (const focus of windows) focus();
    await clock.tickAsync(0);
    assert.equal(held, '');
    assert.deepEqual([remembered, clock.countTimers(), windows.size], [undefined, 0, 1]);
    other.dispose();
    assert.equal(windows.size, 0);
  });

  it('has a minute of its own when another window copied the same before', async () => {
    await clipboard.copy('secret');
    await clock.tickAsync(50_000);
    const other = openWindow();
    await other.copy('secret');
    await clock.tickAsync(59_999);
    assert.equal(held, 'secret');
    await clock.tickAsync(1);
    assert.equal(held, '');
    assert.deepEqual([remembered, clock.countTimers()], [undefined, 0]);
  });

  it('is cleared at once by a window that comes later, and nothing else is', async () => {
    await clipboard.copy('secret');
    clipboard.dispose();
    await clock.tickAsync(120_000);
    assert.equal(held, 'secret');
    const next = openWindow();
    await clock.tickAsync(0);
    assert.equal(held, '');
    next.dispose();
    held = 'something else';
    await clipboard.copy('secret');
    clipboard.dispose();
    held = 'something else';
    openWindow();
    await clock.tickAsync(60_000);
    assert.equal(held, 'something else');
    assert.equal(remembered, undefined);
  });
});
