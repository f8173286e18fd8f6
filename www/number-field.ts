// What a field for a number says, where it may; and a word to the reader where it may not.

import { showNotice, takeBack } from './notice';

/** Null where the field does not take what was typed: which field, what was wrong and what is allowed is said at the top. */
export function numberIn(field: HTMLInputElement): number | null {
  takeBack('setting');
  if (field.value !== '' && field.validity.valid) return Number(field.value);
  const name = field.ariaLabel ?? field.labels?.[0]?.textContent?.trim();
  showNotice(`${name}: ${field.validationMessage} It stays as it was.`, 'setting');
  return null;
}
