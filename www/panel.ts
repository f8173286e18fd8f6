// Panels that open under the button that opens them; Escape, or a press elsewhere, closes them.

import { element } from './dom';

const GAP = 6;
const EDGE = 8;

/** Opens a panel under a button. */
export function openPanel(panel: HTMLElement, button: HTMLElement): void {
  if (panel.matches(':popover-open')) {
    panel.hidePopover();
    return;
  }
  panel.showPopover();
  place(panel, button);
  panel.addEventListener('toggle', () => button.focus({ preventScroll: true }), { once: true });
  panel.querySelector<HTMLElement>('input, button, select, textarea, a')?.focus({ preventScroll: true });
}

/** The one panel whose content is brought along: opened with a title, filled by `fill`. */
export async function openWith(
  button: HTMLElement,
  title: string,
  fill: (body: HTMLElement) => void | Promise<void>,
): Promise<void> {
  const body = element<HTMLElement>('#panel-body');
  element('#panel-title').textContent = title;
  body.replaceChildren();
  await fill(body);
  openPanel(element('#panel'), button);
}

export function closePanel(): void {
  element<HTMLElement>('#panel').hidePopover();
}

function place(panel: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const left = Math.min(Math.max(at.left, EDGE), innerWidth - width - EDGE);
  const below = at.bottom + GAP;
  const top = below + height <= innerHeight - EDGE ? below : Math.max(at.top - GAP - height, EDGE);
  panel.style.left = `${Math.max(left, EDGE)}px`;
  panel.style.top = `${top}px`;
}
