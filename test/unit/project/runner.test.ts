import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../../harness/paths.ts';

const mocha = join(projectFolder, 'node_modules', 'mocha', 'bin', 'mocha.js');

// Mocha ends the test itself.
const rejects = `it('rejects with nobody waiting', (_done) => void Promise.reject(new Error('nobody waits')));`;
const dies = `it('ends its process', () => process.exit(0));`;

describe('a run of unit tests beside one another', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'airisk-runner-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Runs files of these texts as `npm run test:unit` runs the project's own. */
  async function run(...sources: readonly string[]): Promise<{ code: unknown; output: string }> {
    const files = sources.map((_, index) => join(folder, `${index}.cjs`));
    for (const [index, file] of files.entries()) await writeFile(file, sources[index] ?? '');
    const text = await readFile(join(projectFolder, '.mocharc.json'), 'utf8');
    const options: unknown = JSON.parse(text, (key, value: unknown) => (key === 'spec' ? undefined : value));
    const config = join(folder, 'config.json');
    await writeFile(config, JSON.stringify(options));
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [mocha, '--config', config, '--spec', join(folder, '*.cjs')],
        { cwd: projectFolder },
        (error, stdout) => resolve({ code: error?.code ?? 0, output: stdout }),
      );
    });
  }

  it('fails for each promise that rejects with nobody waiting, in whichever file', async () => {
    const { code, output } = await run(rejects, rejects, rejects, rejects);
    assert.match(output, /4 failing/);
    assert.equal(code, 4);
  });

  it('fails when a process of it dies', async () => {
    assert.notEqual((await run(dies, dies, dies, dies)).code, 0);
  });
});
