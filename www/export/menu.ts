// The export panel: curves, pictures, the experiment and its report, a PyTorch script, and the page in another page.

import { addressOf } from '../address';
import type { Aside } from '../aside';
import { embedSnippet, hiddenParts, PARTS, type Part } from '../embed';
import { named, toExperiment } from '../experiment';
import type { LensTable } from '../lenses/lens';
import { isLeftOut } from '../own';
import { openWith } from '../panel';
import type { Pins } from '../pins';
import type { State } from '../state';
import type { Store } from '../store';
import { curvesCsv, tableCsv } from './csv';
import { chartPng, chartSvg } from './picture';
import { pytorchScript, type WholeReport } from './script';

export interface Sources {
  readonly store: Store<State>;
  readonly aside: Aside;
  readonly pins: Pins;
  /** What the open lens's table says. */
  readonly table: () => LensTable | null;
}

export function openExport(button: HTMLElement, sources: Sources): Promise<void> {
  return openWith(button, 'Export', (body) => fill(body, sources));
}

function fill(body: HTMLElement, { store, aside, pins, table }: Sources): void {
  const charts = chartsInView();
  const warning = isLeftOut(store.value.own)
    ? '<p class="wrong">Your data and weights are too large for a link: it leaves them out. Send the Experiment as a file in its place; it can be dropped onto this page.</p>'
    : '';
  const hidden = hiddenParts();
  body.innerHTML = `
    ${warning}
    <h3>Numbers</h3>
    <div class="rows"><button type="button" data-file="csv">Curves, CSV</button>
      <button type="button" data-file="table"${table() ? '' : ' hidden'}>The lens’s table, CSV</button>
      <button type="button" data-file="experiment">Experiment, JSON</button>
      <button type="button" data-file="report">Report, JSON</button>
      <button type="button" data-file="script">PyTorch script</button></div>
    <h3>Pictures</h3>
    <div class="rows"><select id="export-chart" aria-label="Chart">${charts.map((_, index) => `<option value="${index}"></option>`).join('')}</select>
      <button type="button" data-file="svg">SVG</button>
      <button type="button" data-file="png">PNG</button></div>
    <h3>In another page</h3>
    <p>Leave out: ${Object.keys(PARTS)
      .map(
        (part) =>
          `<label><input type="checkbox" value="${part}"${hidden.includes(part as Part) ? ' checked' : ''} /> ${part}</label>`,
      )
      .join(' ')}</p>
    <textarea id="export-embed" rows="4" readonly aria-label="HTML to copy"></textarea>
    <div class="rows"><button type="button" id="export-copy">Copy HTML</button></div>
    <p class="wrong" role="alert"></p>`;
  for (const [index, option] of [...body.querySelectorAll('option')].entries())
    option.textContent = nameOf(charts[index]);
  bindEmbedding(body, () => addressOf(store.value, pins));
  const alert = body.querySelector('[role=alert]') as HTMLElement;
  const chosen = () =>
    charts[Number((body.querySelector('#export-chart') as HTMLSelectElement).value)] as SVGSVGElement;
  for (const button of body.querySelectorAll<HTMLButtonElement>('[data-file]'))
    button.addEventListener('click', async () => {
      alert.textContent = '';
      button.disabled = true;
      try {
        await save(button.dataset['file'] ?? '', store.value, { aside, chart: chosen, table });
      } catch (error) {
        alert.textContent = error instanceof Error ? error.message : String(error);
      }
      button.disabled = false;
    });
}

interface Shown {
  readonly aside: Aside;
  readonly chart: () => SVGSVGElement;
  readonly table: Sources['table'];
}

async function save(kind: string, state: State, { aside, chart, table }: Shown): Promise<void> {
  const experiment = toExperiment(state);
  switch (kind) {
    case 'csv':
      return download('curves.csv', 'text/csv', curvesCsv(named(await aside.report(experiment), state)));
    case 'table':
      return download(`${state.lens}.csv`, 'text/csv', tableCsv(table() ?? { columns: [], rows: [] }));
    case 'experiment':
      return download('experiment.json', 'application/json', JSON.stringify(experiment, null, 1));
    case 'report':
      return download('report.json', 'application/json', JSON.stringify(await aside.report(experiment)));
    case 'script':
      return download('newton_step.py', 'text/x-python', await script(state, aside));
    case 'svg':
      return download(`${fileName(chart())}.svg`, 'image/svg+xml', chartSvg(chart()));
    default:
      return download(`${fileName(chart())}.png`, 'image/png', await chartPng(chart()));
  }
}

async function script(state: State, aside: Aside): Promise<string> {
  const report = named(await aside.report({ ...toExperiment(state), include: ['data', 'draws'] }), state);
  return pytorchScript(state, report as WholeReport);
}

function download(name: string, type: string, content: BlobPart): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement('a'), { href: address, download: `hessian-lab-${name}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function chartsInView(): SVGSVGElement[] {
  const all = [...document.querySelectorAll<SVGSVGElement>('svg.chart')];
  return all.filter((chart) => chart.getBoundingClientRect().width > 0);
}

/** A chart's name: the figure's or section's heading that it stands under; in a lens, what it says of itself first. */
function nameOf(chart: SVGSVGElement | undefined): string {
  const heading = chart?.closest('figure, .spectrum')?.querySelector('h2, h3');
  if (chart?.id === 'data-chart') return 'The data';
  return chart?.id === 'network-chart'
    ? 'The network'
    : (heading?.textContent ?? chart?.ariaLabel?.split(/[.;:]/)[0] ?? 'Chart');
}

/** A chart's name in lower-case words and hyphens. */
function fileName(chart: SVGSVGElement): string {
  return nameOf(chart)
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

function bindEmbedding(body: HTMLElement, address: () => string): void {
  const text = body.querySelector('#export-embed') as HTMLTextAreaElement;
  const boxes = [...body.querySelectorAll<HTMLInputElement>('input[type=checkbox]')];
  const show = () => {
    text.value = embedSnippet(
      address(),
      boxes.filter((box) => box.checked).map((box) => box.value as Part),
    );
  };
  for (const box of boxes) box.addEventListener('change', show);
  const copy = body.querySelector('#export-copy') as HTMLButtonElement;
  copy.addEventListener('click', async () => {
    show();
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
      copy.textContent = 'Copied';
    } catch {
      copy.textContent = 'Copy it from the field';
    }
  });
  text.addEventListener('focus', show);
  show();
}
