import type { WorkbenchWindow } from '../../harness/workbench.ts';
import { runCommand } from '../../harness/workbench/palette.ts';
import { quickInput } from '../../harness/workbench/quickInput.ts';
import { clientSecret } from './host.ts';

/** Opens the set-up of a deployment that is configured already. */
export async function openSetUp({ page }: WorkbenchWindow, name = 'default'): Promise<void> {
  await runCommand(page, 'AIRisk: Set Up');
  await quickInput(page).pick(name);
}

/** Goes through the set-up with what the settings have and the emulator's secret; returns the address it begins with. */
export async function completeSetUp(window: WorkbenchWindow): Promise<string> {
  await openSetUp(window);
  const input = quickInput(window.page);
  await input.waitForMessage('Address of your AIRisk deployment');
  const address = await input.value();
  await input.accept();
  await input.waitForMessage('Client ID');
  await input.accept();
  await input.waitForMessage('Client secret');
  await input.type(clientSecret);
  await input.accept();
  await input.pick('Receive it in this editor');
  await input.pick('Close');
  return address;
}
