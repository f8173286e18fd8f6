// What it is for: the applications that need an inverse-Hessian product, each with a choice of how to get it.

import { showNotice } from '../notice';
import type { Picture } from '../picture';
import type { LensHost, LensReading } from './lens';

import type { ApplicationEntry } from './purpose/application';
import { APPLICATIONS } from './purpose/applications';
import { choice } from './purpose/choice';
import { ApplicationPanel } from './purpose/panel';

export const claim = 'An inverse-Hessian product is a means to an end, and the end shows what a poor inverse costs.';

export function build(figure: HTMLElement, host: LensHost) {
  const panels = new Map<string, ApplicationPanel>();
  const place = document.createElement('div');
  place.className = 'application-place';
  const uses = choice('use', 'Application', APPLICATIONS, (use) => {
    host.set({ use });
    host.settle();
  });
  const [head, aside] = [document.createElement('div'), document.createElement('div')];
  head.className = 'lens-foot';
  head.append(uses.element, aside);
  figure.append(head, place);

  const load = async (entry: ApplicationEntry) => {
    try {
      const { application } = await entry.load();
      if (!panels.has(entry.name)) panels.set(entry.name, new ApplicationPanel(application, host));
      host.redraw();
    } catch {
      showNotice(`“${entry.label}” could not be loaded. Check the connection and choose it again.`);
    }
  };

  return (picture: Picture, settled: boolean): LensReading => {
    const { use } = picture.state;
    uses.show(use);
    const panel = panels.get(use);
    for (const [name, other] of panels) if (name !== use) other.rest();
    if (!panel) {
      const entry = APPLICATIONS.find(({ name }) => name === use);
      if (entry) void load(entry);
      place.replaceChildren();
      aside.replaceChildren();
      return { sentence: '', table: () => ({ columns: [], rows: [] }) };
    }
    if (panel.element.parentElement !== place) {
      place.replaceChildren(panel.element);
      aside.replaceChildren(panel.aside);
    }
    return panel.show(picture, settled);
  };
}
