import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { projectFolder } from '../../harness/paths.ts';

const read = (name: string): string => readFileSync(join(projectFolder, name), 'utf8');

const Manifest = z.object({
  capabilities: z.object({
    untrustedWorkspaces: z.object({ supported: z.boolean() }),
    virtualWorkspaces: z.boolean(),
  }),
  contributes: z.object({
    configuration: z.object({ properties: z.record(z.string(), z.object({ scope: z.string() })) }),
  }),
});

describe('SECURITY.md', () => {
  const text = read('SECURITY.md');

  it('names tests that exist', () => {
    const named = [...text.matchAll(/`(test\/[\w./-]+)`/g)].map(([, path = '']) => path);
    assert.ok(named.length > 20, `${named.length} tests`);
    assert.deepEqual(
      named.filter((path) => !existsSync(join(projectFolder, path))),
      [],
    );
  });

  it('names a test for every threat', () => {
    const rows = text.split('\n').filter((line) => /^\|(?! *(Asset|-))/.test(line));
    assert.ok(rows.length > 15, `${rows.length} rows`);
    for (const row of rows) assert.match(row, /`test\/[\w./-]+`[^|]*\|$/, row);
  });
});

describe('the manifest', () => {
  const { capabilities, contributes } = Manifest.parse(JSON.parse(read('package.json')));

  it('lets no folder, workspace or remote machine change a setting', () => {
    for (const [name, { scope }] of Object.entries(contributes.configuration.properties)) {
      assert.equal(scope, 'application', name);
    }
  });

  it('declares untrusted and virtual workspaces: neither can reach a setting, so nothing is restricted', () => {
    assert.equal(capabilities.untrustedWorkspaces.supported, true);
    assert.equal(capabilities.virtualWorkspaces, true);
  });
});
