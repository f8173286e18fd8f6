// The address brings a state back, and a bad one does no harm.

import { expect, test } from './bench';

test('the address follows the bench, and brings it back', async ({ bench, page }) => {
  await bench.open();
  await bench.type('λ', '0.5');
  await bench.precision('float64').check();
  await page.getByRole('radio', { name: 'residual' }).check();
  await expect(page).toHaveURL(/#precision=float64&damping=0\.5&y=residual$/);
  const shown = await bench.numbers('cg');

  await page.reload();
  await bench.ready();
  await expect.poll(() => bench.numbers('cg')).toEqual(shown);
  await expect(bench.precision('float64')).toBeChecked();
});

test('an address that is typed in is followed', async ({ bench, page }) => {
  await bench.open();
  await page.evaluate(() => {
    location.hash = 'iterations=7';
  });
  await expect(bench.slider('Iterations')).toHaveValue('7');
});

test('a query is read as well, and gives way to the fragment', async ({ bench, page }) => {
  await bench.open('?iterations=7&from=elsewhere');
  await expect(bench.slider('Iterations')).toHaveValue('7');
  await bench.type('K', '8');
  await expect(page).toHaveURL(/\?from=elsewhere#iterations=8$/);
});

const BAD = {
  'is malformed': ['#layers=banana', 'layers: “banana” is not widths such as 3-5-1'],
  'names no setting': ['#no-such-thing=1', '“no-such-thing” is not a setting of this page'],
  'is hostile': ['#<img src=x onerror=alert(1)>=1', 'is not a setting of this page'],
  'is malformed in its query': ['?damping=-1', 'damping: “-1” is not a number from 0 up'],
  'is endless': [`#seed=${'9'.repeat(4000)}`, 'longer than 2000 characters'],
  'the core refuses': ['#layers=3-999-1', 'Units in each layer, no. 2: 999 is not a width'],
} as const;

for (const [name, [address, message]] of Object.entries(BAD)) {
  test(`an address that ${name} gets a message, and a page that works`, async ({ bench, page }) => {
    page.on('dialog', () => {
      throw new Error('the address ran as code');
    });
    await bench.open(address);
    const notice = page.getByRole('alert');
    await expect(notice).toContainText(message);
    await expect(notice).toContainText('You see the default problem instead.');
    expect((await bench.numbers('cg')).products).toBe(41);
    await bench.type('K', '3');
    expect((await bench.numbers('cg')).products).toBe(4);
    await notice.getByRole('button', { name: 'Close' }).click();
    await expect(notice).toBeHidden();
  });
}

test('a refused experiment leaves the last picture, and says what to do', async ({ bench, page }) => {
  await bench.open();
  const before = await bench.numbers('cg');
  await page.evaluate(() => {
    location.hash = 'layers=3-999-1';
  });
  await expect(page.locator('html')).toHaveAttribute('data-state', 'failed');
  await expect(page.getByRole('alert')).toContainText('Units in each layer, no. 2: 999');
  expect(await bench.numbers('cg')).toEqual(before);
  expect(await bench.path('cg')).toMatch(/^M/);

  await page.getByRole('button', { name: 'Damped' }).click();
  await bench.ready();
  await expect(page.getByRole('alert')).toBeHidden();
});
