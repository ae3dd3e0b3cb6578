import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../vscode/paths.ts';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly default: string | number; readonly scope: string }>
      >;
    };
  };
}

const read = (path: string): Promise<string> => readFile(join(projectFolder, path), 'utf8');

/** The cells of all rows of the table below a heading of the README. */
async function tableBelow(heading: string): Promise<string[][]> {
  const [, section = ''] = (await read('README.md')).split(`\n## ${heading}\n`);
  return (section.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('manifest and README', () => {
  let contributes: Manifest['contributes'];
  before(async () => {
    const manifest: Manifest = JSON.parse(await read('package.json'));
    ({ contributes } = manifest);
  });

  it('name the same commands', async () => {
    const titles: Record<string, string> = JSON.parse(await read('package.nls.json'));
    const declared = contributes.commands.map(({ title }) => `AIRisk: ${titles[title.slice(1, -1)]}`);
    const described = (await tableBelow('Commands')).map(([name = '']) => name);
    assert.deepEqual(described.toSorted(), declared.toSorted());
  });

  it('name the same settings with the same defaults', async () => {
    const declared = Object.entries(contributes.configuration.properties).map(
      ([name, { default: value }]) => `${name}=${value}`,
    );
    const described = (await tableBelow('Settings')).map(([name = '', value = '']) =>
      `${name}=${value}`.replaceAll('`', ''),
    );
    assert.deepEqual(described.toSorted(), declared.toSorted());
  });

  it('leave no setting to a workspace', () => {
    for (const [name, { scope }] of Object.entries(contributes.configuration.properties)) {
      assert.match(scope, /^(application|machine)$/, name);
    }
  });
});
