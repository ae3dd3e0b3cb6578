import * as z from 'zod/mini';
import { createAdminClient } from '../adminClient.ts';
import { startEmulator as start } from '../emulator.ts';
import { primaryClient, seedUsers } from '../seed.ts';

/** A person who uses the emulated deployment. */
export interface EmulatedUser {
  /** What scopes call the userid. */
  readonly id: string;
  readonly name: string;
}

/** What an emulator is started with. */
export interface EmulatorOptions {
  /** 127.0.0.1 when left out; only addresses of this computer are of use. */
  readonly host?: string;
  /** A free one when left out. */
  readonly port?: number;
  /** Six users with awkward names when left out. */
  readonly users?: readonly EmulatedUser[];
  /** 3600 when left out. */
  readonly tokenLifetimeSeconds?: number;
}

/** What the emulator was asked, in short. */
export interface EmulatedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Whose token came with it; `invalid` for one that is unknown, revoked or expired. */
  readonly authorization: 'none' | 'invalid' | 'generic' | 'user';
}

/** Controls a running emulator, from any process of this computer. */
export interface EmulatorControl {
  /** The value of `airisk.baseUrl`. */
  readonly origin: string;
  /** Makes every token invalid that is out: the next request with one gets a 401. Answers how many there were. */
  revoke(): Promise<number>;
  /** How many seconds the tokens live that are issued from now on. */
  setTokenLifetime(seconds: number): Promise<void>;
  /** With `true` AIRisk shows a page to log in, so that no token is renewed without the browser. */
  requireLogin(required: boolean): Promise<void>;
  /** With `true` every connection is cut, as without a network. */
  setOffline(offline: boolean): Promise<void>;
  /** How many milliseconds AIRisk waits before it answers; 0 for none. */
  setDelay(milliseconds: number): Promise<void>;
  /** All requests since the start or the last reset, in order. */
  requests(): Promise<readonly EmulatedRequest[]>;
  /** Everything as it was at the start: no token is valid, nothing is slow. */
  reset(): Promise<void>;
}

/** An emulator of this process. */
export interface Emulator extends EmulatorControl {
  /** Stops at once. */
  close(): Promise<void>;
}

/** The value of `airisk.clientId`. */
export const clientId: string = primaryClient.client_id;
/** The client secret that belongs to it. */
export const clientSecret: string = primaryClient.client_secret;
/** The users of an emulator that is started without any. */
export const users: readonly EmulatedUser[] = seedUsers;

/**
 * Starts an AIRisk deployment on this computer; its `origin` is the address.
 * @throws Error that says which option is wrong
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { users: people = seedUsers, ...rest } = options;
  const emulator = await start({ ...rest, users: [...people] }).catch((error: unknown) => {
    if (!(error instanceof z.core.$ZodError)) throw error;
    throw new Error(`The emulator cannot start with these options:\n${z.prettifyError(error)}`);
  });
  return { ...connectToEmulator(emulator.origin), close: () => emulator.close() };
}

/** Controls an emulator that another process has started, as a test inside VS Code does. */
export function connectToEmulator(origin: string): EmulatorControl {
  const client = createAdminClient(origin);
  return {
    origin,
    revoke: () => client.revoke(),
    setTokenLifetime: async (tokenLifetimeSeconds) =>
      void (await client.setOptions({ tokenLifetimeSeconds })),
    requireLogin: async (required) =>
      void (await client.setOptions({ mode: required ? 'login' : 'immediate' })),
    setOffline: (offline) => client.setOffline(offline),
    setDelay: (milliseconds) => client.setDelay(milliseconds),
    requests: async () =>
      (await client.requests()).map(({ method, path, status, authorization }) => ({
        method,
        path,
        status,
        authorization,
      })),
    reset: () => client.reset(),
  };
}
