// Binds the page's controls to the state, both ways.

import type { Inertia } from '../pkg/hessian_lab';
import { element, writeAttribute } from './dom';
import { samplesOf, TRACE_END } from './experiment';
import { counted, short, threeDigits } from './format';
import { showNotice, takeBack } from './notice';
import { numberIn } from './number-field';
import type { Picture } from './picture';
import { PRESETS } from './presets';
import { chosen } from './problem';
import { MAPPINGS, Slider } from './slider';
import { type State, underView } from './state';
import { ACTIVATIONS, areSame, GENERATORS } from './state-text';
import type { Store } from './store';
import { dampingHint, scaleHint } from './words';

/** Choices among a few, as radio buttons; among several, as lists; and whole or positive numbers in fields. */
const RADIOS = ['curvature', 'precision', 'start', 'x', 'y'] as const;
const LISTS = ['activation', 'loss', 'generator', 'optimizer'] as const;
const WHOLE = ['samples', 'seed', 'training'] as const;
const REAL = ['noise', 'weightDecay'] as const;

/** What the sliders move, and no other control shows. */
const SLIDERS: readonly (keyof State)[] = ['iterations', 'scale', 'damping'];

const MOST_LAYERS = 8;
const SEEDS = 100_000;

export class Controls {
  readonly #store: Store<State>;
  readonly #iterations: Slider;
  readonly #scale: Slider;
  readonly #damping: Slider;

  constructor(store: Store<State>, drag: { start: () => void; settle: () => void }) {
    this.#store = store;
    const slider = (field: keyof typeof MAPPINGS) =>
      new Slider(element(`#${field}`), MAPPINGS[field], {
        onInput: (value) => {
          drag.start();
          store.set(field === 'scale' ? { scale: value, autoScale: false } : { [field]: value });
        },
        onSettle: drag.settle,
      });
    this.#iterations = slider('iterations');
    this.#scale = slider('scale');
    this.#damping = slider('damping');
    for (const use of ['pointerdown', 'focusin']) element('.sliders').addEventListener(use, markLatest);
    this.#bindPresets();
    this.#bindProblem();
    for (const name of RADIOS) this.#bindRadios(name);
    element('#auto-scale').addEventListener('click', () => store.set({ autoScale: !store.value.autoScale }));
    store.subscribe((state, before) => this.#follow(state, before));
    this.#showSliders(store.value);
    this.#showProblem(store.value);
    showPreset(store.value);
  }

  /** The controls follow the state at once, before its report is there. */
  #follow(state: State, before: State): void {
    this.#showSliders(state);
    const names = Object.keys(state) as (keyof State)[];
    if (names.some((name) => state[name] !== before[name] && !SLIDERS.includes(name))) this.#showProblem(state);
    showPreset(state);
  }

