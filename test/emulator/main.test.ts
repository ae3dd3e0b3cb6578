import assert from 'node:assert/strict';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createAdminClient } from './adminClient.ts';
import { isUsageError, readArguments } from './commandLine.ts';
import { authorize, callback } from './support.ts';

function start(...args: readonly string[]): ChildProcessWithoutNullStreams {
  const program = fileURLToPath(new URL('main.ts', import.meta.url));
  return spawn(process.execPath, ['--import', 'tsx', program, ...args]);
}

async function originOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  let output = '';
  for (;;) {
    const [chunk]: unknown[] = await once(child.stdout, 'data');
    output += String(chunk);
    const origin = /emulator at (http:\S+)\n/.exec(output)?.[1];
    if (origin !== undefined) return origin;
  }
}

describe('the command line', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`serves what it was told to, and ends on ${signal}`, async () => {
      const child = start('--login', '--ignore-redirect-query', '--lifetime', '77', '--users', '9');
      try {
        const origin = await originOf(child);
        const options = await createAdminClient(origin).options();
        assert.deepEqual(
          [options.mode, options.tokenLifetimeSeconds, options.users.length],
          ['login', 77, 9],
        );
        assert.equal((await authorize(origin, { redirect_uri: `${callback}?a=1` })).status, 200);
        // As AIRisk's own ids are.
        const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
        for (const { id } of options.users) assert.match(id, guid);
        assert.match(options.clients[0]?.client_id ?? '', guid);
      } finally {
        child.kill(signal);
      }
      assert.deepEqual(await once(child, 'exit'), [0, null]);
    });
  }

  it('says how it is used', async () => {
    const child = start('--help');
    const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    assert.match(stdout, /^Usage: airisk-emulator \[options\]/);
    for (const option of ['port', 'host', 'lifetime', 'login', 'ignore-redirect-query', 'users', 'help'])
      assert.match(stdout, new RegExp(`^  --${option}\\b`, 'm'));
    assert.equal(code, 0);
  });

  it('says what is wrong with it, and how it is used', async () => {
    const child = start('--port', 'many');
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    assert.match(stderr, /--port must be a whole number from 0 to 65535, not "many"\./);
    assert.match(stderr, /--help/);
    assert.equal(code, 2);
  });

  for (const [args, message] of [
    [['--lifetime', '0'], /--lifetime must be/],
    [['--users', '-1'], /--users/],
    [['--colour'], /--colour/],
    [['stray'], /stray/],
  ] as const) {
    it(`refuses ${args.join(' ')}`, () => {
      assert.throws(
        () => readArguments(args),
        (error) => isUsageError(error) && message.test(error.message),
      );
    });
  }
});
