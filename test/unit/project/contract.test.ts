import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brokenPromises, currentContract, recordedContract, unreleased } from '../../harness/contract.ts';
import { projectFolder } from '../../harness/paths.ts';

describe('what others rely on', () => {
  it('is what was agreed to: "npm run contract" records a change, and CHANGELOG.md says it', async () => {
    const { changelog, promises } = await recordedContract();
    assert.deepEqual(await currentContract(), promises);
    assert.ok(
      (await readFile(join(projectFolder, 'CHANGELOG.md'), 'utf8')).includes(`- ${changelog}\n`),
      changelog,
    );
  });

  it('has members, commands, settings, scopes, arguments, results and errors in it', async () => {
    const contract = Object.keys(await currentContract());
    const counts = Object.fromEntries(
      [
        'api',
        'command',
        'setting',
        'scopes',
        'argument',
        'result',
        'error',
        'callback',
        'activation',
        'airisk-token',
      ].map((kind) => [kind, contract.filter((name) => name.split(' ')[0] === kind).length]),
    );
    for (const [kind, least] of Object.entries({
      api: 15,
      command: 15,
      setting: 18,
      scopes: 6,
      argument: 15,
      result: 2,
      error: 4,
      callback: 1,
      activation: 3,
      'airisk-token': 14,
    })) {
      assert.ok((counts[kind] ?? 0) >= least, `${kind}: ${counts[kind]}`);
    }
  });

  it('is broken by what is taken away or changed, and not by what is added', () => {
    const older = { 'command airisk.signIn': '', 'setting airisk.baseUrl': '{"default":""}' };
    assert.deepEqual(brokenPromises(older, { ...older, 'command airisk.another': '' }), []);
    assert.deepEqual(brokenPromises(older, { 'setting airisk.baseUrl': '{"default":""}' }), [
      'command airisk.signIn',
    ]);
    assert.deepEqual(brokenPromises(older, { ...older, 'setting airisk.baseUrl': '{"default":1}' }), [
      'setting airisk.baseUrl',
    ]);
  });

  it('is said below the heading of what is not released yet', () => {
    const changelog = '# C\n\n## [Unreleased]\n\n- New.\n\n## [0.1.0] - 2026-01-01\n\n- Old.\n';
    assert.equal(unreleased(changelog).trim(), '- New.');
    assert.equal(unreleased('## [Unreleased]\n\n- Only.\n').trim(), '- Only.');
  });
});
