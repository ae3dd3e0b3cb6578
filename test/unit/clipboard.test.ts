import assert from 'node:assert/strict';
import { type Clock, createClock } from '@sinonjs/fake-timers';
import { SecretClipboard } from '../../src/core/clipboard.ts';

describe('a secret on the clipboard', () => {
  let clock: Clock;
  let held: string;
  let readable: 'yes' | 'no' | 'fails';
  let clipboard: SecretClipboard;

  beforeEach(() => {
    clock = createClock();
    held = '';
    readable = 'yes';
    clipboard = new SecretClipboard(
      {
        read: async () => {
          if (readable === 'fails') throw new Error('not allowed');
          return readable === 'yes' ? held : undefined;
        },
        write: async (text) => void (held = text),
      },
      {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only handed back to the same clock
        setTimeout: (callback, ms) => clock.setTimeout(callback, ms) as unknown as NodeJS.Timeout,
        clearTimeout: (timer) => clock.clearTimeout(Number(timer)),
      },
    );
  });

  it('is cleared after a minute', async () => {
    await clipboard.copy('secret');
    await clock.tickAsync(59_999);
    assert.equal(held, 'secret');
    await clock.tickAsync(1);
    assert.equal(held, '');
    assert.equal(clock.countTimers(), 0);
  });

  it('leaves alone what was copied meanwhile', async () => {
    await clipboard.copy('secret');
    held = 'secret and more';
    await clock.tickAsync(120_000);
    assert.equal(held, 'secret and more');
    assert.equal(clock.countTimers(), 0);
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

  it('is forgotten when the window ends', async () => {
    await clipboard.copy('secret');
    clipboard.dispose();
    assert.equal(clock.countTimers(), 0);
  });
});
