import assert from 'node:assert/strict';
import { namedIn } from '../../../src/vscode/commands/commandArgument.ts';
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
