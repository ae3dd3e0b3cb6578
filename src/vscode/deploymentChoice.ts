import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { remember } from './persistentState.ts';

const Name = z.optional(z.string());
const key = 'deployment';

/** Which deployment this window uses, by its name in the settings. */
export interface DeploymentChoice extends vscode.Disposable {
  /** `undefined` when none was ever chosen. */
  readonly name: () => string | undefined;
  readonly choose: (name: string) => Promise<void>;
  readonly onDidChoose: vscode.Event<void>;
}

/**
 * Keeps the choice in this window's memory, so that a switch touches no other window, of the same folder neither. A
 * workspace remembers its last choice for the next load, a new one begins with the last choice of all.
 * @param workspaceState nothing else goes into one that windows share: VS Code writes it as a whole, and the last
 * window takes all
 */
export function createDeploymentChoice(
  workspaceState: vscode.Memento,
  globalState: vscode.Memento,
): DeploymentChoice {
  const remembered = (memento: vscode.Memento): string | undefined => Name.safeParse(memento.get(key)).data;
  let chosen = remembered(workspaceState) ?? remembered(globalState);
  const choices = new vscode.EventEmitter<void>();
  return {
    name: () => chosen,
    choose: async (name) => {
      chosen = name;
      choices.fire();
      await Promise.all([remember(workspaceState, key, name), remember(globalState, key, name)]);
    },
    onDidChoose: choices.event,
    dispose: () => choices.dispose(),
  };
}
