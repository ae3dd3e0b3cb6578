import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TokenAnswer } from '../../../src/core/terminal/messages.ts';
import type { HelperRequest } from '../../../src/core/terminal/request.ts';
import { installHelper } from '../../../src/node/terminal/helperFolder.ts';
import { type AnswerRequest, openTerminalSocket } from '../../../src/node/terminal/terminalSocket.ts';

const execute = promisify(execFile);

/** A token that lives for an hour. */
export const token: TokenAnswer = {
  accessToken: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln',
  expiration: Date.now() + 3_600_000,
  userid: 'user_42',
  origin: 'https://demo.aicrisk.com',
};

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Windows and the helper of their terminals in a folder of their own, for each test of the surrounding `describe`. */
export interface TerminalScene {
  /** The folder of the extension, with everything in it that a path may have. */
  readonly folder: string;
  /** The path of the descriptor. */
  readonly descriptor: string;
  /** The folder of the helper. */
  readonly bin: string;
  readonly environment: NodeJS.ProcessEnv;
  /** What the windows were asked. */
  readonly requests: readonly HelperRequest[];
  /** Opens a window; it closes with the test. */
  open(answer?: AnswerRequest): Promise<{ dispose(): void }>;
  /** Runs the helper to its end. */
  run(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Ended>;
}

/** Runs a program to its end, whatever its exit code. */
export async function endOf(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Ended> {
  const ending = execute(program, args, { env: environment });
  ending.child.stdin?.end();
  return ending.then(
    (output) => ({ code: 0, ...output }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );
}

export function terminalScene(): TerminalScene {
  let build = '';
  let parent = '';
  let helper = { folder: '', program: '' };
  let requests: HelperRequest[] = [];
  const windows: { dispose(): void }[] = [];

  before(async () => {
    build = await mkdtemp(join(tmpdir(), 'airisk-helper-'));
    await execute(process.execPath, ['esbuild.mjs', `--outdir=${build}`]);
  });
  after(() => rm(build, { recursive: true, force: true }));
  beforeEach(async () => {
    requests = [];
    parent = await mkdtemp(join(tmpdir(), 't-'));
    // No program needs a path like this, and every one must bear it.
    const node = join(parent, `it's "Node" 100% & ü`);
    await symlink(process.execPath, node);
    helper = await installHelper(scene.folder, join(build, 'airisk-token.cjs'), node);
  });
  afterEach(async () => {
    for (const window of windows.splice(0)) window.dispose();
    await rm(parent, { recursive: true, force: true, maxRetries: 3 });
  });

  const scene: TerminalScene = {
    get folder() {
      return join(parent, `a 'b' "c" $d %e% & é`);
    },
    get descriptor() {
      return join(scene.folder, 'workspace.json');
    },
    get bin() {
      return helper.folder;
    },
    get environment() {
      return {
        PATH: `${process.env['PATH']}:${helper.folder}`,
        LANG: 'C.UTF-8',
        AIRISK_TERMINAL: scene.descriptor,
      };
    },
    get requests() {
      return requests;
    },
    async open(answer = () => Promise.resolve(token)) {
      const window = await openTerminalSocket(scene.descriptor, (request, gone) => {
        requests.push(request);
        return answer(request, gone);
      });
      windows.push(window);
      return window;
    },
    run: (args, environment = {}) => endOf(helper.program, args, { ...scene.environment, ...environment }),
  };
  return scene;
}
