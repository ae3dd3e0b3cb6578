import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { mainVsix } from '../../harness/mainVsix.ts';
import { thirdPartyNotices } from '../../harness/notices.ts';
import { projectFolder } from '../../harness/paths.ts';
import {
  checkRelease,
  isPreRelease,
  publishedManifest,
  withoutRelativeLinks,
} from '../../harness/release.ts';
import { packageExtension } from '../../harness/vsix.ts';

const read = (name: string): Promise<string> => readFile(join(projectFolder, name), 'utf8');
const repository = { url: 'https://forge.example/someone/airisk', ref: 'v1.2.3' };

/** The files of a package, all of them text but its icon. */
async function contents(vsix: string): Promise<Record<string, string>> {
  const files = Object.entries(unzipSync(await readFile(vsix)));
  return Object.fromEntries(files.map(([name, bytes]) => [name, strFromU8(bytes)]));
}

describe('the package', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'airisk-package-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('has the same bytes twice, and no address that nobody has', async function () {
    this.timeout(240_000);
    const first = await mainVsix();
    const second = await packageExtension(join(folder, 'second.vsix'));
    assert.ok((await readFile(first)).equals(await readFile(second)), 'two packages differ');
    const files = await contents(second);
    for (const [name, text] of Object.entries(files)) {
      if (/\.(md|json|vsixmanifest)$/.test(name)) {
        assert.doesNotMatch(text, /github\.com\/airisk|Links\.(Source|Support|GitHub)/i, name);
      }
    }
    assert.doesNotMatch(files['extension/readme.md'] ?? '', /!\[|\]\((?!https:|#)/);
    assert.equal(files['extension/ThirdPartyNotices.txt'], await thirdPartyNotices());
  });

  it('leads to the repository that it is made in', async function () {
    this.timeout(240_000);
    const files = await contents(
      await packageExtension(join(folder, 'release.vsix'), { repository, preRelease: true }),
    );
    const manifest = files['extension.vsixmanifest'] ?? '';
    assert.match(manifest, /Links\.Support" Value="https:\/\/forge\.example\/someone\/airisk\/issues"/);
    assert.match(manifest, /Links\.Learn" Value="https:\/\/forge\.example\/someone\/airisk#readme"/);
    assert.match(manifest, /Microsoft\.VisualStudio\.Code\.PreRelease" Value="true"/);
    assert.match(
      files['extension/readme.md'] ?? '',
      /!\[[^\]]+\]\(https:\/\/forge\.example\/someone\/airisk\/raw\/v1\.2\.3\/media\/screenshots\/status-bar\.png\)/,
    );
  });

  it('holds the licence of every package whose code it holds', async () => {
    const notices = await thirdPartyNotices();
    assert.ok(notices.includes((await read('node_modules/zod/LICENSE')).trim()));
    assert.doesNotMatch(notices, /esbuild|mocha/);
  });

  it('has a manifest without what only its development needs', async () => {
    const source = await read('package.json');
    const manifest = publishedManifest(source, undefined);
    for (const name of ['private', 'scripts', 'devDependencies', 'repository', 'homepage', 'bugs']) {
      assert.ok(!(name in manifest), name);
    }
    assert.deepEqual(publishedManifest(source, repository)['bugs'], { url: `${repository.url}/issues` });
  });

  it('says nothing of pictures and pages that it does not hold', () => {
    assert.equal(
      withoutRelativeLinks(
        'a\n\n![x y](media/x.png)\n\n- b:\n\n  ![z](media/z.png)\n\n[c](SECURITY.md#d) [e](#e) [f](https://f.example)\n',
      ),
      'a\n\n- b.\n\nc [e](#e) [f](https://f.example)\n',
    );
  });
});

describe('a release', () => {
  const changelog = (unreleased: string, released: string): string =>
    `# Changelog\n\nWords.\n\n## [Unreleased]\n${unreleased}\n${released}`;
  const good = '## [0.2.0] - 2026-12-01\n\n### Added\n\n- A thing.\n';

  it('is made when tag, version and changelog agree', () => {
    checkRelease('v0.2.0', '0.2.0', changelog('', good));
    checkRelease('v0.2.0', '0.2.0', changelog('', `${good}\n## [0.1.0] - 2026-11-01\n\n- Another.\n`));
  });

  for (const [why, tag, text] of [
    ['another tag', 'v0.2.1', changelog('', good)],
    ['a tag without its letter', '0.2.0', changelog('', good)],
    ['lines left unreleased', 'v0.2.0', changelog('\n- More.\n', good)],
    ['no section', 'v0.2.0', changelog('', '')],
    ['no date', 'v0.2.0', changelog('', '## [0.2.0]\n\n- A thing.\n')],
    ['a day that no calendar has', 'v0.2.0', changelog('', good.replace('2026-12-01', '2026-02-31'))],
    ['a date of another form', 'v0.2.0', changelog('', good.replace('2026-12-01', '1.12.2026'))],
    ['headings only', 'v0.2.0', changelog('', '## [0.2.0] - 2026-12-01\n\n### Added\n\n### Fixed\n')],
    ['an empty heading at the end', 'v0.2.0', changelog('', `${good}\n### Fixed\n`)],
    ['an empty heading', 'v0.2.0', changelog('', good.replace('###', '### Fixed\n\n###'))],
    ['nothing said', 'v0.2.0', changelog('', '## [0.2.0] - 2026-12-01\n')],
    [
      'the section of another version first',
      'v0.2.0',
      changelog('', `## [0.3.0] - 2026-12-02\n\n- B.\n\n${good}`),
    ],
  ] as const) {
    it(`is refused for ${why}`, () => {
      assert.throws(() => checkRelease(tag, '0.2.0', text), /The tag is|CHANGELOG\.md/);
    });
  }

  it('is a pre-release with an odd number in the middle', () => {
    assert.deepEqual(['0.1.0', '0.2.0', '1.0.3', '2.11.0'].map(isPreRelease), [true, false, false, true]);
  });

  it('has what is not released yet, or the version of package.json, as the newest section', async () => {
    const { version } = publishedManifest(await read('package.json'), undefined);
    const [, unreleased = '', newest = ''] = (await read('CHANGELOG.md')).split(/^## /m);
    assert.match(unreleased, /^\[Unreleased\]\n/);
    if (unreleased.trim() === '[Unreleased]') assert.ok(newest.startsWith(`[${version}] - `), newest);
    else assert.ok(!newest.startsWith(`[${version}]`), `raise the version: ${version} is released`);
  });
});
