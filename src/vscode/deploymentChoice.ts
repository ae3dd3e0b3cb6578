import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { remember } from './persistentState.ts';

const Chosen = z.object({ name: z.string(), key: z.string() });
const memory = 'deployment';

/** A deployment that was chosen: by its key, too, since it can get a different name in the settings. */
export type ChosenDeployment = z.infer<typeof Chosen>;

/** Which deployment this window uses. */
export interface DeploymentChoice extends vscode.Disposable {
  /** `undefined` when none was ever chosen. */
  readonly chosen: () => ChosenDeployment | undefined;
  readonly choose: (deployment: ChosenDeployment) => Promise<void>;
  /**
   * Notes what the settings make of the choice: the first one there when nobody has chosen, and a name, address, or
   * client ID that was changed. A choice made in a different window moves this workspace no more.
   */
  readonly follow: (deployment: ChosenDeployment) => Promise<void>;
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
  const remembered = (memento: vscode.Memento): ChosenDeployment | undefined =>
    Chosen.safeParse(memento.get(memory)).data;
  let here = remembered(workspaceState);
  const last = remembered(globalState);
  const choices = new vscode.EventEmitter<void>();
  const keep = ({ name, key }: ChosenDeployment): Promise<void> => {
    here = { name, key };
    return remember(workspaceState, memory, here);
  };
  return {
    chosen: () => here ?? last,
    choose: async (deployment) => {
      const kept = keep(deployment);
      choices.fire();
      await Promise.all([kept, remember(globalState, memory, here)]);
    },
    follow: async (deployment) => {
      if (here?.name !== deployment.name || here.key !== deployment.key) await keep(deployment);
    },
    onDidChoose: choices.event,
    dispose: () => choices.dispose(),
  };
}
