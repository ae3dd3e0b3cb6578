import assert from 'node:assert/strict';
import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { AuthorizationResponse } from '../../../src/core/oauth/authorizationResponse.ts';
import { WindowRelay } from '../../../src/node/windowRelay.ts';
import { type FakeClock, fakeClock } from '../support/fakeClock.ts';
import { deaf, redirect, sharedFolder } from '../support/relay.ts';

const state = 'k5cFfE1Jq3mT8vY0aZ2bX4dW6uS9rP7oN1lM3hG5jI0';
const code = 'SplxlOBeZQQYbYS6WxSbIA';

describe('what lies between windows', () => {
  const folder = sharedFolder();
  // A window looks for a redirect every 250 ms: while its clock stands still, what lies there can be looked at.
  const clock: FakeClock = fakeClock();
  let ending: AbortController;
  let sender: WindowRelay;

  /** Waits for a state in a window that has looked once. */
  async function begin(awaited = state): Promise<{ received: () => AuthorizationResponse | undefined }> {
    const timers = clock.countTimers();
    const { response } = await new WindowRelay(folder.path).listen(deaf).begin(awaited, ending.signal);
    let received: AuthorizationResponse | undefined;
    void response.then((redirected) => (received = redirected));
    while (clock.countTimers() === timers) await turn();
    return { received: () => received };
  }

  /** The path of the one redirect that lies there. */
  async function messageFile(): Promise<string> {
    const [name, ...others] = (await folder.files()).filter((file) => file.endsWith('.redirect'));
    assert.ok(name && others.length === 0);
    return join(folder.path, name);
  }

  /** Lets the waiting windows look, until they wait again for the next time. */
  async function look(): Promise<void> {
    const timers = clock.countTimers();
    await clock.tickAsync(250);
    for (let turns = 0; turns < 200 && clock.countTimers() < timers; turns++) await turn();
  }

  beforeEach(() => {
    sender = new WindowRelay(folder.path);
    ending = new AbortController();
  });

  afterEach(() => ending.abort());

  it('shows neither code nor state, and only to this user', async () => {
    await begin();
    await sender.send(redirect(state, code));
    const names = await folder.files();
    assert.equal(names.length, 2);
    const encodings = ['utf8', 'base64', 'hex'] as const;
    const secrets = [state, code].flatMap((text) =>
      encodings.map((each) => Buffer.from(text).toString(each)),
    );
    for (const name of names) {
      const path = join(folder.path, name);
      const content = await readFile(path, 'utf8');
      const seen = [name, content, Buffer.from(content, 'base64').toString('latin1')].join('\n');
      for (const secret of secrets) assert.ok(!seen.includes(secret), name);
      if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o777, 0o600);
    }
  });

  it('is another text each time, for the same redirect', async () => {
    await begin();
    const texts = new Set<string>();
    for (let i = 0; i < 5; i++) {
      await sender.send(redirect(state, code));
      texts.add(await readFile(await messageFile(), 'utf8'));
    }
    assert.equal(texts.size, 5);
  });

  it('is gone ten seconds later, though the window that waited has crashed', async () => {
    await begin();
    const [name = ''] = await folder.files();
    ending.abort();
    await folder.untilFiles(0);
    await writeFile(join(folder.path, name), '');
    assert.equal(await sender.send(redirect(state, code)), true);
    await clock.tickAsync(9_999);
    for (let turns = 0; turns < 50; turns++) await turn();
    await messageFile();
    await clock.tickAsync(1);
    await folder.untilFiles(1);
    assert.deepEqual(await folder.files(), [name]);
  });

  it('is gone when the sign-in is cancelled before it was taken', async () => {
    const { received } = await begin();
    await sender.send(redirect(state, code));
    ending.abort();
    await folder.untilFiles(0);
    await look();
    assert.equal(received(), undefined);
  });

  it('is ignored where anything in it was changed, and the true one taken afterwards', async () => {
    const { received } = await begin();
    await sender.send(redirect(state, code));
    const path = await messageFile();
    const text = await readFile(path, 'utf8');
    const bytes = Buffer.from(text, 'base64');
    const flipped = [0, 11, 12, 27, 28, bytes.length - 1].map((at) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
      return copy.toString('base64');
    });
    const forged = Buffer.from(JSON.stringify({ code: 'forged' }));
    for (const changed of [
      ...flipped,
      '',
      'x',
      text.slice(4),
      text.slice(0, -8),
      forged.toString(),
      forged.toString('base64'),
    ]) {
      await writeFile(path, changed);
      await look();
      assert.equal(received(), undefined, changed);
    }
    await sender.send(redirect(state, code));
    while (!received()) await look();
    assert.deepEqual(received(), redirect(state, code));
  });

  it("is ignored where it is another sign-in's", async () => {
    const { received } = await begin();
    const [name = ''] = await folder.files();
    const other = await begin('another state');
    await sender.send(redirect('another state', 'another code'));
    await copyFile(await messageFile(), join(folder.path, name.replace('.waiting', '.redirect')));
    while (!other.received()) await look();
    assert.equal(other.received()?.code, 'another code');
    assert.equal(received(), undefined);
  });
});
