import { once } from 'node:events';

import { primaryClient, seedUsers } from '../emulator/seed.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import { startCodeServer } from './codeServer.ts';
import { startHostEmulator } from './emulator.ts';
import { freePort } from './ports.ts';
import { deploymentSettings, mainVsix } from './mainVsix.ts';
import { openAddress } from './openAddress.ts';
import { prepareVsCode } from './prepare.ts';
import { startDesktop } from './startDesktop.ts';

function printSteps(first: string, deployment: string): void {
  const user = seedUsers[0];
  const steps = [
    first,
    'Press F1 and run "AIRisk: Sign In". Base URL and client id are set already.',
    `When the client secret is asked for, enter ${primaryClient.client_secret}. Press Enter at the redirect URI and at the test.`,
    'Choose "As the application".',
    'A browser tab opens and comes back by itself: the status bar shows the session.',
    `Run "AIRisk: Sign In as User" and pick ${user === undefined ? 'a user' : user.name} for a user's own session.`,
    'Press Ctrl+C here to end all of it.',
  ];
  console.log(`\nAn AIRisk deployment on this machine: ${deployment}\n`);
  for (const [index, step] of steps.entries()) console.log(`${index + 1}. ${step}`);
}

async function startInBrowser(cleanup: Cleanup): Promise<void> {
  const [vscode, vsix, port] = await Promise.all([prepareVsCode({ browser: false }), mainVsix(), freePort()]);
  const emulator = await startHostEmulator(vscode, port);
  cleanup.add(() => emulator.close());
  const server = await startCodeServer({
    vscode,
    port,
    vsix: [vsix],
    trustedOrigins: [emulator.origin],
    settings: deploymentSettings(emulator.origin),
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
