import type * as vscode from 'vscode';
import { AiriskError } from '../core/errors.ts';
import type { Deployment } from '../core/oauth/deployment.ts';
import { ClientSecret } from '../core/oauth/settingValues.ts';
import type { SecretStore } from '../core/sessions/store.ts';
import type { PersistentState } from './persistentState.ts';

// Long enough for a person to unlock a keyring, short enough not to hold up VS Code's queue for ever.
const storageTimeoutMs = 30_000;

/**
 * SecretStorage whose every call ends: with its result, or with an AiriskError `storage`.
 * @param timeoutMs after which a call that hangs ends, in ms
 */
export function createSecretStore(secrets: vscode.SecretStorage, timeoutMs = storageTimeoutMs): SecretStore {
  // One promise and no more: thousands of these begin at the same time.
  const bounded = <T>(call: Thenable<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new AiriskError('storage', { reason: 'time-out' })), timeoutMs);
      call.then(
        (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        () => {
          clearTimeout(timer);
          // Without its cause: the host's words may quote what was to be stored.
          reject(new AiriskError('storage'));
        },
      );
    });
  return {
    keys: () => bounded(secrets.keys()),
    get: (key) => bounded(secrets.get(key)),
    store: (key, value) => bounded(secrets.store(key, value)),
    delete: (key) => bounded(secrets.delete(key)),
    onDidChange: (listener) => secrets.onDidChange((event) => listener(event.key)),
  };
}

/** The client secrets, one for each deployment: one that belongs elsewhere is never sent. */
export interface ClientSecrets {
  get(deployment: Deployment): Promise<string | undefined>;
  store(deployment: Deployment, secret: string): Promise<void>;
  delete(deployment: Deployment): Promise<void>;
}

/** The SecretStorage key of a deployment's client secret. */
export function clientSecretKey({ key }: Pick<Deployment, 'key'>): string {
  return `client:v1:${key}`;
}

/** Keeps client secrets in SecretStorage, and in the state for which deployments there should be one. */
export function createClientSecrets(
  secrets: SecretStore,
  { setHadSecret }: Pick<PersistentState, 'setHadSecret'>,
): ClientSecrets {
  return {
    get: async (deployment) => ClientSecret.safeParse(await secrets.get(clientSecretKey(deployment))).data,
    store: async (deployment, secret) => {
      await secrets.store(clientSecretKey(deployment), secret);
      await setHadSecret(deployment, true);
    },
    delete: async (deployment) => {
      await secrets.delete(clientSecretKey(deployment));
      await setHadSecret(deployment, false);
    },
  };
}
