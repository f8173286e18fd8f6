// The tabs over the bench: the first is the bench's own chart, each of the others opens a lens in its place, in the one panel of them all.

import { element } from './dom';
import { parametersOf } from './experiment';
import { LENSES, openLens } from './lenses';
import type { LensEntry, LensHost, LensTable } from './lenses/lens';
import type { LensPanel } from './lenses/panel';
import { orNotice } from './notice';
import type { Picture } from './picture';
import type { State } from './state';
import type { Store } from './store';

const BENCH = { name: '', label: 'Convergence' };

export class Lenses {
  readonly #store: Store<State>;
  readonly #host: LensHost;
  readonly #tabs = element('#lens-tabs');
  readonly #view = element('#view');
  readonly #root = element<HTMLElement>('#lens');
  readonly #panels = new Map<string, LensPanel>();
  #loading = '';

  constructor(store: Store<State>, host: LensHost) {
    this.#store = store;
    this.#host = host;
    this.#tabs.replaceChildren(...[BENCH, ...LENSES].map((tab) => this.#tab(tab)));
    this.#tabs.addEventListener('keydown', (event) => this.#key(event as KeyboardEvent));
    store.subscribe((state, before) => state.lens !== before.lens && this.#open(state.lens));
    this.#open(store.value.lens);
  }

  /** Draws the open lens, as soon as it is loaded and the picture holds what it needs. */
  show(picture: Picture, settled: boolean): void {
    const { lens, layers } = picture.state;
    const panel = this.#panels.get(lens);
    const entry = openLens(lens);
    if (!panel || !entry) return;
    const parameters = parametersOf(layers);
    const isTooLarge = parameters > entry.most;
    if (isTooLarge && !entry.drawsAnyway) panel.refuse(tooLarge(entry, parameters));
    else if (isTooLarge || isAnswered(entry, picture)) panel.show(picture, settled);
    else if (picture.report.analysis?.missing.length) panel.refuse(picture.report.analysis.missing.join(' '));
  }

  /** What the open lens's table says. */
  get table(): LensTable | null {
    return this.#panels.get(this.#store.value.lens)?.table ?? null;
  }

  #tab({ name, label }: { name: string; label: string }): HTMLButtonElement {
    const tab = Object.assign(document.createElement('button'), {
      type: 'button',
      id: tabId(name),
      textContent: label,
    });
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', this.#view.id);
    tab.addEventListener('click', () => this.#press(name));
    return tab;
  }

  /** One that is open already, but did not load, is tried again. */
  #press(name: string): void {
    if (this.#store.value.lens !== name) this.#store.set({ lens: name });
    else if (!this.#panels.has(name)) this.#open(name);
  }

  #open(name: string): void {
    for (const tab of this.#tabs.children) {
      const chosen = tab.id === tabId(name);
      tab.setAttribute('aria-selected', `${chosen}`);
      (tab as HTMLElement).tabIndex = chosen ? 0 : -1;
      if (chosen) reveal(this.#tabs, tab as HTMLElement);
    }
    const entry = openLens(name);
    document.documentElement.toggleAttribute('data-lens', Boolean(entry));
    this.#root.hidden = !entry;
    this.#view.setAttribute('aria-labelledby', tabId(name));
    this.#host.light([]);
    if (entry) this.#fill(entry);
    else this.#host.redraw();
  }

  #fill(entry: LensEntry): void {
    const panel = this.#panels.get(entry.name);
    this.#root.replaceChildren(...(panel ? [panel.element] : []));
    this.#host.redraw();
    if (!panel) void this.#load(entry);
  }

  /** What is opened while another lens still loads wins. */
  async #load(entry: LensEntry): Promise<void> {
    this.#loading = entry.name;
    const parts = await orNotice(
      () => Promise.all([import('./lenses/panel'), entry.load()]),
      `“${entry.label}” could not be loaded. Check the connection and open it again.`,
    );
    if (!parts) return;
    const [{ LensPanel }, lens] = parts;
    if (!this.#panels.has(entry.name)) this.#panels.set(entry.name, new LensPanel(lens, this.#host));
    if (this.#store.value.lens === entry.name && this.#loading === entry.name) this.#fill(entry);
  }

  #key(event: KeyboardEvent): void {
    const tabs = [...this.#tabs.children] as HTMLElement[];
    const at = tabs.indexOf(event.target as HTMLElement);
    const places: Record<string, number> = {
      ArrowLeft: (at + tabs.length - 1) % tabs.length,
      ArrowRight: (at + 1) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    tabs[place]?.click();
    tabs[place]?.focus();
  }
}

function tabId(name: string): string {
  return `tab-${name || 'convergence'}`;
}

/** On a narrow screen the tabs scroll sideways, and the page must not. */
function reveal(tabs: Element, { offsetLeft, offsetWidth }: HTMLElement): void {
  tabs.scrollLeft = offsetLeft + offsetWidth / 2 - tabs.clientWidth / 2;
}

/** Whether all that the lens asked for is there; a report that was asked for before it was opened lacks it. */
function isAnswered({ analysis = [], include = [] }: LensEntry, { report }: Picture): boolean {
  const analyses = analysis.every((kind) => report.analysis?.[kind]);
  return analyses && include.every((extra) => report[extra]);
}

function tooLarge({ label, most }: LensEntry, parameters: number): string {
  return `“${label}” is drawn for up to ${most} parameters, and this network has ${parameters}. Make its layers narrower to see it.`;
}
