import type * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { Deployment } from '../core/oauth/deployment.ts';
import { lazily, string } from '../core/schema.ts';
import { keep } from './persistentState.ts';

const Userid = lazily(() => z.optional(string()));

/** Remembers which user's session the status bar shows, for each deployment. */
export interface CurrentAccount {
  get(deployment: Deployment | undefined): string | undefined;
  set(deployment: Deployment, userid: string): Promise<void>;
}

/** Keeps the current account in the extension's global state: a userid is no secret. */
export function createCurrentAccount(state: vscode.Memento, onDidChange: () => void): CurrentAccount {
  return {
    get: (deployment) => deployment && Userid().safeParse(state.get(`current:${deployment.key}`)).data,
    set: async (deployment, userid) => {
      await keep(state, `current:${deployment.key}`, userid);
      onDidChange();
    },
  };
}
