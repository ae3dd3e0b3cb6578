import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Everything that a server printed and that VS Code logged, each file under its name. */
export async function readHostLogs(outputFile: string, logFolder: string): Promise<string> {
  const entries = await readdir(logFolder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const parts = [`== server ==\n${await readFile(outputFile, 'utf8')}`];
  for (const file of files.toSorted()) {
    parts.push(`== ${relative(logFolder, file)} ==\n${await readFile(file, 'utf8')}`);
  }
  return parts.join('\n');
}
