import * as vscode from 'vscode';
import { taskQueue } from '../../core/tasks.ts';
import type { Settings } from '../settings.ts';
import type { createAllowedTerminals } from './allowedTerminals.ts';

/** Why terminals of this window get no token. */
export type NoAccess = 'off' | 'untrusted' | 'remote';

/** What this computer has for terminals. */
export interface TerminalHost {
  /** The path of this workspace's descriptor. */
  readonly descriptor: string;
  /** True when a terminal of this workspace may have been given access lately: its shell may live on. */
  wasOpen(): Promise<boolean>;
  /** True while a window answers where the descriptor says, be it another one than this. */
  isListed(): Promise<boolean>;
  /** Forgets that it was open. */
  forget(): Promise<void>;
  /** Answers from then on, until it is disposed. */
  open(): Promise<{ dispose(): void }>;
  installHelper(): Promise<{ readonly folder: string; readonly program: string }>;
  /** What stands between the folders of PATH. */
  readonly delimiter: string;
  /** The program that the helper's batch file runs, on Windows. */
  readonly node: string | undefined;
}

/** What the access of terminals is made from. */
export interface TerminalAccessParts {
  /** Which terminals can ask for a token. */
  readonly mode: () => Settings['terminal'];
  readonly host: TerminalHost;
  readonly allowed: ReturnType<typeof createAllowedTerminals>;
  readonly collection: vscode.GlobalEnvironmentVariableCollection;
  /** True when this extension runs on another computer than the terminals. */
  readonly isElsewhere: boolean;
  readonly onDidChange: () => void;
}

/** The access of this window's terminals to tokens: a socket, and the environment that leads to it. */
export class TerminalAccess {
  readonly #parts: TerminalAccessParts;
  #socket: { dispose(): void } | undefined;
  readonly #inTurn = taskQueue(1);
  #disposed = false;

  constructor(parts: TerminalAccessParts) {
    this.#parts = parts;
  }

  /** True while terminals can ask. */
  get isOpen(): boolean {
    return this.#socket !== undefined;
  }

  /** Why terminals get no token here, if they do not. */
  get refusal(): NoAccess | undefined {
    if (this.#parts.mode() === 'off') return 'off';
    if (!vscode.workspace.isTrusted) return 'untrusted';
    return this.#parts.isElsewhere ? 'remote' : undefined;
  }

  /** Brings the access in line with the settings, and back for the shells that outlived their window. */
  async refresh(): Promise<void> {
    await this.#inTurn(async () => {
      const { mode, host, collection, allowed } = this.#parts;
      if (this.refusal) {
        collection.clear();
        this.#close();
      } else if (mode() === 'all') {
        await this.#open();
        await this.#offerToAll();
      } else {
        collection.clear();
        if (!(await host.wasOpen())) return;
        await this.#open();
        await allowed.sweep();
      }
    });
  }

  /**
   * The environment of a terminal that can ask for tokens, until it ends.
   * @throws Error when the helper or the socket cannot be had
   */
  async environment(): Promise<Record<string, string>> {
    return this.#inTurn(async () => {
      await this.#open();
      const { delimiter } = this.#parts.host;
      const { folder, variables } = await this.#variables();
      const addition = delimiter + folder;
      return {
        ...variables,
        AIRISK_TERMINAL_ID: crypto.randomUUID(),
        PATH: `\${env:PATH}${addition}`,
        // What shells do after their own files, which may set PATH anew. VS Code writes it for collections alone.
        VSCODE_ENV_APPEND: `PATH=${addition.replaceAll(':', String.raw`\x3a`)}`,
      };
    });
  }

  /** Answers again when a window of the same workspace has answered for this one, and was closed or crashed. */
  async relist(): Promise<void> {
    await this.#inTurn(async () => {
      if (!this.#socket || (await this.#parts.host.isListed())) return;
      this.#close();
      await this.#open();
    });
  }

  /** Ends what waits, and takes back all that was allowed, in every window. */
  async revoke(): Promise<void> {
    await this.#inTurn(async () => {
      this.#close();
      await this.#parts.host.forget();
      await this.#parts.allowed.clear();
    });
  }

  dispose(): void {
    this.#disposed = true;
    this.#socket?.dispose();
    this.#socket = undefined;
  }

  async #open(): Promise<void> {
    if (this.#socket) return;
    const socket = await this.#parts.host.open();
    if (this.#disposed) return socket.dispose();
    this.#socket = socket;
    this.#parts.onDidChange();
  }

  #close(): void {
    if (!this.#socket) return;
    this.#socket.dispose();
    this.#socket = undefined;
    this.#parts.onDidChange();
  }

  /** Only paths, which are the same after a reload: VS Code marks terminals whose environment has changed. */
  async #offerToAll(): Promise<void> {
    const { collection, host } = this.#parts;
    const { folder, variables } = await this.#variables();
    const options = { applyAtProcessCreation: true, applyAtShellIntegration: true };
    collection.persistent = true;
    collection.description = vscode.l10n.t('Lets `airisk-token` ask this window for an AIRisk access token');
    collection.append('PATH', host.delimiter + folder, options);
    for (const [name, value] of Object.entries(variables)) collection.replace(name, value, options);
  }

  async #variables(): Promise<{ folder: string; variables: Record<string, string> }> {
    const { host } = this.#parts;
    const { folder, program } = await host.installHelper();
    const variables = { AIRISK_TERMINAL: host.descriptor, AIRISK_TOKEN_HELPER: program };
    return {
      folder,
      variables: host.node === undefined ? variables : { ...variables, AIRISK_NODE: host.node },
    };
  }
}
