import * as vscode from 'vscode';
// What INTEGRATION.md shows as a test, run as authors run it.
import '../../guide/whole/src/airisk.test.ts';

describe('the test of the guide', () => {
  it('leaves a deployment in the settings, which is not the one of this suite', async () => {
    await vscode.workspace
      .getConfiguration('airisk')
      .update('baseUrl', process.env['AIRISK_EMULATOR'], vscode.ConfigurationTarget.Global);
  });
});
