import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension in a real VS Code', () => {
  it('is installed from its package and becomes active', async () => {
    const extension = vscode.extensions.getExtension('airisk.airisk-authentication');
    assert.ok(extension, 'the extension is not installed');
    await extension.activate();
    assert.equal(extension.isActive, true);
    const commands = await vscode.commands.getCommands(true);
    assert.ok(commands.includes('airisk.showLog'));
  });

  it('has every text and picture that its manifest names, in every language', async () => {
    const extension = vscode.extensions.getExtension('airisk.airisk-authentication');
    assert.ok(extension);
    const shipped = async (path: string): Promise<string> =>
      new TextDecoder().decode(
        await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension.extensionUri, path)),
      );
    const manifest = await shipped('package.json');
    assert.match(manifest, /"l10n": "\.\/l10n"/);
    const pictures = manifest.match(/(?<=")media\/[^"]+/g) ?? [];
    assert.equal(pictures.length, 5);
    const languages = ['de', 'es', 'fr', 'ja', 'zh-cn'];
    const bundles = languages.map((language) => `l10n/bundle.l10n.${language}.json`);
    const titles = ['', '.de', '.es', '.fr', '.ja', '.zh-cn'].map(
      (language) => `package.nls${language}.json`,
    );
    for (const path of [...pictures, ...bundles, ...titles])
      assert.ok((await shipped(path)).length > 0, path);
  });

  it('has the emulator as its deployment', async () => {
    const origin = process.env['AIRISK_EMULATOR'];
    assert.equal(vscode.workspace.getConfiguration('airisk').get('baseUrl'), origin);
    const answer = await fetch(`${origin}/api/Users/ListUsers`);
    assert.equal(answer.status, 401);
  });

  it('has two other extensions that may ask for sessions', () => {
    for (const name of ['one', 'two']) {
      assert.ok(
        vscode.extensions.getExtension(`airisk-test.consumer-${name}`),
        `consumer ${name} is missing`,
      );
    }
  });
});
