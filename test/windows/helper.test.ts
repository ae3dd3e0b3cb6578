import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { prepareWindowsNode, type WindowsNode } from '../harness/windowsNode.ts';
import { Outcome, type Plan } from './plan.ts';

const token = {
  accessToken: 'header.payload.signature',
  expiration: Date.now() + 3_600_000,
  userid: 'user_42',
  origin: 'https://demo.aicrisk.com',
};
// Wine has no PowerShell.
const shells = process.platform === 'win32' ? (['cmd', 'powershell'] as const) : (['cmd'] as const);

describe('airisk-token on Windows', function () {
  // Wine and Node for Windows may have to be installed first.
  this.timeout(600_000);

  let folder: string;
  let node: WindowsNode;
  /** Has a window answer while lines run in shells. */
  async function run(lines: Plan['lines'], answer: Plan['answer'] = token): Promise<Outcome> {
    const plan: Plan = {
      folder: node.pathOf(folder),
      helper: node.pathOf(join(folder, 'dist', 'airisk-token.cjs')),
      answer,
      lines,
    };
    const file = join(folder, 'plan.json');
    await writeFile(file, JSON.stringify(plan));
    const outcome = join(folder, 'outcome.json');
    await node.run(join(folder, 'dist', 'window.cjs'), node.pathOf(file), node.pathOf(outcome));
    return Outcome.parse(JSON.parse(await readFile(outcome, 'utf8')));
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'airisk-windows-'));
    node = await prepareWindowsNode(folder);
    await build({
      entryPoints: { window: 'test/windows/window.ts', 'airisk-token': 'src/node/helper/main.ts' },
      outdir: join(folder, 'dist'),
      outExtension: { '.js': '.cjs' },
      bundle: true,
      format: 'cjs',
      platform: 'node',
      target: 'node22',
    });
  });
  after(async () => {
    await node.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  for (const shell of shells) {
    it(`gives a token to ${shell} through a named pipe`, async () => {
      const lines = ['airisk-token --header', 'airisk-token --json', 'airisk-token'];
      const { ended, isListed, isListedAfter } = await run(lines.map((line) => ({ shell, line })));
      const [header, json, plain] = ended;
      assert.deepEqual(header, {
        code: 0,
        stdout: `Authorization: Bearer ${token.accessToken}\n`,
        stderr: '',
      });
      assert.match(json?.stdout ?? '', /"userid":"user_42"/);
      assert.equal(plain?.stdout, `${token.accessToken}\n`);
      assert.deepEqual([isListed, isListedAfter], [true, false]);
    });

    it(`passes on what ${shell} was given, and how a program ended`, async () => {
      const lines = [
        'airisk-token --userid "user 42 & (Søn)" --deployment test --min-lifetime 600',
        `airisk-token exec -- node -p "process.env.AIRISK_TOKEN + ' at ' + process.env.AIRISK_BASE_URL"`,
        'airisk-token exec -- node -e "process.exit(7)"',
        'airisk-token --nothing',
      ];
      const { ended, requests } = await run(lines.map((line) => ({ shell, line })));
      assert.deepEqual(ended, [
        { code: 0, stdout: `${token.accessToken}\n`, stderr: '' },
        { code: 0, stdout: `${token.accessToken} at ${token.origin}\n`, stderr: '' },
        { code: 7, stdout: '', stderr: '' },
        { code: 2, stdout: '', stderr: 'airisk-token: "--nothing" is not known. Try --help.\n' },
      ]);
      const [first] = requests;
      assert.deepEqual(
        [first?.userid, first?.deployment, first?.minLifetimeSeconds, first?.terminal],
        ['user 42 & (Søn)', 'test', 600, 'a-terminal'],
      );
    });

    it(`runs batch files for ${shell} as it says`, async () => {
      const lines = [
        'airisk-token exec -- airisk-token --help',
        'airisk-token exec -- cmd /c airisk-token --help',
      ];
      const [refused, ran] = (await run(lines.map((line) => ({ shell, line })))).ended;
      assert.equal(refused?.code, 6);
      assert.match(refused.stderr, /Put cmd \/c before what is no \.exe file\.\n$/);
      assert.equal(ran?.code, 0);
      assert.match(ran.stdout, /^Usage: airisk-token/);
    });

    it(`says to ${shell} what is wrong`, async () => {
      const refused = await run([{ shell, line: 'airisk-token' }], {
        refusal: 'denied',
        message: 'Denied in VS Code.',
      });
      assert.deepEqual(refused.ended, [
        { code: 4, stdout: '', stderr: 'airisk-token: Denied in VS Code.\n' },
      ]);
    });
  }
});
