import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuthorizationResponse } from '../../../src/core/oauth/authorizationResponse.ts';
import { WindowRelay } from '../../../src/node/windowRelay.ts';
import { deaf, redirect, sharedFolder } from '../support/relay.ts';

describe('the relay between windows', () => {
  const folder = sharedFolder();
  let ending: AbortController;
  let waiting: WindowRelay;
  let other: WindowRelay;

  /** Waits for a state. In an object: awaiting the response would last as long as the sign-in. */
  async function begin(
    state: string,
    { relay = waiting, receiver = deaf } = {},
  ): Promise<{ response: Promise<AuthorizationResponse> }> {
    const before = (await folder.files()).length;
    const { response } = await relay.listen(receiver).begin(state, ending.signal);
    await folder.untilFiles(before + 1);
    return { response };
  }

  beforeEach(() => {
    [waiting, other] = [new WindowRelay(folder.path), new WindowRelay(folder.path)];
    ending = new AbortController();
  });

  afterEach(() => ending.abort());

  it('hands a redirect over to the window that waits for it, and leaves nothing behind', async () => {
    const { response } = await begin('state-1');
    assert.equal(await other.send(redirect('state-1', 'a+b/ü=')), true);
    assert.deepEqual(await response, redirect('state-1', 'a+b/ü='));
    await folder.untilFiles(0);
    assert.equal(await other.send(redirect('state-1', 'again')), false, 'a state serves once');
  });

  it('keeps a redirect that the browser loads twice at once', async () => {
    const { response } = await begin('state-1');
    const sent = await Promise.all([1, 2].map(() => other.send(redirect('state-1', 'own'))));
    assert.equal(sent[0], true);
    assert.deepEqual(await response, redirect('state-1', 'own'));
    other.dispose();
    await folder.untilFiles(0);
  });

  it('hands an error over', async () => {
    const { response } = await begin('state-1');
    const refusal = { ...redirect('state-1', ''), code: undefined, error: 'access_denied' };
    await other.send({ ...refusal, errorDescription: 'No way' });
    assert.deepEqual(await response, { ...refusal, errorDescription: 'No way' });
  });

  it('leaves redirects alone that come to the right window, and the redirect URI', async () => {
    const own = redirect('state-1', 'own');
    const receiver = {
      begin: () => Promise.resolve({ redirectUri: 'vscode://callback', response: Promise.resolve(own) }),
    };
    const { redirectUri, response } = await waiting.listen(receiver).begin('state-1', ending.signal);
    assert.deepEqual([redirectUri, await response], ['vscode://callback', own]);
  });

  it('fails where the receiver fails', async () => {
    const receiver = { begin: () => Promise.reject(new Error('no callback')) };
    await assert.rejects(waiting.listen(receiver).begin('state-1', ending.signal), /no callback/);
    assert.deepEqual(await folder.files(), []);
  });

  it('never swaps the redirects of several sign-ins at once', async () => {
    const states = [...Array(8).keys()].map((i) => `state-${i}`);
    const running: Promise<AuthorizationResponse>[] = [];
    for (const [i, state] of states.entries()) {
      running.push((await begin(state, { relay: i % 2 ? waiting : other })).response);
    }
    const toTheWrongWindow = states.map((state, i) =>
      (i % 2 ? other : waiting).send(redirect(state, `code of ${state}`)),
    );
    assert.ok((await Promise.all(toTheWrongWindow)).every(Boolean));
    assert.deepEqual(
      await Promise.all(running),
      states.map((state) => redirect(state, `code of ${state}`)),
    );
  });

  for (const state of [undefined, '', 'unknown', 'state-', 'state-11', 'State-1', '../state-1']) {
    it(`writes nothing for a redirect with the state ${JSON.stringify(state) ?? 'missing'}`, async () => {
      await begin('state-1');
      const before = await folder.files();
      assert.equal(await other.send(redirect(state, 'code')), false);
      assert.deepEqual(await folder.files(), before);
      assert.deepEqual(await readdir(dirname(folder.path)), ['redirects']);
    });
  }

  it('writes nothing where no window has ever waited', async () => {
    assert.equal(await other.send(redirect('state-1', 'code')), false);
    assert.deepEqual(await readdir(dirname(folder.path)), []);
  });

  it('hands nothing over from a VS Code with other user data, and the sign-in goes on waiting', async () => {
    const { response } = await begin('state-1');
    const otherData = join(dirname(folder.path), 'other user data');
    assert.equal(
      await new WindowRelay(join(otherData, 'redirects')).send(redirect('state-1', 'code')),
      false,
    );
    await assert.rejects(stat(otherData), { code: 'ENOENT' });
    assert.equal(await other.send(redirect('state-1', 'code')), true);
    assert.deepEqual(await response, redirect('state-1', 'code'));
  });

  it('leaves nothing behind when the sign-in is cancelled', async () => {
    await begin('state-1');
    ending.abort();
    await folder.untilFiles(0);
    assert.equal(await other.send(redirect('state-1', 'code')), false);
  });

  it('leaves nothing behind when the sign-in is cancelled at once', async () => {
    const cancelled = AbortSignal.abort();
    await waiting.listen(deaf).begin('state-1', cancelled);
    await waiting.listen(deaf).begin('state-2', ending.signal);
    ending.abort();
    // When the file of a third one is there, what the two had begun has come to its end.
    const third = new AbortController();
    await other.listen(deaf).begin('state-3', third.signal);
    await folder.untilFiles(1);
    third.abort();
    await folder.untilFiles(0);
  });

  it('closes a folder that others may enter', async () => {
    await mkdir(folder.path, { mode: 0o755 });
    await begin('state-1');
    if (process.platform !== 'win32') assert.equal((await stat(folder.path)).mode & 0o777, 0o700);
  });

  it('neither waits nor leaves a redirect in a folder that is a link', async () => {
    const { response } = await begin('state-1');
    const [name = ''] = await folder.files();
    const elsewhere = join(dirname(folder.path), 'elsewhere');
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, name), '');
    await symlink(elsewhere, join(dirname(folder.path), 'link'), 'junction');
    const linked = new WindowRelay(join(dirname(folder.path), 'link'));
    assert.equal(await linked.send(redirect('state-1', 'code')), false);
    await linked.listen(deaf).begin('state-2', ending.signal);
    await other.send(redirect('state-1', 'code'));
    await response;
    assert.deepEqual(await readdir(elsewhere), [name]);
  });

  it('replaces a link in the place of a redirect, and writes nothing where it leads', async () => {
    const { response } = await begin('state-1');
    const [name = ''] = await folder.files();
    const target = join(dirname(folder.path), 'target');
    await writeFile(target, 'as it was');
    await symlink(target, join(folder.path, name.replace('.waiting', '.redirect')));
    assert.equal(await other.send(redirect('state-1', 'code')), true);
    assert.deepEqual(await response, redirect('state-1', 'code'));
    assert.equal(await readFile(target, 'utf8'), 'as it was');
  });

  it('lets a sign-in go on in its own window where the folder cannot be made', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    await writeFile(folder.path, 'a file in its place');
    const own = redirect('state-1', 'own');
    const receiver = {
      begin: async () => ({ redirectUri: 'vscode://callback', response: sleep(50, own) }),
    };
    const { response } = await waiting.listen(receiver).begin('state-1', ending.signal);
    assert.deepEqual(await response, own);
    assert.equal(await other.send(own), false);
    process.off('unhandledRejection', note);
    assert.deepEqual(unhandled, []);
  });
});
