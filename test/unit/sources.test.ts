import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const folder = new URL('../../src', import.meta.url).pathname;

// Which parts each part may import, of its own kind and of others.
const allowed: Readonly<Record<string, readonly RegExp[]>> = {
  core: [/^core\//, /^zod\/mini$/],
  redirect: [/^redirect\//, /^core\//, /^zod\/mini$/, /^vscode$/, /^node:/],
  vscode: [/^vscode\//, /^core\//, /^api\.ts$/, /^zod\/mini$/, /^vscode$/],
  'api.ts': [/^vscode$/],
  'actions.ts': [/^(core|redirect|vscode)\//, /^zod\/mini$/, /^vscode$/],
  'extension.ts': [/^(core|redirect|vscode)\//, /^(actions|api)\.ts$/, /^vscode$/],
};

describe('the sources', () => {
  it('import only what their part may: core knows no host, and nobody the two that put all together', async () => {
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
    for (const name of names) {
      const part = name.split('/')[0] ?? '';
      const source = await readFile(join(folder, name), 'utf8');
      for (const [, imported = ''] of source.matchAll(/\b(?:from|import|require)\s*\(?\s*'([^']+)'/g)) {
        const path = imported.startsWith('.') ? join(name, '..', imported) : imported;
        assert.ok(
          allowed[part]?.some((pattern) => pattern.test(path)),
          `${name} imports ${path}`,
        );
      }
    }
  });

  it("name no host's URI scheme: Insiders, VSCodium and others have their own", async () => {
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
    assert.ok(names.includes('extension.ts'));
    for (const name of names) {
      const source = await readFile(join(folder, name), 'utf8');
      assert.doesNotMatch(source, /\b(vscode|vscode-insiders|vscodium|code-oss|cursor):\/\//, name);
      assert.doesNotMatch(source, /scheme:\s*['"`]/, name);
    }
  });
});
