import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../../harness/paths.ts';

const read = (path: string): Promise<string> => readFile(join(projectFolder, path), 'utf8');

describe('what authors of extensions copy', () => {
  for (const path of [
    'test/host/consumer/src/extension.ts',
    'test/host/consumer/src/longSession.ts',
    'src/api.ts',
  ]) {
    it(`is ${path}, letter by letter, in the README`, async () => {
      assert.ok((await read('README.md')).includes(`\n\`\`\`ts\n${await read(path)}\`\`\`\n`));
    });
  }

  it('has the types of the exported API as they are', async () => {
    assert.equal(await read('test/host/consumer/src/airiskAuthentication.ts'), await read('src/api.ts'));
  });

  it('names the parts of the manifest as the example has them', async () => {
    const manifest = await read('test/host/consumer/package.json');
    const [, excerpt = ''] =
      /\n```jsonc?\n([^`]*"extensionDependencies"[^`]*)```/.exec(await read('README.md')) ?? [];
    assert.notEqual(excerpt, '');
    const parts: Record<string, unknown> = JSON.parse(excerpt);
    const whole: Record<string, unknown> = JSON.parse(manifest);
    for (const [name, value] of Object.entries(parts)) assert.deepEqual(whole[name], value, name);
  });

  it('quotes the messages of errors as they are', async () => {
    const words: Record<string, string> = JSON.parse(await read('l10n/bundle.l10n.de.json'));
    const table = /\| message [^]*?\n\n/.exec(await read('README.md'))?.[0] ?? '';
    const quoted = [...table.matchAll(/`([^`]*) …`/g)].map(([, text = '']) => text);
    assert.equal(quoted.length, 2);
    for (const text of quoted)
      assert.ok(
        Object.keys(words).some((word) => word.startsWith(text)),
        text,
      );
  });
});
