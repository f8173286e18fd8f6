// A number picked from a few, as a list; one that is not among them, from the address, is added.

export interface Pick {
  readonly element: HTMLElement;
  readonly show: (value: number, options: readonly number[]) => void;
}

export function pick(label: string, onPick: (value: number) => void): Pick {
  const element = document.createElement('label');
  const list = document.createElement('select');
  element.className = 'number-pick';
  element.append(label, list);
  list.addEventListener('change', () => onPick(Number(list.value)));
  let offered = '';
  return {
    element,
    show: (value, options) => {
      const all = [...new Set([...options, value])].sort((a, b) => a - b);
      if (offered !== all.join()) list.replaceChildren(...all.map((number) => new Option(`${number}`, `${number}`)));
      offered = all.join();
      list.value = `${value}`;
    },
  };
}
