import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../../harness/paths.ts';

const folder = join(projectFolder, 'src');

describe('the sources', () => {
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
