// The page inside another page: `?embed=1` leaves out the head and the reading matter, `without=` parts of the bench too.

import { element } from './dom';

/** What a link may hide, and where it is. */
export const PARTS = {
  presets: '.presets',
  problem: '.problem',
  spectrum: '.spectrum',
  table: '.table-room',
  story: '.story',
  sliders: '.sliders',
} as const;

export type Part = keyof typeof PARTS;

const query = new URLSearchParams(location.search);

export function isEmbedded(): boolean {
  return query.get('embed') === '1';
}

/** Hides what the link asks to; names it doesn't know are passed over, as the rest of a query is. */
export function startEmbedding(): void {
  const root = document.documentElement;
  root.toggleAttribute('data-embed', isEmbedded());
  for (const name of hiddenParts()) {
    element<HTMLElement>(PARTS[name]).hidden = true;
    root.setAttribute(`data-without-${name}`, '');
  }
}

/** The parts that this page's own link hides. */
export function hiddenParts(): Part[] {
  const names = query.get('without')?.split('-') ?? [];
  return (Object.keys(PARTS) as Part[]).filter((name) => names.includes(name));
}

/** The HTML that puts the page, at an address and without some parts, into another page. */
export function embedSnippet(address: string, without: readonly Part[]): string {
  const url = new URL(address);
  url.searchParams.set('embed', '1');
  url.searchParams.delete('without');
  if (without.length > 0) url.searchParams.set('without', without.join('-'));
  const source = url.href.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<iframe src="${source}" title="Hessian Lab" width="1280" height="720" style="border:0;max-width:100%" allow="clipboard-write"></iframe>`;
}
