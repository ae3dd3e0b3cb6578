import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installHelper } from '../../src/node/terminal/helperFolder.ts';
import { openTerminalSocket } from '../../src/node/terminal/terminalSocket.ts';
import type { ProcessBench } from './processRows.ts';
import { ms, type Row } from './row.ts';
import { median } from './statistics.ts';

const execute = promisify(execFile);
const rounds = 20;
const answer = {
  accessToken: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln',
  expiration: Date.now() + 3_600_000,
  userid: 'user_42',
  origin: 'https://demo.aicrisk.com',
};

/** From the start of `airisk-token` to its end with a token, in turn with the same Node that does nothing. */
export async function helperRow({ node, bundles }: ProcessBench): Promise<Row> {
  const folder = await mkdtemp(join(tmpdir(), 'airisk-bench-'));
  const descriptor = join(folder, 'workspace.json');
  const window = await openTerminalSocket(descriptor, () => Promise.resolve(answer));
  try {
    const { program } = await installHelper(folder, bundles.helper, node);
    const env = { ...process.env, AIRISK_TERMINAL: descriptor };
    const time = async (file: string, args: readonly string[]): Promise<number> => {
      const begin = performance.now();
      await execute(file, args, { env });
      return performance.now() - begin;
    };
    const [ours, bare]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      bare.push(await time(node, ['-e', '0']));
      ours.push(await time(program, []));
    }
    return {
      what: 'airisk-token',
      how: `from its start to its end with a token, median of ${rounds}`,
      ours: ms(median(ours)),
      beside: `node -e 0 ${ms(median(bare))}`,
      figure: median(ours) / median(bare),
      goal: 2.5,
      unit: 'of node -e 0',
    };
  } finally {
    window.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}
