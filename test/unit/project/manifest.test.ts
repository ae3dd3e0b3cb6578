import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../../harness/paths.ts';

interface Manifest {
  readonly icon: string;
  readonly main: string;
  readonly extensionKind: readonly string[];
  readonly categories: readonly string[];
  readonly keywords: readonly string[];
  readonly pricing: string;
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly galleryBanner: { readonly color: string };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly media: { readonly image: string; readonly altText: string } }[];
    }[];
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
  let manifest: Manifest;
  let contributes: Manifest['contributes'];
  before(async () => {
    manifest = JSON.parse(await read('package.json'));
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
      ([name, { default: value }]) =>
        `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    );
    const described = (await tableBelow('Settings')).map(([name = '', value = '']) =>
      `${name}=${value}`.replaceAll('`', ''),
    );
    assert.deepEqual(described.toSorted(), declared.toSorted());
  });

  it('have the icon, the banner and every picture that they name', async () => {
    assert.match(manifest.galleryBanner.color, /^#[0-9a-f]{6}$/i);
    const { steps } = contributes.walkthroughs[0] ?? assert.fail('no walkthrough');
    for (const { media } of steps) assert.ok(media.altText, media.image);
    const readme = [...(await read('README.md')).matchAll(/!\[[^\]]+\]\((media\/[^)]+)\)/g)].map(
      ([, path = '']) => path,
    );
    assert.ok(steps.length >= 4 && readme.length >= 4);
    for (const path of [manifest.icon, ...steps.map(({ media }) => media.image), ...readme]) {
      assert.ok((await stat(join(projectFolder, path))).size > 0, path);
    }
  });

  it('say what people need in fewer than 150 lines', async () => {
    const lines = (await read('README.md')).trimEnd().split('\n');
    assert.ok(lines.length < 150, `${lines.length}`);
  });

  it('are complete for the Marketplace, and claim no address', () => {
    const { categories, keywords, pricing } = manifest;
    assert.deepEqual(categories, ['Other']);
    assert.ok(keywords.length <= 30 && new Set(keywords).size === keywords.length);
    for (const word of ['airisk', 'oauth2', 'login', 'authentication'])
      assert.ok(keywords.includes(word), word);
    assert.equal(pricing, 'Free');
    for (const name of ['repository', 'homepage', 'bugs', 'badges']) assert.ok(!(name in manifest), name);
  });

  it('promise the VS Code whose API the sources are checked against', () => {
    assert.equal(manifest.engines.vscode, `^${manifest.devDependencies['@types/vscode']}`);
  });

  it('offer no code to a web page, so that a server is chosen when there is one', async () => {
    // A web worker could not read AIRisk's responses, for which no CORS headers are documented; with a `browser` entry
    // it would still be preferred to the server of code-server or of a Codespace.
    assert.ok(!('browser' in manifest));
    assert.match(manifest.main, /\.cjs$/);
    assert.deepEqual(manifest.extensionKind, ['ui', 'workspace']);
    const web = (await tableBelow('Where it works')).find(([where = '']) => where.includes('vscode.dev'));
    assert.match(web?.[1] ?? '', /^nowhere: .* Use the desktop, or a Codespace\.$/);
  });

  it('leave no setting to a workspace', () => {
    for (const [name, { scope }] of Object.entries(contributes.configuration.properties)) {
      assert.match(scope, /^(application|machine)$/, name);
    }
  });
});
