import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../../harness/paths.ts';

const read = (path: string): Promise<string> => readFile(join(projectFolder, path), 'utf8');

/** The files below these folders that may read the environment. */
async function sources(...folders: string[]): Promise<string[]> {
  const found = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(projectFolder, folder), { recursive: true })).map((file) => join(folder, file)),
    ),
  );
  return found.flat().filter((file) => /\.(ts|json)$/.test(file) && !file.includes('contributing.test'));
}

describe('CONTRIBUTING.md', () => {
  let text: string;
  before(async () => {
    text = await read('CONTRIBUTING.md');
  });

  it('explains every environment variable, and no other', async () => {
    const files = ['package.json', 'esbuild.mjs', '.ci/run', ...(await sources('src', 'test'))];
    const names = (code: string): string[] => code.match(/\bAIRISK_[A-Z_]*[A-Z]\b/g) ?? [];
    const used = new Set((await Promise.all(files.map(read))).flatMap(names));
    const explained = [...text.matchAll(/^\| `(AIRISK_\w+)`/gm)].map(([, name = '']) => name);
    assert.deepEqual(explained.toSorted(), [...used].toSorted());
  });

  it('says what each folder of tests is for', async () => {
    const folders = await readdir(join(projectFolder, 'test'), { withFileTypes: true });
    const explained = [...text.matchAll(/^\| `(test\/\w+)` /gm)].map(([, name = '']) => name);
    assert.deepEqual(
      explained.toSorted(),
      folders
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => `test/${name}`)
        .toSorted(),
    );
  });

  it('names files and commands that exist', async () => {
    const files: string[] = text.match(/(?<=`)(src|test)\/[\w/.]+/g) ?? [];
    assert.ok(files.length > 20);
    for (const file of files) assert.ok(await stat(join(projectFolder, file)), file);
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(await read('package.json'));
    const commands = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    for (const name of Object.keys(scripts)) {
      if (/^(build|start|test|vscode:prepublish)$/.test(name)) continue;
      assert.ok(commands.includes(name), `${name} is not explained`);
    }
    for (const name of commands) assert.ok(scripts[name], name);
  });

  it('draws the map that there is', async () => {
    const [, map = ''] = /\n```\n(src[^]*?)```/.exec(text) ?? [];
    const drawn: string[] = map.match(/\w+(?=\/)/g) ?? [];
    const folders = await readdir(join(projectFolder, 'src'), { withFileTypes: true, recursive: true });
    for (const entry of folders.filter((found) => found.isDirectory()))
      assert.ok(drawn.includes(entry.name), entry.name);
  });
});
