import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageEmulator } from '../harness/packageEmulator.ts';
import { projectFolder } from '../harness/paths.ts';
import { connectToEmulator, type Emulator, startEmulator, users } from './kit/index.ts';
import { get, getToken } from './support.ts';

describe('the emulator, as authors of extensions start it', () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await startEmulator({ users: [{ id: 'ada', name: 'Ada' }], tokenLifetimeSeconds: 60 });
  });
  after(() => emulator.close());

  it('has the users that it is given', async () => {
    const answer = await get(emulator.origin, '/api/Users/ListUsers', await getToken(emulator.origin));
    assert.match(await answer.text(), /^\[\{"id":"ada","name":"Ada"\}\]$/);
  });

  it('is controlled by another process too, and shows what it was asked', async () => {
    const control = connectToEmulator(emulator.origin);
    await control.reset();
    const token = await getToken(emulator.origin, 'ada');
    assert.equal((await get(emulator.origin, '/api/GetConversations', token)).status, 200);
    assert.equal(await control.revoke(), 1);
    assert.equal((await get(emulator.origin, '/api/GetConversations', token)).status, 401);
    assert.deepEqual(
      (await control.requests())
        .filter(({ path }) => path === '/api/GetConversations')
        .map(({ status, authorization }) => `${authorization} ${status}`),
      ['user 200', 'invalid 401'],
    );
  });

  it('is offline, slow, and as usual again', async () => {
    await emulator.reset();
    const token = await getToken(emulator.origin, 'ada');
    await emulator.setOffline(true);
    await assert.rejects(get(emulator.origin, '/api/GetConversations', token));
    await emulator.setDelay(80);
    await get(emulator.origin, '/api/GetConversations', token);
    await emulator.setDelay(0);
    await get(emulator.origin, '/api/GetConversations', token);
    const statuses = (await emulator.requests()).map(({ status }) => status);
    assert.deepEqual(statuses.slice(-3), [0, 200, 200]);
  });

  it('says in a sentence what is wrong with an option', async () => {
    await assert.rejects(startEmulator({ tokenLifetimeSeconds: -1 }), (error: Error) => {
      assert.equal(error.name, 'Error');
      assert.match(error.message, /cannot start with these options:\n.*\n.*tokenLifetimeSeconds/);
      return true;
    });
  });
});

describe('the npm package of the emulator', function () {
  this.timeout(60_000);

  const run = promisify(execFile);
  let folder = '';
  let installed = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'airisk-author-'));
    installed = join(folder, 'node_modules', 'airisk-emulator');
    await mkdir(installed, { recursive: true });
    await run('tar', ['-xzf', await packageEmulator(folder), '-C', installed, '--strip-components=1']);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('runs without a clone: as a program, and required or imported by a test', async () => {
    const program = spawn(process.execPath, [join(installed, 'main.mjs')]);
    const [printed]: unknown[] = await once(program.stdout, 'data');
    assert.match(String(printed), /^AIRisk emulator at http:\/\/127\.0\.0\.1:\d+\n/);
    program.kill();
    const body =
      'startEmulator().then(async (e) => { console.log(await e.revoke(), users.length); await e.close(); });';
    await writeFile(
      join(folder, 'a.cjs'),
      `const { startEmulator, users } = require('airisk-emulator'); ${body}`,
    );
    await writeFile(join(folder, 'a.mjs'), `import { startEmulator, users } from 'airisk-emulator'; ${body}`);
    for (const file of ['a.cjs', 'a.mjs'])
      assert.equal((await run(process.execPath, [join(folder, file)])).stdout, `0 ${users.length}\n`);
  });

  it('holds the licence of every package whose code it holds', async () => {
    const code = await Promise.all(
      ['main.mjs', 'index.cjs', 'vscode.cjs'].map((file) => readFile(join(installed, file), 'utf8')),
    );
    // esbuild writes above each part of a bundle which file it comes from.
    const parts = code.join('').matchAll(/^ *\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)/gm);
    const bundled = new Set([...parts].map(([, name = '']) => name));
    assert.ok(bundled.has('zod'));
    const notices = await readFile(join(installed, 'ThirdPartyNotices.txt'), 'utf8');
    for (const name of bundled) {
      const licence = await readFile(join(projectFolder, 'node_modules', name, 'LICENSE'), 'utf8');
      assert.ok(notices.includes(`\n${name} `) && notices.includes(licence.trim()), name);
    }
  });
});
