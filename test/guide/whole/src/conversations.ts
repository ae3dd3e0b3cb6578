import * as vscode from 'vscode';
import { callAirisk } from './airisk.js';

const everyMs = 5 * 60_000;

/** A view that refreshes itself and never asks anybody. */
export class Conversations implements vscode.TreeDataProvider<string>, vscode.Disposable {
  readonly #changes = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #all: vscode.Disposable;

  constructor() {
    const refresh = (): void => this.#changes.fire(undefined);
    const timer = setInterval(refresh, everyMs);
    this.#all = vscode.Disposable.from(
      this.#changes,
      new vscode.Disposable(() => clearInterval(timer)),
      vscode.window.registerTreeDataProvider('conversations', this),
      // Somebody signed in or out, a token was renewed, or access was given: VS Code does not say which.
      vscode.authentication.onDidChangeSessions(({ provider }) => provider.id === 'airisk' && refresh()),
    );
  }

  async getChildren(): Promise<string[]> {
    // Offline, slow or refused: the view is empty until the next time.
    const response = await callAirisk('/api/GetConversations', { silent: true }).catch(() => undefined);
    if (!response?.ok) return [];
    const conversations: { title: string }[] = JSON.parse(await response.text());
    return conversations.map(({ title }) => title);
  }

  getTreeItem(title: string): vscode.TreeItem {
    return new vscode.TreeItem(title);
  }

  dispose(): void {
    this.#all.dispose();
  }
}
