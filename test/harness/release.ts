import * as z from 'zod/mini';

/** Where the sources of a release can be read. */
export interface Repository {
  /** The address of its page, such as `https://github.com/OWNER/NAME`. */
  readonly url: string;
  /** The tag, branch or commit that the package was made from. */
  readonly ref: string;
}

const Manifest = z.looseObject({ name: z.string(), version: z.string() });
type Manifest = z.infer<typeof Manifest>;

/** Only these concern nobody who installs the extension; `private` would keep it from being published. */
const development = new Set(['private', 'scripts', 'devDependencies']);

/**
 * The manifest as it is published. Without a repository it names no address: none is anybody's before it is known
 * where the sources live.
 */
export function publishedManifest(source: string, repository: Repository | undefined): Manifest {
  const manifest = Manifest.parse(JSON.parse(source));
  const kept = Object.entries(manifest).filter(([name]) => !development.has(name));
  if (!repository) return Manifest.parse(Object.fromEntries(kept));
  const { url } = repository;
  return Manifest.parse({
    ...Object.fromEntries(kept),
    repository: { type: 'git', url: `${url}.git` },
    homepage: `${url}#readme`,
    bugs: { url: `${url}/issues` },
  });
}

/** A page as a package without a repository has it: pictures and links to files beside it would lead nowhere. */
export function withoutRelativeLinks(markdown: string): string {
  return markdown
    .replaceAll(/:\n\n *!\[[^\]]*\]\((?!https:)[^)]*\)\n/g, '.\n')
    .replaceAll(/^ *!\[[^\]]*\]\((?!https:)[^)]*\)\n\n?/gm, '')
    .replaceAll(/(?<!!)\[([^\]]*)\]\((?![a-z]+:|#)[^)]*\)/g, '$1');
}

/** Whether VS Code's convention makes this version a pre-release: an odd number between the points. */
export function isPreRelease(version: string): boolean {
  return Number(version.split('.')[1]) % 2 === 1;
}

/**
 * Holds a release's tag, version and changelog against one another.
 * @throws an `Error` that says what does not fit
 */
export function checkRelease(tag: string, version: string, changelog: string): void {
  if (tag !== `v${version}`) throw new Error(`The tag is ${tag}, but package.json has ${version}.`);
  const [, unreleased, newest] = changelog.split(/^## /m);
  if (!unreleased?.startsWith('[Unreleased]') || unreleased.trim() !== '[Unreleased]') {
    throw new Error(`CHANGELOG.md must begin with an empty [Unreleased]: its lines belong to [${version}].`);
  }
  const [heading = '', ...lines] = newest?.split('\n') ?? [];
  const [, released, date = ''] = /^\[(.*)\] - (.*)$/.exec(heading) ?? [];
  if (released !== version || !lines.some((line) => line.startsWith('- '))) {
    throw new Error(`CHANGELOG.md needs a section "## [${version}] - YYYY-MM-DD" that says what changed.`);
  }
  if (!z.iso.date().safeParse(date).success) {
    throw new Error(`CHANGELOG.md has "${date}" for [${version}], which is no date of the form YYYY-MM-DD.`);
  }
  const [, empty] = /^### (.*)\n\s*(?=### |(?![^]))/m.exec(lines.join('\n')) ?? [];
  if (empty !== undefined) {
    throw new Error(
      `CHANGELOG.md has nothing below "### ${empty}" of [${version}]: say it, or leave it out.`,
    );
  }
}