  #showSliders(state: State): void {
    this.#iterations.show(state.iterations, `${state.iterations}`);
    if (!state.autoScale) this.#scale.show(state.scale, short(state.scale));
    this.#damping.show(state.damping, short(state.damping));
  }

  #showProblem(state: State): void {
    writeAttribute(element('#auto-scale'), 'aria-pressed', `${state.autoScale}`);
    for (const name of RADIOS)
      for (const radio of document.querySelectorAll<HTMLInputElement>(`input[name=${name}]`))
        radio.checked = radio.value === state[name];
    for (const name of LISTS) element<HTMLSelectElement>(`#${name}`).value = state[name];
    for (const name of [...WHOLE, ...REAL]) element<HTMLInputElement>(`#${name}`).value = `${state[name]}`;
    showOwn(state);
    showLayers(state.layers);
  }

  /** The sliders' marks follow the report. */
  showMarks({ report, state }: Picture): void {
    this.#showIterationMark(state, report.parameters);
    if (state.autoScale) this.#scale.show(state.scale, short(state.scale));
    const { inertia, spectrum } = report;
    if (inertia && spectrum) {
      this.#showScaleMarks(inertia, state.scale);
      this.#showDampingMarks(inertia, spectrum[0] ?? 0);
    } else this.#clearMarks();
  }

  /** As many iterations do as there are eigenvalues: the problem's, or drawn ones that are looked at. */
  #showIterationMark({ lens, drawn }: State, parameters: number): void {
    const isDrawn = lens === 'polynomial' && drawn.length > 0;
    const size = isDrawn ? drawn.length : parameters;
    const inReach = size <= TRACE_END;
    this.#iterations.mark('size', inReach ? size : null, isDrawn ? counted(size, 'eigenvalue') : `P = ${size}`);
    this.#iterations.tick(inReach ? size : null);
    this.#iterations.hint(inReach && !isDrawn ? 'enough for CG in exact arithmetic' : '');
  }

  /** Of a matrix that is not formed nothing is known. */
  #clearMarks(): void {
    for (const slider of [this.#scale, this.#damping]) {
      slider.shade(null);
      slider.hint('');
    }
    this.#scale.tick(null);
    this.#scale.mark('break', null, '');
    this.#scale.mark('best', null, '');
    this.#damping.mark('definite', null, '');
  }

  #showScaleMarks(inertia: Inertia, scale: number): void {
    const { largest, best_scale: best, enclosing_scale: enclosing } = inertia;
    this.#scale.shade(largest / 2);
    this.#scale.tick(best);
    this.#scale.mark('break', enclosing, `λmax/2 = ${threeDigits(largest / 2)}`);
    this.#scale.mark('best', best, `best ${threeDigits(best ?? 0)}`);
    this.#scale.hint(scaleHint(inertia, scale));
  }

  /** The mark stays where it is while damping is moved past it. */
  #showDampingMarks(inertia: Inertia, undamped: number): void {
    const curable = undamped < -inertia.tolerance;
    this.#damping.shade(curable ? -undamped : null);
    this.#damping.mark('definite', curable ? inertia.curing_damping : null, `−λmin(H) = ${threeDigits(-undamped)}`);
    this.#damping.hint(dampingHint(inertia, curable));
  }

  #bindPresets(): void {
    const buttons = PRESETS.map(({ name, hint, state }) => {
      const button = Object.assign(document.createElement('button'), {
        type: 'button',
        textContent: name,
        title: hint,
      });
      button.addEventListener('click', () => this.#store.set(underView(state, this.#store.value)));
      return button;
    });
    element('#presets').replaceChildren(...buttons);
    // A browser leaves what is half in sight where it is.
    for (const button of buttons)
      button.addEventListener('focus', () => button.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
  }

  #bindProblem(): void {
    element('#activation').replaceChildren(...ACTIVATIONS.map((name) => new Option(name)));
    element('#generator').replaceChildren(
      ...Object.entries(GENERATORS).map(([word, value]) => new Option(word, value)),
      Object.assign(new Option('your own', 'own'), { hidden: true }),
    );
    for (const name of LISTS) {
      const list = element<HTMLSelectElement>(`#${name}`);
      list.addEventListener('change', () => this.#choose(name, list.value));
    }
    for (const name of [...WHOLE, ...REAL]) {
      const input = element<HTMLInputElement>(`#${name}`);
      input.addEventListener('change', () => this.#setNumber(input, (value) => ({ [name]: value })));
    }
    element('#redraw').addEventListener('click', () => this.#store.set({ seed: Math.floor(Math.random() * SEEDS) }));
    element('#add-layer').addEventListener('click', () => this.#changeDepth(1));
    element('#remove-layer').addEventListener('click', () => this.#changeDepth(-1));
    element('#layers').addEventListener('change', ({ target }) => this.#changeWidth(target as HTMLInputElement));
  }

  #choose(list: (typeof LISTS)[number], value: string): void {
    takeBack('setting');
    const change = chosen(this.#store.value, list, value);
    if (typeof change === 'string') this.#refuse(change);
    else this.#store.set(change);
  }

  #refuse(reason: string): void {
    showNotice(reason, 'setting');
    this.#showProblem(this.#store.value);
  }

  #bindRadios(name: (typeof RADIOS)[number]): void {
    for (const radio of document.querySelectorAll<HTMLInputElement>(`input[name=${name}]`))
      radio.addEventListener('change', () => this.#store.set({ [name]: radio.value }));
  }

  /** The last hidden layer is repeated, or dropped. */
  #changeDepth(by: 1 | -1): void {
    const { layers } = this.#store.value;
    const hidden = layers.slice(1, -1);
    const next = by === 1 ? [...hidden, hidden.at(-1) ?? 5] : hidden.slice(0, -1);
    this.#store.set({ layers: [layers[0] as number, ...next, layers.at(-1) as number] });
  }

  #changeWidth(input: HTMLInputElement): void {
    const index = Number(input.dataset['layer']);
    this.#setNumber(input, (value) => ({ layers: this.#store.value.layers.with(index, value) }));
  }

  #setNumber(input: HTMLInputElement, toPatch: (value: number) => Partial<State>): void {
    const value = numberIn(input);
    if (value === null) this.#showProblem(this.#store.value);
    else this.#store.set(toPatch(value));
  }
}

/** On a phone there is room for one slider's buttons and marks. */
function markLatest({ target }: Event): void {
  for (const slider of document.querySelectorAll('.slider'))
    slider.classList.toggle('latest', slider.contains(target as Node));
}

function showPreset(state: State): void {
  for (const [index, button] of [...element('#presets').children].entries())
    writeAttribute(button, 'aria-pressed', `${isChosen(PRESETS[index]?.state ?? state, state)}`);
}

/** A slider's value tells most presets from the state, and at once. */
function isChosen(preset: State, state: State): boolean {
  return SLIDERS.every((name) => preset[name] === state[name]) && areSame(underView(preset, state), state);
}

/** The reader's own data stand in for drawn ones: their law and its fields are out of use, and Samples says how many they are. */
function showOwn(state: State): void {
  const { own, generator } = state;
  const list = element<HTMLSelectElement>('#generator');
  if (own?.data) list.value = 'own';
  const drawn = !own?.data;
  const samples = element<HTMLInputElement>('#samples');
  samples.value = `${samplesOf(state)}`;
  samples.toggleAttribute('disabled', !drawn);
  element('#noise').toggleAttribute('disabled', !drawn || generator === 'notebook');
}

/** One width field a layer; the fields stay while their number does, so that focus does. */
function showLayers(layers: readonly number[]): void {
  const root = element('#layers');
  if (root.children.length !== layers.length)
    root.replaceChildren(...layers.map((_, index) => makeWidth(index, layers.length)));
  for (const [index, input] of root.querySelectorAll('input').entries()) input.value = `${layers[index]}`;
  showDepth(layers.length);
}

/** A button that goes out of use would lose the focus: the other takes it. */
function showDepth(depth: number): void {
  const [remove, add] = [element<HTMLButtonElement>('#remove-layer'), element<HTMLButtonElement>('#add-layer')];
  const focused = document.activeElement;
  remove.disabled = depth <= 2;
  add.disabled = depth >= MOST_LAYERS;
  if (focused === remove && remove.disabled) add.focus();
  if (focused === add && add.disabled) remove.focus();
}

function makeWidth(index: number, total: number): HTMLInputElement {
  const input = document.createElement('input');
  const name = index === 0 ? 'Inputs' : index === total - 1 ? 'Outputs' : `Units in hidden layer ${index}`;
  Object.assign(input, { type: 'number', min: '1', max: '128', required: true, title: name });
  input.setAttribute('aria-label', name);
  input.dataset['layer'] = `${index}`;
  return input;
}
