import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuthorizationResponse } from '../../../src/core/oauth/authorizationResponse.ts';
import type { RedirectReceiver } from '../../../src/core/oauth/signIn.ts';

/** A redirect with a code. */
export function redirect(state: string | undefined, code: string): AuthorizationResponse {
  return { state, code, error: undefined, errorDescription: undefined };
}

/** A receiver whose redirects go to other windows. */
export const deaf: RedirectReceiver = {
  begin: () => Promise.resolve({ redirectUri: 'vscode://callback', response: new Promise(() => undefined) }),
};

/** A folder that windows share, fresh for each test of the surrounding `describe`. */
export interface SharedFolder {
  readonly path: string;
  /** The names in it; none where it does not exist. */
  files(): Promise<string[]>;
  /** Waits until there are so many. */
  untilFiles(count: number): Promise<void>;
}

export function sharedFolder(): SharedFolder {
  let parent = '';
  beforeEach(async () => void (parent = await mkdtemp(join(tmpdir(), 'relay-'))));
  afterEach(() => rm(parent, { recursive: true, force: true, maxRetries: 3 }));
  const folder: SharedFolder = {
    get path() {
      return join(parent, 'redirects');
    },
    files: () => readdir(folder.path).catch(() => []),
    async untilFiles(count) {
      while ((await folder.files()).length !== count) await new Promise(setImmediate);
    },
  };
  return folder;
}
