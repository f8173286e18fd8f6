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
  // As the button's own, the panel comes after it by Tab, and another press of it closes the panel.
  panel.showPopover({ source: button });
  const keepPlace = () => place(panel, button);
  keepPlace();
  addEventListener('resize', keepPlace);
  // The first toggle that is heard may be the opening one.
  panel.addEventListener('toggle', function onToggle({ newState }) {
    if (newState !== 'closed') return;
    panel.removeEventListener('toggle', onToggle);
    removeEventListener('resize', keepPlace);
    // What was pressed elsewhere has the focus.
    if (document.activeElement === document.body) button.focus({ preventScroll: true });
  });
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
