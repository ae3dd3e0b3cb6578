import * as vscode from 'vscode';
import type { Bench, StartMeasurements } from './measurements.ts';

/** Registers a provider with one session; `read` runs whenever that is asked for. */
function registerFloor(id: string, read: () => Promise<unknown>): vscode.Disposable {
  const account = { id, label: id };
  const session = { id, accessToken: 'x'.repeat(300), account, scopes: [] };
  const { event } = new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  return vscode.authentication.registerAuthenticationProvider(id, id, {
    onDidChangeSessions: event,
    getSessions: async () => {
      await read();
      return [session];
    },
    createSession: async () => session,
    removeSession: async () => undefined,
  });
}

async function timed(action: () => Thenable<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

async function readPlainly(secrets: vscode.SecretStorage): Promise<void> {
  const keys = await secrets.keys();
  await Promise.all(keys.map((key) => secrets.get(key)));
}

/**
 * Waits until the window has started, at most 2.5 s: one that starts answers any question late, and now and then. Not
 * longer, three times: after ten seconds VS Code starts the other extensions itself.
 */
async function calm(secrets: vscode.SecretStorage): Promise<void> {
  const deadline = performance.now() + 2_500;
  for (let quick = 0; quick < 25 && performance.now() < deadline;) {
    quick = (await timed(() => secrets.get('none'))) < 8 ? quick + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Starts the compared extensions, and between them a provider that only reads, each in a calm window. */
async function measureStart(context: vscode.ExtensionContext, turn: number): Promise<StartMeasurements> {
  const { secrets, subscriptions } = context;
  const start = async (id: string): Promise<void> => {
    const extension = vscode.extensions.getExtension(id);
    if (extension?.isActive) throw new Error(`VS Code has started ${id} before it could be measured`);
    await extension?.activate();
  };
  const firstAccounts = (provider: string): Promise<number> =>
    timed(() => vscode.authentication.getAccounts(provider));
  let firstGetSessions = 0;
  let plainReads = 0;
  const steps = [
    async () => {
      await start('airisk.airisk-authentication');
      firstGetSessions = await firstAccounts('airisk');
    },
    async () => start('vscode.microsoft-authentication'),
    async () => {
      // Not in the manifest: asked for it, VS Code would wait for this extension, which waits for the answer.
      subscriptions.push(registerFloor('bench-plain', () => readPlainly(secrets)));
      plainReads = await firstAccounts('bench-plain');
    },
  ];
  for (const step of turn % 2 === 0 ? steps : steps.toReversed()) {
    await calm(secrets);
    await step();
  }
  return { firstGetSessions, plainReads, secrets: (await secrets.keys()).length };
}

/** Runs before any other extension, so that it can start them itself: VS Code waits for it with those at startup. */
export async function activate(context: vscode.ExtensionContext): Promise<Bench> {
  const turn = context.globalState.get('turn', 0);
  void context.globalState.update('turn', turn + 1);
  context.subscriptions.push(registerFloor('bench-floor', async () => undefined));
  const silently = async (provider: string, scopes: string[]): Promise<number> => {
    let found: vscode.AuthenticationSession | undefined;
    const took = await timed(async () => {
      found = await vscode.authentication.getSession(provider, scopes, { silent: true });
    });
    if (!found) throw new Error(`${provider} gave no session`);
    return took;
  };
  const start = await measureStart(context, turn);
  return {
    start,
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
