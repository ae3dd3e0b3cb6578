import { exitOnSignals } from '../harness/cleanup.ts';
import { runHostSuite } from '../harness/hostRun.ts';
import { exitCodeOf } from '../harness/results.ts';

exitOnSignals();
try {
  const result = await runHostSuite();
  console.log(`host: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`);
  process.exitCode = exitCodeOf(result);
} catch (error) {
  console.error('host:', error);
  process.exitCode = 1;
}
