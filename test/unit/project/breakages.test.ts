import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { breakages } from '../../breakages/breakages.ts';
import { projectFolder } from '../../harness/paths.ts';

describe('each breakage of a defence', () => {
  for (const { defence, file, find, replace, tests } of breakages) {
    it(`finds what it breaks: ${defence}`, () => {
      assert.ok(readFileSync(join(projectFolder, file), 'utf8').includes(find), `${find} in ${file}`);
      assert.notEqual(find, replace);
      assert.ok(tests.length > 0);
      for (const test of tests) assert.ok(existsSync(join(projectFolder, test)), test);
      assert.equal(new Set(tests.map((test) => test.split('/')[1])).size, 1, 'of one kind');
    });
  }
});
