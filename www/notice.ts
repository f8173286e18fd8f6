// Messages at the top of the page: what went wrong and what to do, and what takes long.

import { element, focusOn } from './dom';
import { SILENCE_SECONDS } from './health';

export interface NoticeAction {
  readonly label: string;
  readonly act: () => void;
}

/**
 * What a message may be of, and be out of date with: a run that failed, a setting or a file that was refused, the problem that is
 * shown, a part of the page that did not load. */
export type Subject = 'run' | 'setting' | 'file' | 'problem' | 'loading';

/** What the message that is shown is of. */
let subject: Subject | null = null;
let action: NoticeAction | null = null;
let stop: (() => void) | null = null;
/** What had the focus before the message's buttons. */
let before: EventTarget | null = null;

export function showNotice(text: string, of: Subject | null = null, offered: NoticeAction | null = null): void {
  subject = of;
  action = offered;
  element('#notice-text').textContent = text;
  const button = element<HTMLElement>('#notice-action');
  button.hidden = !offered;
  button.textContent = offered?.label ?? '';
  element<HTMLElement>('#notice').hidden = false;
}

/** The focus of its buttons goes back to where it came from, or to the page's main part. */
function hideNotice(): void {
  const notice = element<HTMLElement>('#notice');
  const hadFocus = notice.contains(document.activeElement);
  notice.hidden = true;
  subject = null;
  if (!hadFocus) return;
  if (before instanceof HTMLElement || before instanceof SVGElement) before.focus();
  if (document.activeElement !== before) focusOn(element('main'));
}

export function isShown(of: Subject): boolean {
  return subject === of;
}

/** Hides a message that is out of date, where none has taken its place. */
export function takeBack(of: Subject): void {
  if (isShown(of)) hideNotice();
}

/** What is only loaded when it is wanted may not arrive: that is told of until something does. Null where it did not. */
export async function orNotice<T>(load: () => T | Promise<T>, text: string): Promise<T | null> {
  try {
    const loaded = await load();
    takeBack('loading');
    return loaded;
  } catch {
    showNotice(text, 'loading');
    return null;
  }
}

/** Tells of a worker that says nothing, and how it is stopped; of none any more where there is nothing to stop. */
export function showSilence(toStop: (() => void) | null): void {
  stop = toStop;
  element('#silence-text').textContent = toStop
    ? `No answer for ${SILENCE_SECONDS} seconds: this takes long, or it hangs. The last picture stays.`
    : '';
  element<HTMLElement>('#silence-stop').hidden = !toStop;
  element('#silence').classList.toggle('unseen', !toStop);
}

export function startNotice(): void {
  element<HTMLElement>('#notice').addEventListener('focusin', ({ currentTarget, relatedTarget: from }) => {
    if (!(currentTarget as Element).contains(from as Node | null)) before = from;
  });
  element('#notice-close').addEventListener('click', hideNotice);
  element('#notice-action').addEventListener('click', () => {
    hideNotice();
    action?.act();
  });
  element('#silence-stop').addEventListener('click', () => {
    stop?.();
    // Its own button is gone by now.
    element<HTMLElement>('#notice-action').focus();
  });
}
