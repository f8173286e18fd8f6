// The bench as a reader meets it: by roles, names and words. It also keeps watch over the console and the network.

import { expect, type Locator, type Page, test as plain } from '@playwright/test';

export class Bench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(address = ''): Promise<void> {
    await this.page.goto(`./${address}`);
    await this.ready();
  }

  async ready(): Promise<void> {
    // The largest problems take seconds, and a busy machine takes several times as long.
    await expect(this.page.locator('html')).toHaveAttribute('data-state', 'ready', { timeout: 60_000 });
  }

  slider(name: 'Iterations' | 'Scale' | 'Damping'): Locator {
    return this.page.getByRole('slider', { name, exact: true });
  }

  /** The number field beside a slider; Enter commits it. */
  async type(symbol: 'K' | 's' | 'λ', value: string): Promise<void> {
    const field = this.page.getByRole('spinbutton', { name: `${symbol}, as a number` });
    await field.fill(value);
    await field.press('Enter');
    await this.ready();
  }

  precision(name: 'float32' | 'float64'): Locator {
    return this.page.getByRole('radiogroup', { name: 'Precision' }).getByRole('radio', { name });
  }

  curve(method: string): Locator {
    return this.page.getByRole('figure', { name: 'Convergence' }).locator(`path[data-method="${method}"]`);
  }

  async path(method: string): Promise<string> {
    return (await this.curve(method).getAttribute('d')) ?? '';
  }

  row(method: string): Locator {
    return this.page.locator(`tr[data-method="${method}"]`);
  }

  async numbers(method: string): Promise<{ error: number; cosine: number; residual: number; products: number }> {
    const [error, cosine, residual, products] = (await this.row(method).getByRole('cell').allTextContents()).map(
      Number,
    );
    return { error: error ?? NaN, cosine: cosine ?? NaN, residual: residual ?? NaN, products: products ?? NaN };
  }
}

/** Every test fails on a word in the console, an uncaught error or a request to another host. */
export const test = plain.extend<{ bench: Bench }>({
  bench: async ({ page, baseURL }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      const ours = host === new URL(baseURL ?? '').host || ['data:', 'blob:'].includes(protocol);
      if (!ours) complaints.push(`a request to ${request.url()}`);
    });
    await use(new Bench(page));
    expect(complaints).toEqual([]);
  },
});

export { expect };
