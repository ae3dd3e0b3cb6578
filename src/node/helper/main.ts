import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { TokenAnswer } from '../../core/terminal/messages.ts';
import { ancestors, askEditor, NoEditor, terminalSession } from './askEditor.ts';
import { type Options, parseOptions, usage } from './options.ts';

const exitCodes = { done: 0, usage: 2, noEditor: 3, denied: 4, signedOut: 5, failed: 6 } as const;

/** What AI agents set in the shells that they run commands in. */
const agentMarks = [
  'AI_AGENT',
  'AGENT',
  'COPILOT_AGENT',
  'CLAUDECODE',
  'CURSOR_AGENT',
  'GEMINI_CLI',
  'CODEX_SANDBOX',
  'OPENCODE',
];

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => fail(exitCodes.failed, error instanceof Error ? error.message : 'Unknown error'),
);

async function main(args: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(args);
  } catch (error) {
    return fail(exitCodes.usage, `${error instanceof Error ? error.message : ''} Try --help.`);
  }
  if (options.form === 'help') return print(usage);
  if (process.stdout.isTTY && options.form !== 'exec' && !options.show) {
    return fail(
      exitCodes.usage,
      'A token on the screen can be read, and is kept. Pipe it into a program, or say --show.',
    );
  }
  const descriptor = process.env['AIRISK_TERMINAL'];
  if (!descriptor) {
    return fail(
      exitCodes.noEditor,
      'This is no terminal with AIRisk access. Run "AIRisk: Open Terminal" in VS Code.',
    );
  }
  try {
    const answer = await askEditor(descriptor, {
      userid: options.userid,
      deployment: options.deployment,
      minLifetimeSeconds: options.minLifetime,
      terminal: process.env['AIRISK_TERMINAL_ID'] || terminalSession(),
      ancestors: ancestors(),
      agent: agentMarks.find((name) => process.env[name]),
    });
    if ('refusal' in answer) return fail(exitCodes[answer.refusal], answer.message);
    return options.form === 'exec'
      ? await run(options.command, answer)
      : await print(textOf(options, answer));
  } catch (error) {
    if (error instanceof NoEditor) return fail(exitCodes.noEditor, error.message);
    throw error;
  }
}

function textOf({ form }: Options, { accessToken, expiration, userid, origin }: TokenAnswer): string {
  if (form === 'token') return `${accessToken}\n`;
  if (form === 'header') return `Authorization: Bearer ${accessToken}\n`;
  return `${JSON.stringify({
    token: accessToken,
    expiration: new Date(expiration).toISOString(),
    seconds_left: Math.max(0, Math.floor((expiration - Date.now()) / 1_000)),
    userid,
    origin,
  })}\n`;
}

function print(text: string): Promise<number> {
  return new Promise((resolve) => {
    // The callback reports it: an error without a listener would end this with a stack on the screen.
    process.stdout.on('error', () => undefined);
    process.stdout.write(text, (error) =>
      resolve(error ? fail(exitCodes.failed, 'What reads the token has closed its input.') : exitCodes.done),
    );
  });
}

/** Runs a program that alone has the token, and ends as it ends. */
async function run([program = '', ...args]: readonly string[], answer: TokenAnswer): Promise<number> {
  // What the wrapper changed for this process alone goes back to what it was.
  const { ELECTRON_RUN_AS_NODE: _own, AIRISK_NODE_OPTIONS: nodeOptions, ...environment } = process.env;
  const child = spawn(program, args, {
    stdio: 'inherit',
    env: {
      ...environment,
      ...(nodeOptions ? { NODE_OPTIONS: nodeOptions } : {}),
      AIRISK_TOKEN: answer.accessToken,
      AIRISK_BASE_URL: answer.origin,
    },
  });
  // The terminal sends Ctrl+C to both; what is sent to this process alone is passed on.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      const advice = process.platform === 'win32' ? ' Put cmd /c before what is no .exe file.' : '';
      const reason = `${JSON.stringify(program)} cannot be run (${error.code ?? 'unknown'}).`;
      resolve(fail(exitCodes.failed, reason + advice));
    });
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/** One line for a person, without anything that a terminal would obey. */
function fail(code: number, message: string): number {
  const line = message.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  process.stderr.write(`airisk-token: ${line}\n`);
  process.exitCode = code;
  return code;
}
