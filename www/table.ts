// The table of the numbers at the current iteration: one row a method, which also switches its curve on and off.

import { element, write, writeAttribute } from './dom';
import { cosine, count, milliseconds, number } from './format';
import { METHODS, type MethodStyle, STANDARD } from './methods';
import type { Picture } from './picture';
import { type Duration, findRun, hasAnswer, positionsOf, type Run, readAt } from './reading';
import { statusReason, statusWords } from './words';

type Durations = ReadonlyMap<string, Duration>;

/** A method's row and what is written in it. */
interface Row {
  readonly name: string;
  readonly element: HTMLTableRowElement;
  readonly button: Element;
  readonly figures: readonly Element[];
  readonly status: Element;
  readonly words: Element;
  readonly reason: Element;
}

export class Table {
  readonly #body: HTMLTableSectionElement;
  readonly #rows: readonly Row[];

  constructor(body: HTMLTableSectionElement, onToggle: (method: string) => void) {
    this.#body = body;
    this.#rows = METHODS.map((method) => makeRow(method, () => onToggle(method.name)));
    body.replaceChildren(...this.#rows.map((row) => row.element));
  }

  show({ report, state }: Picture, durations: Durations): void {
    this.#body.closest('.convergence')?.classList.toggle('many', report.methods.length > STANDARD.length);
    this.#body.parentElement?.classList.toggle('timed', state.x === 'milliseconds');
    for (const row of this.#rows) {
      const run = findRun(report, row.name);
      row.element.toggleAttribute('hidden', !run);
      if (run) fillRow(row, run, state.iterations, durations.get(row.name));
      const shown = !state.hidden.includes(row.name);
      row.element.classList.toggle('off', !shown);
      writeAttribute(row.button, 'aria-pressed', `${shown}`);
    }
  }
}

function makeRow({ name, label, summary, colour, dash }: MethodStyle, onToggle: () => void): Row {
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
    <td class="status"><p><span><b></b> <span></span></span></p></td>`;
  const button = element('button', row);
  button.addEventListener('click', onToggle);
  return {
    name,
    element: row,
    button,
    figures: [...row.querySelectorAll('td.figure')],
    status: element('.status p', row),
    words: element('.status b', row),
    reason: element('.status b + span', row),
  };
}

function fillRow(row: Row, run: Run, iteration: number, duration: Duration | undefined): void {
  const at = readAt(run, iteration);
  const time = positionsOf(run, 'milliseconds', duration);
  const elapsed = time[Math.min(iteration, time.length - 1)];
  const texts = [number(at.error), cosine(at.cosine), number(at.residual), count(at.products), milliseconds(elapsed)];
  for (const [index, cell] of row.figures.entries()) write(cell, hasAnswer(run) ? (texts[index] ?? '') : number(null));
  const reason = statusReason(run, iteration);
  write(row.words, statusWords(run, iteration));
  write(row.reason, reason);
  row.status.classList.toggle('long', reason.length > 60);
}
