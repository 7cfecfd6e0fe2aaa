// What every test stands on: the built page in the system's Chromium, watched for errors, violations and foreign requests.
import { chromium } from 'playwright-core';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serve } from './serve.mjs';

// Another folder of the same shape can be tested by naming it.
export const DIST = process.env.DIST ?? fileURLToPath(new URL('../../../dist', import.meta.url));
export const THEMES = ['night', 'day', 'projector'];
export const SIZES = [[1440, 900], [768, 1024], [390, 844]];

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--enable-precise-memory-info', '--hide-scrollbars',
];

/** One browser and one host for all tests. */
export async function start() {
  if (!existsSync(`${DIST}/index.html`)) throw new Error('dist/index.html is missing: build the page first');
  const executablePath = process.env.CHROME ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const host = await serve(DIST);
  return { browser, host, close: async () => { await browser.close(); host.close(); } };
}

/** Everything that a page did and should not have done. */
class Watch {
  constructor(origin) {
    this.origin = origin;
    this.found = [];
  }

  async on(page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.found.push(`console error: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.found.push(`uncaught: ${error.message}`));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${this.origin}/`) && !url.startsWith('data:')) this.found.push(`foreign request: ${url}`);
    });
    await page.exposeBinding('__violation', (_, text) => this.found.push(`policy violation: ${text}`));
    await page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => {
        window.__violation(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
      });
      // The page's linear memory, for the tests that weigh it.
      for (const name of ['instantiate', 'instantiateStreaming']) {
        const original = WebAssembly[name];
        WebAssembly[name] = async (...args) => {
          const result = await original.apply(WebAssembly, args);
          window.__memory = (result.instance ?? result).exports.memory;
          return result;
        };
      }
    });
  }
}

/**
 * Opens the page in a context of its own. Options: `hash`, `size`, `init` (a function run before the page), `wait`
 * (false: do not wait for the start), `arrive` (false: nor for the moment that the address names), `block` (which requests
 * fail), `route` (which requests, and what answers them), and whatever a context takes.
 */
export async function open({ browser, host }, { hash = '', size = SIZES[0], init, wait = true, arrive = wait, block, route, ...context } = {}) {
  const made = await browser.newContext({ viewport: { width: size[0], height: size[1] }, deviceScaleFactor: 1, ...context });
  made.setDefaultTimeout(8000);
  const page = await made.newPage();
  const watch = new Watch(host.origin);
  await watch.on(page);
  if (init) await page.addInitScript(init);
  if (block) await page.route(block, (blocked) => blocked.abort());
  if (route) await page.route(...route);
  await page.goto(host.base + hash);
  if (wait) await page.waitForFunction(() => document.documentElement.dataset.started === '1', null, { timeout: 30_000 });
  if (arrive) await arrived(page, hash);
  return Object.assign(page, { watch, done: () => made.close() });
}

/** A moment that an address names is reached over several frames; lists grow until then. */
async function arrived(page, hash) {
  const at = Number(/[?&]at=([\d.]+)/.exec(hash)?.[1] ?? 0);
  const there = (moment) => Number(document.querySelector('[data-test="clock"]')?.dataset.seconds ?? moment) >= moment - 0.01;
  // How fast that goes is measured elsewhere: a busy machine may take long for a run with much to book.
  await page.waitForFunction(there, at, { timeout: 120_000 });
}

/** The element that the contract calls by this name. */
export const part = (page, name) => page.locator(`[data-test="${name}"]`);

/** A number kept in a data attribute of a named part; NaN where there is none. */
export async function number(page, name, key = 'seconds') {
  const text = await part(page, name).getAttribute(`data-${key}`);
  return text === null || text === '' ? Number.NaN : Number(text);
}

/** Waits until a check of the page holds; fails with the words given. */
export async function until(page, check, argument, words, timeout = 15_000) {
  try {
    await page.waitForFunction(check, argument, { timeout, polling: 50 });
  } catch {
    throw new Error(`${words} (waited ${timeout / 1000} s)`);
  }
}

/** Seeks as a hand on the slider does. */
export async function scrubTo(page, seconds) {
  await part(page, 'scrub').evaluate((slider, value) => {
    slider.value = value;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    slider.dispatchEvent(new Event('change', { bubbles: true }));
  }, String(seconds));
}

/** Waits for the page to show what it was last told: Yew renders after the event, the frame after that is painted. */
export const settled = (page) => page.evaluate(() => new Promise((resolve) => {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 0)));
}));

/** Plays or pauses, whatever it did before. */
export async function play(page, wanted) {
  await settled(page);
  const button = part(page, 'play');
  if ((await button.getAttribute('aria-pressed')) !== String(wanted)) await button.click();
  const check = (value) => document.querySelector('[data-test="play"]').getAttribute('aria-pressed') === value;
  await until(page, check, String(wanted), `the play button does not say ${wanted ? 'playing' : 'paused'}`);
}

/** Climbs the speed ladder by pressing a button until this many simulated seconds pass each second. */
export async function faster(page, wanted, press) {
  for (let step = 0; step < 20 && (await number(page, 'speed', 'speed')) < wanted; step += 1) {
    await press();
    await settled(page);
  }
}

export function expect(holds, words) {
  if (!holds) throw new Error(words);
}

export function same(got, wanted, words) {
  if (got !== wanted) throw new Error(`${words}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
}

export const sorted = (values) => [...values].sort((a, b) => a - b);
export const quantile = (values, q) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * q))];

/** How many pixels of two screenshots differ visibly: by more than a shade of antialiasing in some channel. */
export async function visibleDifference(page, first, second) {
  return page.evaluate(async ([one, two]) => {
    const pixels = async (text) => {
      const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(text), (char) => char.charCodeAt(0))]));
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const context = canvas.getContext('2d');
      context.drawImage(picture, 0, 0);
      return context.getImageData(0, 0, picture.width, picture.height).data;
    };
    const [a, b] = [await pixels(one), await pixels(two)];
    let count = 0;
    for (let i = 0; i < a.length; i += 4) {
      if (Math.max(Math.abs(a[i] - b[i]), Math.abs(a[i + 1] - b[i + 1]), Math.abs(a[i + 2] - b[i + 2])) > 12) count += 1;
    }
    return count;
  }, [first.toString('base64'), second.toString('base64')]);
}
