import assert from 'node:assert/strict';
import {
  type CommandTarget,
  namedIn,
  readTarget,
  targetArgument,
} from '../../../src/vscode/commands/commandArgument.ts';
import type { SettingsReader } from '../../../src/vscode/settings.ts';
import { errorMessage } from '../../../src/vscode/errorMessages.ts';

describe("a command's argument that is not valid", () => {
  for (const argument of [
    null,
    'user_42',
    { userid: 'user_42\n' },
    { userid: 'user_42 ' },
    { userid: '\u200buser_42' },
  ]) {
    it(`is to blame, and no setting: ${JSON.stringify(argument)}`, () => {
      assert.throws(
        () => namedIn(argument),
        (error) =>
          errorMessage(error) === 'The value of userid is not valid. Correct the argument of the command.',
      );
    });
  }
});

describe("a command's argument that names a deployment", () => {
  const [demo, test] = [
    { key: 'a'.repeat(32), name: 'test' },
    { key: 'b'.repeat(32), name: 'test' },
  ];
  /** What the argument is about that a button got which was made for the first, with these in the settings by then. */
  const target = (...deployments: { key: string; name: string }[]): CommandTarget =>
    readTarget(settingsWith(...deployments), targetArgument({ deployment: demo, userid: 'user_42' }));
  const settingsWith = (...deployments: { key: string; name: string }[]): SettingsReader => {
    const settings = {
      describe: ({ key }: { key: string }) => deployments.find((one) => one.key === key),
      named: (name: string) => deployments.find((one) => one.name === name),
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is read of the settings is there
    return settings as unknown as SettingsReader;
  };

  it('is about what its button was made for, and never about what has its name by then', () => {
    assert.deepEqual(target(demo), { userid: 'user_42', deployment: demo });
    assert.throws(() => target(test), { code: 'settings_changed' });
    assert.throws(() => target(), { code: 'settings_changed' });
    const renamed = { ...demo, name: 'old' };
    assert.deepEqual(target(test, renamed), { userid: 'user_42', deployment: renamed });
  });

  it('is about what has the name when a person has typed it', () => {
    assert.deepEqual(readTarget(settingsWith(test), { deployment: 'test' }).deployment, test);
    assert.deepEqual(readTarget(settingsWith(test), undefined), { userid: undefined, deployment: undefined });
  });
});
