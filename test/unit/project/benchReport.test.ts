import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plot } from '../../bench/plot.ts';
import { markdownTable, writeBetweenMarkers } from '../../bench/report.ts';
import { isReached, type Row } from '../../bench/row.ts';
import { median, quantile } from '../../bench/statistics.ts';

const row = (figure: number, goal: number): Row => ({
  what: 'load',
  how: 'require',
  ours: '1 ms',
  beside: 'github <4 ms>',
  figure,
  goal,
  unit: 'of github',
});

describe('the report of the benchmarks', () => {
  it('keeps a missed figure as missed', () => {
    const [, , reached = '', missed = ''] = markdownTable([row(0.25, 0.25), row(0.26, 0.25)]).split('\n');
    assert.match(reached, /0\.25 of github \| ≤ 0\.25 of github \| reached \|$/);
    assert.match(missed, /0\.26 of github \| ≤ 0\.25 of github \| \*\*missed\*\* \|$/);
  });

  it('takes a figure that could not be measured for missed', () => {
    assert.equal(isReached(row(NaN, 1)), false);
  });

  it('draws a bar for each row, as long as its part of the goal', () => {
    const bars = [...plot([row(1, 2), row(2, 2), row(9, 2)]).matchAll(/height="16" fill="(#\w+)"/g)];
    assert.deepEqual(
      bars.map(([, colour]) => colour),
      ['#2a7f62', '#2a7f62', '#b3402a'],
    );
    assert.match(plot([row(1, 2)]), /<rect x="330" y="59" width="90\.0"/);
  });

  it('replaces what is between the markers and nothing else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'airisk-report-'));
    try {
      const file = join(folder, 'B.md');
      await writeFile(file, 'a\n<!-- table: written by npm run bench -->\nold\n<!-- end of table -->\nz\n');
      await writeBetweenMarkers(file, 'one');
      await writeBetweenMarkers(file, 'two');
      const text = await readFile(file, 'utf8');
      assert.match(text, /^a\n<!-- table[^]*\ntwo\n[^]*<!-- end of table -->\nz\n$/);
      assert.doesNotMatch(text, /old|one/);
      await writeFile(file, 'no markers');
      await assert.rejects(writeBetweenMarkers(file, 'x'), /no markers/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('finds the median and other quantiles', () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9), 10);
    assert.throws(() => median([]));
  });
});
