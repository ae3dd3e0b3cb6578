import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { outputPath, projectFolder } from './paths.ts';

/** The pictures of the end-to-end run that the README shows, and the names it knows them by. */
const chosen: Readonly<Record<string, string>> = {
  'readme-status-bar.png': 'status-bar.png',
  'readme-user-picker.png': 'user-picker.png',
  'readme-accounts.png': 'accounts.png',
  'readme-set-up.png': 'set-up.png',
  'readme-deployments.png': 'deployments.png',
  'readme-production.png': 'production.png',
  // What can be read in them.
  'texts.json': 'texts.json',
};

/** Takes the pictures, and keeps them when every text in them was as it should be. */
async function main(): Promise<void> {
  // Set here and not in the script of package.json: only a POSIX shell would understand it there.
  process.env['AIRISK_SCREENSHOTS'] = 'keep';
  await import('../e2e/run.ts');
  if (process.exitCode !== 0) return;
  const folder = join(projectFolder, 'media', 'screenshots');
  await mkdir(folder, { recursive: true });
  for (const [taken, kept] of Object.entries(chosen)) {
    await copyFile(await outputPath('screenshots', taken), join(folder, kept));
    console.log(`media/screenshots/${kept}`);
  }
}

await main();
