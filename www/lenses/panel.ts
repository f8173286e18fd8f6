// A lens on the page: its claim, its sentence, its figure and its table.

import './lenses.css';
import { Announcer } from '../announcer';
import { write, writeAttribute } from '../dom';
import { number } from '../format';
import type { Picture } from '../picture';
import type { Cell, LensHost, LensModule, LensReading, LensTable, LensUpdate } from './lens';

export class LensPanel {
  readonly element = document.createElement('div');
  readonly #update: LensUpdate;
  readonly #claim: HTMLElement;
  readonly #defaultClaim: string;
  readonly #sentence: HTMLElement;
  readonly #announcer: Announcer;
  readonly #figure: HTMLElement;
  readonly #details: HTMLDetailsElement;
  #reading: LensReading | null = null;

  constructor({ claim, build }: LensModule, host: LensHost) {
    this.element.className = 'lens-panel unanswered';
    this.element.innerHTML = `
      <div class="lens-words"><p class="claim"></p><p class="lens-sentence"></p><p class="unseen" aria-live="polite"></p></div>
      <div class="lens-figure"></div>
      <details class="lens-numbers"><summary>The same as a table</summary><div class="lens-scroll" tabindex="0"></div></details>`;
    const [words, figure, details] = [...this.element.children] as [HTMLElement, HTMLElement, HTMLDetailsElement];
    const [first, sentence, spoken] = [...words.children] as [HTMLElement, HTMLElement, HTMLElement];
    first.textContent = claim;
    this.#claim = first;
    this.#defaultClaim = claim;
    this.#sentence = sentence;
    this.#announcer = new Announcer(spoken);
    this.#figure = figure;
    this.#details = details;
    details.addEventListener('toggle', () => this.#fillTable());
    this.#update = build(figure, host);
  }

  show(picture: Picture, settled: boolean): void {
    this.element.classList.remove('unanswered');
    this.#figure.hidden = false;
    this.#details.hidden = false;
    this.#reading = this.#update(picture, settled);
    write(this.#claim, this.#reading.claim ?? this.#defaultClaim);
    this.#say(this.#reading.sentence, this.#reading.room);
    this.#fillTable();
  }

  /** What the table says, or more, of a picture that is shown. */
  get table(): LensTable | null {
    if (this.#figure.hidden || !this.#reading) return null;
    const table = (this.#reading.curves ?? this.#reading.table)();
    return table.columns.length > 0 ? table : null;
  }

  /** Says why there is nothing to show. */
  refuse(reason: string): void {
    this.element.classList.remove('unanswered');
    this.#figure.hidden = true;
    this.#details.hidden = true;
    this.#say(reason);
  }

  #say(sentence: string, room = ''): void {
    writeAttribute(this.#sentence, 'data-room', room);
    if (sentence === this.#sentence.textContent) return;
    write(this.#sentence, sentence);
    this.#announcer.say(sentence);
  }

  #fillTable(): void {
    if (!this.#details.open || !this.#reading) return;
    this.#details.querySelector('.lens-scroll')?.replaceChildren(tableOf(this.#reading.table()));
  }
}

function tableOf({ columns, rows }: LensTable): HTMLTableElement {
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  for (const column of columns) head.append(heading('col', column));
  const body = table.createTBody();
  for (const [name, ...cells] of rows) {
    const row = body.insertRow();
    row.append(heading('row', textOf(name)));
    for (const cell of cells) fill(row.insertCell(), textOf(cell));
  }
  return table;
}

/** Sentences are set as such, and not as numbers are. */
function fill(cell: HTMLTableCellElement, text: string): void {
  cell.textContent = text;
  cell.classList.toggle('sentence', text.length > LONGEST_NUMBER);
}

/** What is longer is in words. */
const LONGEST_NUMBER = 30;

/** A whole number has all its digits, as long as it has them. */
function textOf(cell: Cell): string {
  return typeof cell === 'string' || Number.isSafeInteger(cell) ? `${cell}` : number(cell as number | null | undefined);
}

function heading(scope: 'col' | 'row', text: string): HTMLTableCellElement {
  const cell = document.createElement('th');
  cell.scope = scope;
  cell.textContent = text;
  return cell;
}
