// Binds the page's controls to the state, both ways.

import { element } from './dom';
import { TRACE_END } from './experiment';
import { short } from './format';
import type { Picture } from './picture';
import { PRESETS } from './presets';
import { type Ends, isDefinite } from './reading';
import { LINEAR, logarithmic, logarithmicFromZero, Slider } from './slider';
import { ACTIVATIONS, type State, toAddress, underView } from './state';
import type { Store } from './store';
import { bestScale, curingDamping, dampingHint, scaleHint } from './words';

const MOST_LAYERS = 8;
const SEEDS = 100_000;

export class Controls {
  readonly #store: Store<State>;
  readonly #iterations: Slider;
  readonly #scale: Slider;
  readonly #damping: Slider;

  constructor(store: Store<State>, drag: { start: () => void; settle: () => void }) {
    this.#store = store;
    const slider = (id: string, mapping: typeof LINEAR, field: 'iterations' | 'scale' | 'damping') =>
      new Slider(element(`#${id}`), mapping, {
        onInput: (value) => {
          drag.start();
          store.set({ [field]: value });
        },
        onSettle: drag.settle,
      });
    this.#iterations = slider('iterations', LINEAR, 'iterations');
    this.#scale = slider('scale', logarithmic(0.1, 100, 600), 'scale');
    this.#damping = slider('damping', logarithmicFromZero(1e-4, 10, 501), 'damping');
    this.#bindPresets();
    this.#bindProblem();
    for (const name of ['curvature', 'precision', 'start', 'x', 'y'] as const) this.#bindRadios(name);
    store.subscribe((state) => this.showState(state));
    this.showState(store.value);
  }

  /** The controls follow the state at once, before its report is there. */
  showState(state: State): void {
    this.#iterations.show(state.iterations, `${state.iterations}`);
    this.#scale.show(state.scale, short(state.scale));
    this.#damping.show(state.damping, short(state.damping));
    for (const name of ['curvature', 'precision', 'start', 'x', 'y'] as const)
      for (const radio of document.querySelectorAll<HTMLInputElement>(`input[name=${name}]`))
        radio.checked = radio.value === state[name];
    element<HTMLSelectElement>('#activation').value = state.activation;
    for (const name of ['samples', 'seed'] as const) element<HTMLInputElement>(`#${name}`).value = `${state[name]}`;
    showLayers(state.layers);
    for (const [index, button] of [...element('#presets').children].entries())
      button.setAttribute(
        'aria-pressed',
        `${toAddress(underView(PRESETS[index]?.state ?? state, state)) === toAddress(state)}`,
      );
  }

  /** The sliders' marks follow the report. */
  showMarks({ report, state, ends }: Picture): void {
    const size = report.parameters;
    const inReach = size <= TRACE_END;
    this.#iterations.mark('size', inReach ? size : null, `P = ${size}`);
    this.#iterations.tick(inReach ? size : null);
    this.#iterations.hint(inReach ? 'would do in exact arithmetic' : '');
    if (ends) this.#showScaleMarks(ends, state.scale);
    if (ends) this.#showDampingMarks(ends, state.damping);
  }

  #showScaleMarks(ends: Ends, scale: number): void {
    const definite = isDefinite(ends);
    this.#scale.shade(ends.max / 2);
    this.#scale.tick(definite ? bestScale(ends) : null);
    this.#scale.mark('break', Number((ends.max / 2).toPrecision(3)), `λmax/2 = ${short(ends.max / 2)}`);
    this.#scale.mark('best', definite ? bestScale(ends) : null, `best ${short(bestScale(ends))}`);
    this.#scale.hint(scaleHint(ends, scale));
  }

  #showDampingMarks(ends: Ends, damping: number): void {
    const needed = damping - ends.min;
    const curable = needed > ends.tolerance;
    this.#damping.shade(curable ? needed : null);
    this.#damping.mark('definite', curable ? curingDamping(damping, ends) : null, `−λmin = ${short(needed)}`);
    this.#damping.hint(dampingHint(ends));
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
  }

  #bindProblem(): void {
    const activation = element<HTMLSelectElement>('#activation');
    activation.replaceChildren(...ACTIVATIONS.map((name) => new Option(name)));
    activation.addEventListener('change', () =>
      this.#store.set({ activation: activation.value as State['activation'] }),
    );
    for (const name of ['samples', 'seed'] as const) {
      const input = element<HTMLInputElement>(`#${name}`);
      input.addEventListener('change', () => this.#setWhole(input, (value) => ({ [name]: value })));
    }
    element('#redraw').addEventListener('click', () => this.#store.set({ seed: Math.floor(Math.random() * SEEDS) }));
    element('#add-layer').addEventListener('click', () => this.#changeDepth(1));
    element('#remove-layer').addEventListener('click', () => this.#changeDepth(-1));
    element('#layers').addEventListener('change', ({ target }) => this.#changeWidth(target as HTMLInputElement));
  }

  #bindRadios(name: 'curvature' | 'precision' | 'start' | 'x' | 'y'): void {
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
    this.#setWhole(input, (value) => ({ layers: this.#store.value.layers.with(index, value) }));
  }

  #setWhole(input: HTMLInputElement, toPatch: (value: number) => Partial<State>): void {
    if (input.value !== '' && input.validity.valid) this.#store.set(toPatch(Number(input.value)));
    else input.reportValidity();
  }
}

/** One width field a layer; the fields stay while their number does, so that focus does. */
function showLayers(layers: readonly number[]): void {
  const root = element('#layers');
  if (root.children.length !== layers.length)
    root.replaceChildren(...layers.map((_, index) => makeWidth(index, layers.length)));
  for (const [index, input] of root.querySelectorAll('input').entries()) input.value = `${layers[index]}`;
  element<HTMLButtonElement>('#remove-layer').disabled = layers.length <= 2;
  element<HTMLButtonElement>('#add-layer').disabled = layers.length >= MOST_LAYERS;
}

function makeWidth(index: number, total: number): HTMLInputElement {
  const input = document.createElement('input');
  const name = index === 0 ? 'Inputs' : index === total - 1 ? 'Outputs' : `Units in hidden layer ${index}`;
  Object.assign(input, { type: 'number', min: '1', max: '128', required: true, title: name });
  input.setAttribute('aria-label', name);
  input.dataset['layer'] = `${index}`;
  return input;
}
