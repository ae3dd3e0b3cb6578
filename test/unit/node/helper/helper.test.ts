import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { installHelper } from '../../../../src/node/terminal/helperFolder.ts';
import { endOf, terminalScene, token } from '../../support/terminal.ts';

(process.platform === 'win32' ? describe.skip : describe)('airisk-token', () => {
  const scene = terminalScene();

  it('prints the token, a header or JSON, and nothing else', async () => {
    await scene.open();
    const plain = { code: 0, stderr: '' };
    assert.deepEqual(await scene.run([]), { ...plain, stdout: `${token.accessToken}\n` });
    assert.deepEqual(await scene.run(['--header']), {
      ...plain,
      stdout: `Authorization: Bearer ${token.accessToken}\n`,
    });
    const { stdout } = await scene.run(['--json']);
    const { seconds_left: secondsLeft, ...rest } = z.parse(
      z.record(z.string(), z.unknown()),
      JSON.parse(stdout),
    );
    assert.ok(Number(secondsLeft) > 3_000 && Number(secondsLeft) <= 3_600);
    assert.deepEqual(rest, {
      token: token.accessToken,
      expiration: new Date(token.expiration).toISOString(),
      userid: 'user_42',
      origin: 'https://demo.aicrisk.com',
    });
  });

  it('asks for what its options say', async () => {
    await scene.open();
    await scene.run([]);
    await scene.run(['--userid', 'user 42 \'"', '--deployment', 'test', '--min-lifetime', '600']);
    await scene.run(['--generic', '--json'], { AIRISK_TERMINAL_ID: 'this-one', CLAUDECODE: '1' });
    const [first, second, third] = scene.requests;
    assert.equal(first?.minLifetimeSeconds, 30);
    assert.ok(first.userid === undefined && first.deployment === undefined && first.agent === undefined);
    assert.ok(first.ancestors.includes(process.pid));
    assert.deepEqual(
      [second?.userid, second?.deployment, second?.minLifetimeSeconds],
      ['user 42 \'"', 'test', 600],
    );
    assert.equal(second?.terminal, first.terminal, 'the same terminal');
    assert.deepEqual([third?.userid, third?.terminal, third?.agent], ['', 'this-one', 'CLAUDECODE']);
  });

  const usages: [args: string[], says: RegExp][] = [
    [['--nonsense'], /"--nonsense" is not known/],
    [['extra'], /"extra" is not known/],
    [['--userid'], /--userid needs a value/],
    [['--userid', ''], /--userid needs a value/],
    [['--userid', 'user_42 '], /"user_42 " is no user ID/],
    [['--userid', '\u00a0'], /is no user ID/],
    [['--userid', 'a', '--generic'], /one of --userid and --generic/],
    [['--json', '--header'], /one of --header, --json and exec/],
    [['exec'], /exec needs -- and a program/],
    [['exec', '--'], /exec needs -- and a program/],
    [['--', 'ls'], /-- belongs to exec/],
    [['--min-lifetime', '-1'], /0 to 86400/],
    [['--min-lifetime', '1e3'], /0 to 86400/],
    [['--min-lifetime', '86401'], /0 to 86400/],
  ];
  for (const [args, says] of usages) {
    it(`ends with 2 for ${args.join(' ')}`, async () => {
      const { code, stdout, stderr } = await scene.run(args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, says);
      assert.equal(stderr.split('\n').length, 2, 'one line');
    });
  }

  it('explains itself', async () => {
    const { code, stdout } = await scene.run(['--help']);
    assert.equal(code, 0);
    for (const option of [
      '--userid',
      '--generic',
      '--deployment',
      '--min-lifetime',
      '--json',
      '--header',
      '--show',
    ]) {
      assert.ok(stdout.includes(option), option);
    }
  });

  const refusals = [
    ['denied', 4],
    ['signedOut', 5],
    ['failed', 6],
  ] as const;
  for (const [refusal, expected] of refusals) {
    it(`ends with ${expected} when the answer is ${refusal}, with one line that a terminal does not obey`, async () => {
      await scene.open(() => Promise.resolve({ refusal, message: 'No.\u001b[31m\n\u202eSign in.' }));
      assert.deepEqual(await scene.run([]), {
        code: expected,
        stdout: '',
        stderr: 'airisk-token: No. [31m Sign in.\n',
      });
    });
  }

  it('ends with 3 when no window answers', async () => {
    const noTerminal = await scene.run([], { AIRISK_TERMINAL: '' });
    assert.equal(noTerminal.code, 3);
    assert.match(noTerminal.stderr, /AIRisk: Open Terminal/);
    const noWindow = await scene.run([]);
    assert.equal(noWindow.code, 3);
    const window = await scene.open();
    window.dispose();
    assert.equal((await scene.run([])).code, 3);
    await mkdir(scene.folder, { recursive: true });
    const gone = { socket: join(scene.folder, 'gone.sock'), key: 'k'.repeat(43) };
    await writeFile(scene.descriptor, JSON.stringify(gone), { mode: 0o600 });
    assert.match((await scene.run([])).stderr, /window of this terminal is closed/);
  });

  it('ends with 3 when the window is closed while it waits', async () => {
    const window = await scene.open(() => new Promise(() => undefined));
    const ending = scene.run([]);
    while (scene.requests.length === 0) await new Promise(setImmediate);
    window.dispose();
    const { code, stderr } = await ending;
    assert.equal(code, 3);
    assert.match(stderr, /ended the connection/);
  });

  it('ends with 3 when the editor that it was written for is gone', async () => {
    await scene.open();
    await rm(join(scene.folder, '..', `it's "Node" 100% & ü`));
    const { code, stderr } = await scene.run([]);
    assert.equal(code, 3);
    assert.match(stderr, /was updated/);
  });

  it('takes its question back with Ctrl+C', async () => {
    const left = new Promise<void>((resolve) => {
      void scene.open((_request, signal) => {
        signal.addEventListener('abort', () => resolve());
        return new Promise(() => undefined);
      });
    });
    while (!(await stat(scene.descriptor).catch(() => undefined))) await new Promise(setImmediate);
    const child = spawn(join(scene.bin, 'airisk-token'), [], { env: scene.environment, stdio: 'ignore' });
    while (scene.requests.length === 0) await new Promise(setImmediate);
    child.kill('SIGINT');
    await left;
  });

  it('ends with 6 when nobody reads the token', async () => {
    let answer = (): void => undefined;
    await scene.open(() => new Promise((resolve) => (answer = () => resolve(token))));
    const child = spawn(join(scene.bin, 'airisk-token'), [], { env: scene.environment });
    let said = '';
    child.stderr.on('data', (data) => (said += String(data)));
    while (scene.requests.length === 0) await new Promise(setImmediate);
    child.stdout.destroy();
    answer();
    assert.deepEqual(await once(child, 'close'), [6, null]);
    assert.equal(said, 'airisk-token: What reads the token has closed its input.\n');
  });

  it('prints no token to a terminal unless it is told to', async () => {
    await scene.open();
    // script(1) gives it a terminal.
    const run = (args: string) =>
      endOf('script', ['-qec', `airisk-token ${args}`, '/dev/null'], scene.environment);
    const refused = await run('');
    assert.equal(refused.code, 2);
    assert.match(refused.stdout, /--show/);
    assert.ok(!refused.stdout.includes(token.accessToken));
    assert.equal(scene.requests.length, 0, 'nobody is asked for nothing');
    assert.ok((await run('--show')).stdout.includes(token.accessToken));
  });

  it('runs a program that alone has the token, and ends as it does', async () => {
    await scene.open();
    const environment = { NODE_OPTIONS: '--no-deprecation', ELECTRON_RUN_AS_NODE: '' };
    const shown = await scene.run(
      [
        'exec',
        '--',
        'sh',
        '-c',
        'echo "$AIRISK_TOKEN|$AIRISK_BASE_URL|${ELECTRON_RUN_AS_NODE-none}|$NODE_OPTIONS|$1"; exit 7',
        '-',
        `a 'b' "c" $d`,
      ],
      environment,
    );
    assert.deepEqual(shown, {
      code: 7,
      stdout: `${token.accessToken}|https://demo.aicrisk.com|none|--no-deprecation|a 'b' "c" $d\n`,
      stderr: '',
    });
    const missing = await scene.run(['exec', '--', 'no-such-program']);
    assert.equal(missing.code, 6);
    assert.match(missing.stderr, /"no-such-program" cannot be run/);
    assert.equal((await scene.run(['exec', '--', 'sh', '-c', 'kill -TERM $$'])).code, 143);
  });

  it('runs whatever NODE_OPTIONS says', async () => {
    await scene.open();
    assert.equal(
      (await scene.run([], { NODE_OPTIONS: '--require /nowhere.js' })).stdout,
      `${token.accessToken}\n`,
    );
  });

  for (const shell of ['sh', 'bash', 'dash', 'zsh', 'fish']) {
    it(`is found in ${shell}, in a pipe too`, async function () {
      const found = await endOf('sh', ['-c', `command -v ${shell}`], process.env);
      if (found.code !== 0) this.skip();
      await scene.open();
      const environment = { ...scene.environment, HOME: scene.folder };
      const piped = await endOf(shell, ['-c', 'airisk-token --header | tr a-z A-Z'], environment);
      assert.equal(piped.stdout, `AUTHORIZATION: BEARER ${token.accessToken.toUpperCase()}\n`, piped.stderr);
    });
  }

  it('is found in tmux, whose shells no window knows', async function () {
    if ((await endOf('sh', ['-c', 'command -v tmux'], process.env)).code !== 0) this.skip();
    await scene.open();
    const socket = join(scene.folder, '..', 'tmux');
    const environment = { ...scene.environment, HOME: scene.folder, TERM: 'xterm', SHELL: '/bin/sh' };
    const tmux = (...args: string[]): ReturnType<typeof endOf> =>
      endOf('tmux', ['-S', socket, '-f', '/dev/null', ...args], environment);
    const result = join(scene.folder, '..', 'result');
    const line = `airisk-token --header >'${result}'; tmux -S '${socket}' wait-for -S done`;
    try {
      assert.equal((await tmux('new-session', '-d', line)).code, 0);
      assert.equal((await tmux('wait-for', 'done')).code, 0);
      assert.equal(await readFile(result, 'utf8'), `Authorization: Bearer ${token.accessToken}\n`);
    } finally {
      await tmux('kill-server');
    }
  });

  it('lies in a folder that changes with it, and stays for a week', async () => {
    const script = join(scene.bin, 'airisk-token.cjs');
    const updated = await installHelper(scene.folder, script, '/another/node');
    assert.notEqual(updated.folder, scene.bin);
    assert.equal((await stat(updated.folder)).mode & 0o777, 0o700);
    assert.ok((await lstat(scene.bin)).isDirectory(), 'running shells have it');
    const old = new Date(Date.now() - 8 * 24 * 60 * 60_000);
    await utimes(scene.bin, old, old);
    assert.deepEqual(
      await installHelper(scene.folder, join(updated.folder, 'airisk-token.cjs'), '/another/node'),
      updated,
    );
    assert.deepEqual((await readdir(scene.folder)).filter((name) => name.startsWith('bin-')).length, 1);
    // What somebody has changed is laid out again.
    await chmod(updated.program, 0o700);
    await writeFile(updated.program, '#!/bin/sh\n');
    await installHelper(scene.folder, join(updated.folder, 'airisk-token.cjs'), '/another/node');
    assert.ok((await stat(updated.program)).size > 20);
  });
});
