import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { breakages } from '../../breakages/breakages.ts';
import { projectFolder } from '../../harness/paths.ts';

describe('each breakage of a defence', () => {
  for (const { defence, file, find, replace, tests } of breakages) {
    it(`finds what it breaks, and leaves code that can run: ${defence}`, async () => {
      const source = readFileSync(join(projectFolder, file), 'utf8');
      assert.ok(source.includes(find), `${find} in ${file}`);
      assert.notEqual(find, replace);
      const broken = source.replaceAll(find, () => replace);
      await transform(broken, { loader: file.endsWith('.ts') ? 'ts' : 'json' });
      assert.ok(tests.length > 0);
      for (const test of tests) assert.ok(existsSync(join(projectFolder, test)), test);
      assert.equal(new Set(tests.map((test) => test.split('/')[1])).size, 1, 'of one kind');
    });
  }
});
