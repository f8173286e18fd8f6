// The table of the numbers at the current iteration: one row a method, which also switches its curve on and off.

import { element, write, writeAttribute } from './dom';
import { cosine, count, milliseconds, number } from './format';
import { METHODS, type MethodStyle, STANDARD } from './methods';
import type { Picture } from './picture';
import { type Duration, findRun, positionsOf, type Run, readAt } from './reading';
import { statusReason, statusWords } from './words';

type Durations = ReadonlyMap<string, Duration>;

export class Table {
  readonly #body: HTMLTableSectionElement;

  constructor(body: HTMLTableSectionElement, onToggle: (method: string) => void) {
    this.#body = body;
    body.replaceChildren(...METHODS.map((method) => makeRow(method, () => onToggle(method.name))));
  }

  show({ report, state }: Picture, durations: Durations): void {
    this.#body.closest('.convergence')?.classList.toggle('many', report.methods.length > STANDARD.length);
    this.#body.parentElement?.classList.toggle('timed', state.x === 'milliseconds');
    for (const row of this.#body.rows) {
      const name = row.dataset['method'] ?? '';
      const run = findRun(report, name);
      row.toggleAttribute('hidden', !run);
      if (run) fillRow(row, run, state.iterations, durations.get(name));
      const shown = !state.hidden.includes(name);
      row.classList.toggle('off', !shown);
      writeAttribute(element('button', row), 'aria-pressed', `${shown}`);
    }
  }
}

function makeRow({ name, label, summary, colour, dash }: MethodStyle, onToggle: () => void): HTMLTableRowElement {
  const row = document.createElement('tr');
  row.dataset['method'] = name;
  // Rows that a first report won't fill would push away what lies under them.
  row.hidden = !STANDARD.includes(name);
  row.style.setProperty('--method', colour);
  row.innerHTML = `
    <th scope="row"><button type="button" class="method" aria-pressed="true" title="${summary}: show or hide its curve">
      <svg class="swatch" viewBox="0 0 22 8" aria-hidden="true"><path d="M0,4H22" stroke-dasharray="${dash}" /></svg>${label}
    </button></th>
    ${'<td class="figure"></td>'.repeat(4)}
    <td class="figure time"></td>
    <td class="status"><p><b></b> <span></span></p></td>`;
  row.querySelector('button')?.addEventListener('click', onToggle);
  return row;
}

function fillRow(row: HTMLTableRowElement, run: Run, iteration: number, duration: Duration | undefined): void {
  const at = readAt(run, iteration);
  const time = positionsOf(run, 'milliseconds', duration);
  const elapsed = time[Math.min(iteration, time.length - 1)];
  const texts = [number(at.error), cosine(at.cosine), number(at.residual), count(at.products), milliseconds(elapsed)];
  for (const [index, cell] of row.querySelectorAll('td.figure').entries()) write(cell, texts[index] ?? '');
  const reason = statusReason(run, iteration);
  write(element('.status b', row), statusWords(run, iteration));
  write(element('.status span', row), reason);
  element('.status p', row).classList.toggle('long', reason.length > 60);
}
