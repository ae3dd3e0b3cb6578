import { once } from 'node:events';

import { guidClient, seedUsers, withGuids } from '../emulator/seed.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import { startCodeServer } from './codeServer.ts';
import { startHostEmulator } from './emulator.ts';
import { freePort } from './ports.ts';
import { deploymentSettings, mainVsix } from './mainVsix.ts';
import { openAddress } from './openAddress.ts';
import { prepareVsCode } from './prepare.ts';
import { startDesktop } from './startDesktop.ts';
import { startSteps } from './startSteps.ts';

function printSteps(first: string, deployment: string): void {
  console.log(`\nAn AIRisk deployment on this machine: ${deployment}\n`);
  for (const [index, step] of startSteps(first).entries()) console.log(`${index + 1}. ${step}`);
}

async function startInBrowser(cleanup: Cleanup): Promise<void> {
  const [vscode, vsix, port] = await Promise.all([prepareVsCode({ browser: false }), mainVsix(), freePort()]);
  const emulator = await startHostEmulator(vscode, port, withGuids(seedUsers));
  cleanup.add(() => emulator.close());
  const server = await startCodeServer({
    vscode,
    port,
    vsix: [vsix],
    trustedOrigins: [emulator.origin],
    settings: deploymentSettings(emulator.origin, guidClient.client_id),
  });
  cleanup.add(server.stop);
  printSteps(`Open ${server.origin}/ in a browser on this machine.`, emulator.origin);
  openAddress(`${server.origin}/`);
}

const cleanup = createCleanup();
const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
try {
  if (process.argv.includes('--desktop')) {
    const { emulator, closed } = await startDesktop(cleanup);
    printSteps('Go to the VS Code window that has opened.', emulator.origin);
    await Promise.race([interrupted, closed]);
  } else {
    await startInBrowser(cleanup);
    await interrupted;
  }
} catch (error) {
  console.error('start:', error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await cleanup.run();
}
