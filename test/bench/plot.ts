import { amount } from './report.ts';
import { isReached, type Row } from './row.ts';

const [left, width, height, top] = [330, 360, 24, 56];

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** How far along its goal a row is: 1 is the goal, and a goal of nothing is reached by nothing only. */
function share({ figure, goal }: Row): number {
  return goal === 0 ? Math.min(figure, 2) : Math.min(Math.max(figure, 0) / goal, 2);
}

/** An SVG with one bar for each row, as long as the part of its goal that it uses up; bars past the line have missed. */
export function plot(rows: readonly Row[]): string {
  const bars = rows.map((row, index) => {
    const y = top + index * height;
    const length = Math.max((share(row) * width) / 2, 1).toFixed(1);
    const label = `${amount(row.figure, row.unit)}, goal ${amount(row.goal, '').trim()}`;
    return [
      `<text x="${left - 8}" y="${y + 15}" text-anchor="end">${escape(row.what)}</text>`,
      `<rect x="${left}" y="${y + 3}" width="${length}" height="${height - 8}" fill="${isReached(row) ? '#2a7f62' : '#b3402a'}"/>`,
      `<text x="${left + width + 10}" y="${y + 15}" class="figure">${escape(label)}</text>`,
    ].join('');
  });
  const bottom = top + rows.length * height;
  const goal = left + width / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 ${bottom + 16}" font-family="system-ui, sans-serif" font-size="13" fill="#222">
<rect width="1000" height="${bottom + 16}" fill="#fff"/>
<text x="16" y="24" font-size="16" font-weight="600">AIRisk Authentication: how much of each goal is used up</text>
<text x="${goal}" y="46" text-anchor="middle" fill="#555">goal</text>
${bars.join('\n')}
<line x1="${goal}" y1="50" x2="${goal}" y2="${bottom}" stroke="#555" stroke-dasharray="4 3"/>
<style>.figure{fill:#555}</style>
</svg>
`;
}
