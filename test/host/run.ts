import { exitOnSignals } from '../vscode/cleanup.ts';
import { runHostSuite } from '../vscode/hostRun.ts';
import { exitCodeOf } from '../vscode/results.ts';

exitOnSignals();
try {
  const result = await runHostSuite();
  console.log(`host: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`);
  process.exitCode = exitCodeOf(result);
} catch (error) {
  console.error('host:', error);
  process.exitCode = 1;
}
