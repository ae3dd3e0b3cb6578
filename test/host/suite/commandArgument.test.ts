import assert from 'node:assert/strict';
import { namedIn, readTarget } from '../../../src/vscode/commands/commandArgument.ts';
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

describe("a command's argument that names a deployment that has gone", () => {
  it('says that the settings have changed', () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is read of the settings is there
    const settings = { named: () => assert.fail('asked for no name') } as unknown as SettingsReader;
    assert.throws(() => readTarget(settings, { userid: 'user_42', deployment: '' }), {
      code: 'settings_changed',
    });
  });
});
