// The three engines: where each one's driver is, how it starts, and what to install where it is missing.

import { find, findChromium, findDriver, QUIET } from '../browser.mjs';
import { startBrowser } from './webdriver.mjs';

const chromium = findChromium();
const firefox = find(process.env.FIREFOX, ['firefox', 'firefox-esr']);
const screen = find(undefined, ['xvfb-run']);

/** WebKit draws on a screen, though nobody looks at it. */
const onScreen = screen && !process.env.DISPLAY ? [screen, '-a'] : [];

/** `variable` is where wasm-bindgen's test runner looks for the driver; `wrapper` is what both are started by. */
export const engines = [
  {
    name: 'Chromium',
    driver: chromium && findDriver(),
    variable: 'CHROMEDRIVER',
    wrapper: [],
    capabilities: {
      'goog:chromeOptions': { binary: chromium, args: ['--headless=new', '--no-sandbox', ...QUIET] },
    },
    install: 'chromium and chromium-driver; or name them in CHROMIUM and CHROMEDRIVER',
  },
  {
    name: 'Firefox',
    driver: firefox && find(process.env.GECKODRIVER, ['geckodriver']),
    variable: 'GECKODRIVER',
    wrapper: [],
    capabilities: { 'moz:firefoxOptions': { binary: firefox, args: ['-headless'] } },
    install: 'firefox or firefox-esr, and geckodriver; or name them in FIREFOX and GECKODRIVER',
  },
  {
    name: 'WebKit',
    driver: find(process.env.SAFARIDRIVER, ['WebKitWebDriver', 'safaridriver']),
    variable: 'SAFARIDRIVER',
    wrapper: onScreen,
    capabilities: {},
    install: 'webkit2gtk-driver and xvfb, or Safari; or name the driver in SAFARIDRIVER',
  },
].map((engine) => ({
  ...engine,
  start: () => startBrowser([...engine.wrapper, engine.driver], engine.capabilities),
}));
