// A choice among a few, as radio buttons that wrap.

export interface Choice {
  readonly element: HTMLElement;
  readonly show: (value: string) => void;
}

export interface Option {
  readonly name: string;
  readonly label: string;
  readonly colour?: string;
}

/** `name` is that of the radio buttons, `label` what the choice is of. */
export function choice(
  name: string,
  label: string,
  options: readonly Option[],
  onPick: (value: string) => void,
): Choice {
  const element = document.createElement('div');
  element.className = 'chips';
  element.setAttribute('role', 'radiogroup');
  element.setAttribute('aria-label', label);
  const radios = options.map((option) => {
    const radio = Object.assign(document.createElement('input'), { type: 'radio', name, value: option.name });
    const text = Object.assign(document.createElement('span'), { textContent: option.label });
    if (option.colour) text.style.color = option.colour;
    const box = document.createElement('label');
    box.append(radio, text);
    element.append(box);
    radio.addEventListener('change', () => onPick(option.name));
    return radio;
  });
  return {
    element,
    show: (value) => {
      for (const radio of radios) radio.checked = radio.value === value;
    },
  };
}
