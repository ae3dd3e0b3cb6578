import * as vscode from 'vscode';
import { createState } from '../core/oauth/state.ts';
import type { Sessions } from '../core/sessions/sessions.ts';
import type { SecretStore } from '../core/sessions/store.ts';
import { terminalHost } from '../node/terminal/terminalHost.ts';
import type { PersistentState } from '../vscode/persistentState.ts';
import type { Questions } from '../vscode/questions.ts';
import type { SettingsReader } from '../vscode/settings.ts';
import { createAllowedTerminals } from '../vscode/terminal/allowedTerminals.ts';
import { TerminalAccess } from '../vscode/terminal/terminalAccess.ts';
import { createTokenAccounts } from '../vscode/terminal/tokenAccounts.ts';
import { createTokenAnswers } from '../vscode/terminal/tokenAnswers.ts';
import { windowName } from '../vscode/terminal/windowName.ts';

/** What the access of terminals is built from. */
export interface TerminalParts {
  readonly context: vscode.ExtensionContext;
  /** For the helper, and for what says where a window answers. */
  readonly folder: string;
  readonly questions: Questions;
  readonly sessions: Sessions;
  readonly settings: SettingsReader;
  readonly state: PersistentState;
  readonly secrets: SecretStore;
  readonly onDidChange: () => void;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: vscode.LogOutputChannel;
}

/** Builds what lets programs in this window's terminals ask for tokens. */
export function createTerminalAccess(parts: TerminalParts): TerminalAccess {
  const { context, folder, questions, sessions, settings, state, secrets, onDidChange, now, log } = parts;
  const allowed = createAllowedTerminals(secrets, now);
  const findAccount = createTokenAccounts({ sessions, settings, state, now });
  // Each window with nothing open has its own, but in a browser.
  const ownState = vscode.env.uiKind === vscode.UIKind.Web ? undefined : context.workspaceState;
  return new TerminalAccess({
    mode: () => settings.read().terminal,
    host: terminalHost(
      folder,
      windowName(vscode.workspace, ownState, createState()),
      context.asAbsolutePath('dist/airisk-token.cjs'),
      createTokenAnswers({ questions, allowed, findAccount, now, log }),
    ),
    allowed,
    collection: context.environmentVariableCollection,
    isElsewhere:
      vscode.env.remoteName !== undefined && context.extension.extensionKind === vscode.ExtensionKind.UI,
    onDidChange,
  });
}
