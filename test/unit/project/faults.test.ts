import assert from 'node:assert/strict';
import { runFaults } from '../../faults/faultRun.ts';

describe('sign-ins under faults', function () {
  // The long form is `npm run test:faults`.
  this.timeout(120_000);

  it('end in a session or one clear error, leave nothing behind, and store what was confirmed', async () => {
    const report = await runFaults({ seed: 1, runs: 60, parallel: 12 });
    const broken = report.runs.filter(({ problems }) => problems.length > 0);
    assert.deepEqual(
      broken.map(({ number, problems }) => ({ number, problems })),
      [],
    );
    assert.deepEqual(report.problems, []);
    // Else the faults or the sign-ins would not have happened.
    const outcomes = new Set(report.runs.flatMap((run) => run.outcomes));
    for (const outcome of ['session', 'cancelled', 'port_in_use', 'sign_in_timeout', 'invalid_response']) {
      assert.ok(outcomes.has(outcome), `no run ended with ${outcome}`);
    }
  });
});
