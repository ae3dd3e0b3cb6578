import type { WorkbenchWindow } from '../../harness/workbench.ts';
import { runCommand } from '../../harness/workbench/palette.ts';
import { quickInput } from '../../harness/workbench/quickInput.ts';

/** Opens the set-up of a deployment that is configured already. */
export async function openSetUp({ page }: WorkbenchWindow, name = 'default'): Promise<void> {
  await runCommand(page, 'AIRisk: Set Up');
  await quickInput(page).pick(name);
}
