import { parseArgs } from 'node:util';
import { runFaults } from './faultRun.ts';
import { outcomeTable } from './table.ts';

// How to repeat a run: npm run test:faults -- --seed N --runs N
const { values } = parseArgs({
  options: { seed: { type: 'string' }, runs: { type: 'string' }, parallel: { type: 'string' } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const runs = Number(values.runs ?? 600);
const started = performance.now();
console.log(`seed ${seed}, ${runs} runs`);
const report = await runFaults({ seed, runs, parallel: Number(values.parallel ?? 8) });
console.log(`\n${outcomeTable(report.runs)}\n`);
const broken = report.runs.filter(({ problems }) => problems.length > 0);
for (const { number, plan, problems } of broken) {
  console.log(`run ${number}: ${problems.join('; ')}\n  ${JSON.stringify(plan)}`);
}
for (const problem of report.problems) console.log(problem);
const ends = report.runs.reduce((sum, { outcomes }) => sum + outcomes.length, 0);
const longest = Math.max(...report.runs.map(({ ms }) => ms));
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
console.log(
  `${runs} runs with ${ends} sign-ins in ${seconds(performance.now() - started)}, the longest ${seconds(longest)}; ` +
    `${broken.length + report.problems.length} problems (seed ${seed})`,
);
process.exitCode = broken.length + report.problems.length === 0 ? 0 : 1;
