import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { isReached, type Row } from './row.ts';

const begin = '<!-- table: written by npm run bench -->';
const end = '<!-- end of table -->';

/** A figure of a row with its unit, or its goal. */
export function amount(value: number, unit: string): string {
  const whole = Number.isInteger(value) || Math.abs(value) >= 100;
  return `${whole ? Math.round(value).toLocaleString('en') : value.toFixed(2)} ${unit}`;
}

/** The rows as a Markdown table: what is missed stays in it, and says so. */
export function markdownTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { what, how, ours, beside, figure, goal, unit } = row;
    const verdict = isReached(row) ? 'reached' : '**missed**';
    return `| ${[what, how, ours, beside, amount(figure, unit), `≤ ${amount(goal, unit)}`, verdict].join(' | ')} |`;
  });
  return [
    '| what | measured how | ours | beside | figure | goal | |',
    '|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

/** What the figures were measured on. */
export function machine(versions: Readonly<Record<string, string>>): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const hardware = `${processors.length} × ${processors[0]?.model.trim()}, ${memory} GB`;
  return `Measured on ${new Date().toISOString().slice(0, 10)}: ${[hardware, ...software].join('; ')}.`;
}

/**
 * Puts text between the markers of a Markdown file.
 * @throws Error where the file has no markers
 */
export async function writeBetweenMarkers(file: string, text: string): Promise<void> {
  const old = await readFile(file, 'utf8');
  const [from, to] = [old.indexOf(begin), old.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no markers for the table.`);
  await writeFile(
    file,
    `${old.slice(0, from)}${begin}\n<!-- prettier-ignore-start -->\n\n${text}\n\n<!-- prettier-ignore-end -->\n${old.slice(to)}`,
  );
}
