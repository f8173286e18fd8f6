// How the costs of a product and of the Hessian grow with the parameters, over two decades, as a table and a picture.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../run.mjs';
import { duration, markdown } from './table.mjs';

const SAMPLES = 100;
/** Widths of two hidden layers: from about 120 to 12,000 parameters. */
const WIDTHS = [8, 12, 18, 28, 44, 68, 106];
const SIZE = { width: 560, height: 360, left: 60, bottom: 40, top: 20, right: 150 };
/** A matrix of more parameters takes more memory than a module should. */
const SERIES = [
  { task: 'product', label: 'Hessian times a vector', law: 'P', power: 1, most: Number.POSITIVE_INFINITY },
  { task: 'hessian', label: 'exact Hessian', law: 'P²', power: 2, most: 6000 },
];

export async function growth(time) {
  const work = WIDTHS.map((width) => ({
    layers: [4, width, width, 1],
    samples: SAMPLES,
    tasks: SERIES.filter(({ most }) => width * (width + 7) + 1 <= most).map(({ task }) => task),
  }));
  const answers = await time(work);
  const rows = answers.map(({ parameters, times }) => [parameters, ...SERIES.map(({ task }) => duration(times[task]))]);
  const head = ['P', ...SERIES.map(({ label }) => label)];
  console.log(markdown(head, rows));
  writeFileSync(join(root, 'docs', 'growth.svg'), picture(answers));
}

function picture(answers) {
  const series = SERIES.map((each) => ({
    ...each,
    points: answers.flatMap(({ parameters, times }) => (each.task in times ? [[parameters, times[each.task]]] : [])),
  }));
  const points = series.flatMap((each) => each.points);
  const x = logarithmic(
    points.map(([p]) => p),
    SIZE.left,
    SIZE.width - SIZE.right,
  );
  const y = logarithmic(
    points.map(([, t]) => t),
    SIZE.height - SIZE.bottom,
    SIZE.top,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="sans-serif" font-size="12">
<title>Time of a Hessian-vector product and of the Hessian by the number of parameters, ${SAMPLES} data, both axes logarithmic</title>
<rect width="100%" height="100%" fill="white"/>
${[...grid(x, y), ...series.map((each) => curve(each, x, y))].join('\n')}
</svg>
`;
}

/** The measured times, the law through the last of them dotted, and what they are. */
function curve({ label, law, power, points }, x, y) {
  const [p, t] = points.at(-1);
  const dotted = points.map(([each]) => [each, t * (each / p) ** power]).filter(([, time]) => y(time) <= y.from);
  const [first, second] = [`x="${x(p) + 8}" y="${y(t) + 4}"`, `x="${x(p) + 8}" y="${y(t) + 20}"`];
  const words = `<text ${first}>${label}</text><text ${second} fill="#555">dotted: as ${law}</text>`;
  const dots = points.map(([each, time]) => `<circle cx="${x(each)}" cy="${y(time)}" r="2.5" fill="#1f5fa8"/>`);
  return `${line(dotted, x, y, ' stroke-dasharray="2 4"')}${line(points, x, y, '')}${dots.join('')}${words}`;
}

/** A line at each power of ten that is in the picture. */
function grid(x, y) {
  const powers = Array.from({ length: 12 }, (_, index) => 10 ** (index - 5));
  const inside = (scale) => powers.filter((power) => power >= scale.low && power <= scale.high);
  const [bottom, right] = [SIZE.height - SIZE.bottom, SIZE.width - SIZE.right];
  const [across, down] = [`x1="${SIZE.left}" x2="${right}"`, `y1="${SIZE.top}" y2="${bottom}"`];
  return [
    ...inside(y).flatMap((t) => [
      `<line ${across} y1="${y(t)}" y2="${y(t)}" stroke="#ddd"/>`,
      `<text x="${SIZE.left - 8}" y="${y(t) + 4}" text-anchor="end">${duration(t)}</text>`,
    ]),
    ...inside(x).flatMap((p) => [
      `<line x1="${x(p)}" x2="${x(p)}" ${down} stroke="#ddd"/>`,
      `<text x="${x(p)}" y="${bottom + 18}" text-anchor="middle">${p.toLocaleString('en')}</text>`,
    ]),
    `<text x="${(SIZE.left + right) / 2}" y="${SIZE.height - 4}" text-anchor="middle">parameters P</text>`,
  ];
}

/** Ends a little beyond the values, so that a power of ten close to them is in the picture. */
function logarithmic(values, from, to) {
  const [low, high] = [Math.min(...values) / 1.3, Math.max(...values) * 1.3];
  const scale = (value) => Math.round(10 * (from + (Math.log(value / low) / Math.log(high / low)) * (to - from))) / 10;
  return Object.assign(scale, { low, high, from });
}

function line(points, x, y, more) {
  const path = points.map(([p, t]) => `${x(p)},${y(t)}`).join(' ');
  return `<polyline points="${path}" fill="none" stroke="#1f5fa8" stroke-width="1.5"${more}/>`;
}
