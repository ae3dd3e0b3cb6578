import { setTimeout as delay } from 'node:timers/promises';

function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, name);
    return true;
  } catch {
    return false;
  }
}

/** Ends a process group: asks first, so that coverage and logs are written, and insists after some seconds. */
export async function endGroup(group: number, patience = 5000): Promise<void> {
  signal(group, 'SIGTERM');
  for (let waited = 0; waited < patience && signal(group, 0); waited += 50) await delay(50);
  signal(group, 'SIGKILL');
}
