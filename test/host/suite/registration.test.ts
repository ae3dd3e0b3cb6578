import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the registration of a provider', () => {
  // `activate` registers, and every change comes through SecretStorage, which answers later: nothing is fired in the
  // turn in which VS Code begins to listen, and only that would be lost.
  it('loses no event from the first turn after VS Code has begun to listen', async () => {
    const session: vscode.AuthenticationSession = {
      id: 'early',
      accessToken: 'none',
      account: { id: 'early', label: 'Early' },
      scopes: [],
    };
    const subscriptions: vscode.Disposable[] = [];
    const heard = new Promise<string>((resolve) => {
      subscriptions.push(
        vscode.authentication.onDidChangeSessions(({ provider }) => {
          if (provider.id === 'airisk-test-early') resolve(provider.label);
        }),
      );
    });
    const provider: vscode.AuthenticationProvider = {
      onDidChangeSessions: (listener) => {
        queueMicrotask(() => listener({ added: [session], changed: [], removed: [] }));
        return { dispose: () => undefined };
      },
      getSessions: () => Promise.resolve([session]),
      createSession: () => Promise.resolve(session),
      removeSession: () => Promise.resolve(),
    };
    subscriptions.push(
      vscode.authentication.registerAuthenticationProvider('airisk-test-early', 'Early', provider),
    );
    try {
      assert.equal(await heard, 'Early');
    } finally {
      vscode.Disposable.from(...subscriptions).dispose();
    }
  });
});
