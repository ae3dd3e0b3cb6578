import * as vscode from 'vscode';
import type { Bench, StartMeasurements } from './measurements.ts';

const compared = ['airisk.airisk-authentication', 'vscode.microsoft-authentication'];

/** The least that a provider can be: one session in memory. */
function registerFloor(): vscode.Disposable {
  const account = { id: 'floor', label: 'floor' };
  const session = { id: 'floor', accessToken: 'x'.repeat(300), account, scopes: [] };
  const { event } = new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  return vscode.authentication.registerAuthenticationProvider('bench-floor', 'Floor', {
    onDidChangeSessions: event,
    getSessions: async () => [session],
    createSession: async () => session,
    removeSession: async () => undefined,
  });
}

async function timed(action: () => Thenable<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

async function readPlainly(secrets: vscode.SecretStorage): Promise<number> {
  const keys = await secrets.keys();
  await Promise.all(keys.map((key) => secrets.get(key)));
  return keys.length;
}

async function measureStart(context: vscode.ExtensionContext, turn: number): Promise<StartMeasurements> {
  // The first secret of a window waits for the decryption of all of them.
  const secrets = await readPlainly(context.secrets);
  const own: number[] = [];
  const readOwn = async (): Promise<void> => {
    own.push(await timed(() => readPlainly(context.secrets)));
  };
  let firstGetSessions = 0;
  if (turn % 4 < 2) await readOwn();
  for (const id of turn % 2 === 0 ? compared : compared.toReversed()) {
    await vscode.extensions.getExtension(id)?.activate();
    if (id === compared[0]) {
      firstGetSessions = await timed(() => vscode.authentication.getAccounts('airisk'));
      if (turn % 4 >= 2) await readOwn();
    }
  }
  return { firstGetSessions, plainReads: own[0] ?? 0, secrets };
}

/** Runs before any other extension, so that it can start them itself. */
export function activate(context: vscode.ExtensionContext): Bench {
  const turn = context.globalState.get('turn', 0);
  void context.globalState.update('turn', turn + 1);
  context.subscriptions.push(registerFloor());
  const silently = async (provider: string, scopes: string[]): Promise<number> => {
    let found: vscode.AuthenticationSession | undefined;
    const took = await timed(async () => {
      found = await vscode.authentication.getSession(provider, scopes, { silent: true });
    });
    if (!found) throw new Error(`${provider} gave no session`);
    return took;
  };
  return {
    start: measureStart(context, turn),
    fillSecrets: async (count, length) => {
      for (let index = 0; index < count; index++) {
        await context.secrets.store(`bench:${index}`, 'x'.repeat(length));
      }
    },
    ask: async (provider, scopes) =>
      (await vscode.authentication.getSession(provider, scopes, { createIfNone: true })).accessToken !== '',
    calls: async (scopes, count) => {
      const ours: number[] = [];
      const floor: number[] = [];
      for (let call = 0; call < count; call++) {
        if (call % 2 === 0) floor.push(await silently('bench-floor', []));
        ours.push(await silently('airisk', scopes));
        if (call % 2 === 1) floor.push(await silently('bench-floor', []));
      }
      return { ours, floor };
    },
  };
}
