// One message at the top of the page: what went wrong and what to do.

import { element } from './dom';

export function showNotice(text: string): void {
  element('#notice-text').textContent = text;
  element<HTMLElement>('#notice').hidden = false;
}

export function hideNotice(): void {
  element<HTMLElement>('#notice').hidden = true;
}

export function startNotice(): void {
  element('#notice-close').addEventListener('click', hideNotice);
}
