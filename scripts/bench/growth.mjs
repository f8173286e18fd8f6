// How the costs of a product and of the Hessian grow with the parameters, over two decades, as a table and a picture.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../run.mjs';
import { duration } from './table.mjs';

const SAMPLES = 100;
/** Widths of two hidden layers: from 11 to about 1,200 parameters. */
const WIDTHS = [1, 2, 4, 8, 12, 16, 22, 31];
const SIZE = { width: 480, height: 320, left: 56, bottom: 40, top: 16, right: 120 };
const SERIES = [
  { task: 'product', label: 'product', power: 1 },
  { task: 'hessian', label: 'Hessian', power: 2 },
];

export async function growth(time) {
  const work = WIDTHS.map((width) => ({
    layers: [4, width, width, 1],
    samples: SAMPLES,
    tasks: SERIES.map(({ task }) => task),
  }));
  const answers = await time(work);
  const rows = answers.map(({ parameters, times }) => [parameters, ...SERIES.map(({ task }) => duration(times[task]))]);
  const head = ['P', ...SERIES.map(({ label }) => label)];
  console.log([head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n'));
  writeFileSync(join(root, 'docs', 'growth.svg'), picture(answers));
}

function picture(answers) {
  const parameters = answers.map((answer) => answer.parameters);
  const times = answers.flatMap((answer) => SERIES.map(({ task }) => answer.times[task]));
  const x = logarithmic(parameters, SIZE.left, SIZE.width - SIZE.right);
  const y = logarithmic(times, SIZE.height - SIZE.bottom, SIZE.top);
  const curves = SERIES.map(({ task, label, power }) => {
    const points = answers.map((answer) => [answer.parameters, answer.times[task]]);
    const [p, t] = points.at(-1);
    const law = points.map(([each]) => [each, t * (each / p) ** power]);
    const end = `<text x="${x(p) + 6}" y="${y(t) + 4}">${label}; P${power === 2 ? '²' : ''} dotted</text>`;
    return `${line(points, x, y, '')}${line(law, x, y, ' stroke-dasharray="2 4"')}${end}`;
  });
  const ends = [parameters[0], parameters.at(-1)].map(
    (p) => `<text x="${x(p)}" y="${SIZE.height - 20}" text-anchor="middle">P = ${p}</text>`,
  );
  const [least, most] = [Math.min(...times), Math.max(...times)];
  const sides = [least, most].map((t) => `<text x="4" y="${y(t)}">${duration(t)}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="sans-serif" font-size="11">
<title>Time of a Hessian product and of the Hessian by the number of parameters, ${SAMPLES} data, both axes logarithmic</title>
<rect width="100%" height="100%" fill="white"/>
${[...curves, ...ends, ...sides].join('\n')}
</svg>
`;
}

function logarithmic(values, from, to) {
  const [low, high] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
  return (value) => Math.round(10 * (from + ((Math.log(value) - low) / (high - low)) * (to - from))) / 10;
}

function line(points, x, y, more) {
  const path = points.map(([p, t]) => `${x(p)},${y(t)}`).join(' ');
  return `<polyline points="${path}" fill="none" stroke="#1f5fa8" stroke-width="1.5"${more}/>`;
}
