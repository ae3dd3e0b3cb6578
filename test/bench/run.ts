import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmulator } from '../emulator/emulator.ts';
import { exitOnSignals } from '../harness/cleanup.ts';
import { vscodeFolder } from '../harness/install.ts';
import { outputPath, projectFolder } from '../harness/paths.ts';
import { prepareVsCode } from '../harness/prepare.ts';
import { helperRow } from './helperRow.ts';
import { hostRows } from './hostRows.ts';
import {
  type Effort,
  idleRows,
  loadRow,
  memoryRows,
  type ProcessBench,
  signInRows,
  sizeRows,
  storageRows,
} from './processRows.ts';
import { plot } from './plot.ts';
import { progress } from './progress.ts';
import { machine, markdownTable, writeBetweenMarkers } from './report.ts';
import { isReached, type Row } from './row.ts';
import { stageBundles } from './stageBundles.ts';

const whole: Effort = { processes: 15, calls: 2_000, callRounds: 3, signIns: 30, windowLoads: 8 };
// Shows that every row can still be measured; its figures mean little.
const quick: Effort = { processes: 2, calls: 50, callRounds: 1, signIns: 2, windowLoads: 2 };

async function measure(bench: ProcessBench): Promise<Row[]> {
  const rows = await sizeRows(bench.bundles);
  progress('load');
  rows.push(await loadRow(bench));
  progress('airisk-token');
  rows.push(await helperRow(bench));
  progress('many sessions in a storage double');
  rows.push(...(await storageRows(bench)));
  progress('sign-in and renewal');
  const emulator = await startEmulator();
  try {
    rows.push(...(await signInRows(bench, emulator.origin)));
  } finally {
    await emulator.close();
  }
  progress('idle and memory');
  rows.push(...(await idleRows(bench)), ...(await memoryRows(bench)));
  rows.push(...(await hostRows(bench.effort)));
  return rows;
}

exitOnSignals();
const isQuick = process.argv.includes('--quick');
progress('preparing');
const vscode = await prepareVsCode();
const bundles = await stageBundles(join(vscodeFolder(vscode.root), 'extensions'));
const rows = await measure({ node: vscode.node, bundles, effort: isQuick ? quick : whole });
const node = execFileSync(vscode.node, ['--version'], { encoding: 'utf8' }).trim();
const text = `${machine({ 'VS Code': vscode.version.vscode, Node: node })}\n\n${markdownTable(rows)}`;
console.log(text);
const table = isQuick ? await outputPath('bench.md') : join(projectFolder, 'BENCHMARKS.md');
const picture = isQuick
  ? await outputPath('bench.svg')
  : join(projectFolder, 'test', 'bench', 'benchmarks.svg');
if (isQuick) await writeFile(table, text);
else await writeBetweenMarkers(table, text);
await writeFile(picture, plot(rows));
progress('done');
console.log(
  `\n${rows.filter(isReached).length} of ${rows.length} goals reached; written to ${table} and ${picture}`,
);
