// A second browser, if there is one: the stories that the page is about, in Firefox, over WebDriver BiDi.
// `firefox.mjs --short` is what `cargo xtask test` runs: the start and one outage; without it everything, for the night.
// FIREFOX names its program, else `firefox-esr` or `firefox` on PATH.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { DIST, THEMES, expect, same } from './lib/harness.mjs';
import { serve } from './lib/serve.mjs';

const onPath = ['firefox-esr', 'firefox'].flatMap((name) => process.env.PATH.split(delimiter).map((folder) => join(folder, name)));
const executablePath = [process.env.FIREFOX, ...onPath].find((file) => file && existsSync(file));
if (!executablePath) {
  console.log('figure: there is no Firefox on this machine, so nothing was looked at in it');
  process.exit(0);
}

const host = await serve(DIST);
const found = [];
const named = (name) => `[data-test="${name}"]`;
const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Opens the page in a context of its own and waits for its start; what it says on the console is kept. */
async function open(browser, hash, size = [1440, 900]) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport({ width: size[0], height: size[1] });
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content-Security-Policy/.test(message.text())) found.push(`${hash}: ${message.text()}`);
  });
  page.on('pageerror', (error) => found.push(`${hash}: ${error.message}`));
  await page.goto(host.base + hash);
  await page.waitForFunction(() => document.documentElement.dataset.started === '1', { timeout: 60_000 });
  return Object.assign(page, { done: () => context.close() });
}

const text = (page, name) => page.$eval(named(name), (element) => element.innerText);
const data = (page, name, key) => page.$eval(named(name), (element, which) => element.dataset[which], key);
const clock = async (page) => Number(await data(page, 'clock', 'seconds'));
const dark = (page, code) => page.waitForFunction((name) => document.querySelector(`[data-test="region-${name}"]`)?.dataset.state === 'dark', { timeout: 15_000 }, code);
const restored = (page) => page.waitForFunction(() => document.querySelector('[data-test="rto"]').dataset.done === '1', { timeout: 180_000 });
const seek = (page, seconds) => page.$eval(named('scrub'), (slider, value) => {
  slider.value = value;
  slider.dispatchEvent(new Event('input', { bubbles: true }));
}, String(seconds));
const at = (page, seconds) => page.waitForFunction((moment) => Math.abs(Number(document.querySelector('[data-test="clock"]').dataset.seconds) - moment) < 0.1, { timeout: 15_000 }, seconds);

const SHORT = {
  'the page starts and is alive': async (browser) => {
    const page = await open(browser, '');
    const before = await clock(page);
    await wait(1500);
    expect((await clock(page)) > before, 'the clock stands still');
    expect(Number(await data(page, 'stage', 'flights')) > 0, 'no dot is on its way');
    expect(/Start here/.test(await text(page, 'break-button')), 'nothing says where to start');
    await page.done();
  },
  'one outage, from the red button to the end': async (browser) => {
    const page = await open(browser, '#/?seed=1&at=60&slowmo=0&speed=600');
    await page.click(named('break-button'));
    await restored(page);
    const rto = Number(await data(page, 'rto', 'seconds'));
    expect(rto > 30 && rto < 3600, `a recovery time of ${rto} s`);
    await page.done();
    return `over after ${rto.toFixed(1)} s`;
  },
};

const LONG = {
  'pause, back and forth in time': async (browser) => {
    const page = await open(browser, '#/?seed=2&at=300&slowmo=0&fault=region-dark:us-east-1@60');
    await page.click(named('play'));
    await seek(page, 200);
    await at(page, 200);
    const [then, headline] = [await clock(page), await text(page, 'headline')];
    await wait(700);
    same(await clock(page), then, 'the clock while it is paused');
    await seek(page, 20);
    await at(page, 20);
    expect((await text(page, 'headline')) !== headline, 'before the outage it says the same');
    await seek(page, 200);
    await at(page, 200);
    same(await text(page, 'headline'), headline, 'the headline of the same moment');
    await page.click(named('play'));
    await wait(700);
    expect((await clock(page)) > then, 'it does not play on');
    await page.done();
  },
  'broken by a menu and by keyboard': async (browser) => {
    let page = await open(browser, '#/?seed=1&at=45&slowmo=0');
    await page.click(named('fault-link-cut'));
    await page.click('#break-link-cut button');
    await page.waitForFunction(() => /link/.test(document.querySelector('[data-test="headline"]').innerText), { timeout: 10_000 });
    await page.done();
    page = await open(browser, '#/?seed=1&at=45&slowmo=0');
    await page.keyboard.press('b');
    await dark(page, 'us-east-1');
    await page.focus(named('fault-region-dark'));
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement.closest('#break-region-dark') !== null), 'the arrow does not go into the menu');
    await page.done();
  },
  'the comparison': async (browser) => {
    const page = await open(browser, '#/?at=45&paused=1');
    await page.keyboard.press('l');
    await page.waitForFunction(() => document.querySelector('[data-test="lanes-progress"]')?.dataset.percent === '100', { timeout: 120_000 });
    same(await page.$$eval('[data-lane][data-done="1"]', (all) => all.length), 4, 'lanes that are done');
    await page.keyboard.press('Escape');
    await page.waitForSelector(named('clock'));
    await page.done();
  },
  'the microscope, with dots that move': async (browser) => {
    const page = await open(browser, '#/?collide=1');
    await page.waitForSelector(named('spacetime'));
    await page.click(named('play-again'));
    const places = () => page.$$eval('.now, .hop-dot', (all) => all.map((it) => { const box = it.getBoundingClientRect(); return [Math.round(box.left), Math.round(box.top)]; }));
    const seen = [];
    for (let turn = 0; turn < 12; turn += 1) {
      seen.push(await places());
      await wait(400);
    }
    const wandered = seen[0].map((_, index) => new Set(seen.map((all) => all[index].join())).size);
    expect(wandered.every((count) => count > 1), `places of the line and the dots: ${wandered}`);
    await page.done();
  },
  'the writes, and one fate of them': async (browser) => {
    const page = await open(browser, '#/?scenario=write-local&seed=1&at=120&paused=1&fault=link-cut:us-east-1:eu-west-1@60');
    await page.click('#tab-writes');
    await page.waitForFunction(() => /write/.test(document.querySelector('[data-test="writes"]')?.innerText ?? ''), { timeout: 15_000 });
    await page.done();
  },
  'three themes': async (browser) => {
    const page = await open(browser, '#/?at=45&paused=1');
    const grounds = new Set();
    for (const theme of THEMES) {
      await page.click(named(`theme-${theme}`));
      await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, {}, theme);
      await wait(300);
      grounds.add(await page.evaluate(() => getComputedStyle(document.querySelector('.headline')).backgroundColor + getComputedStyle(document.body).fontSize));
    }
    same(grounds.size, THEMES.length, 'looks of three themes');
    await page.done();
  },
  'small and large': async (browser) => {
    for (const size of [[390, 844], [1920, 1080]]) {
      const page = await open(browser, '#/?at=240&paused=1&fault=region-dark:us-east-1@60', size);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${size}: wider than its window`);
      await page.done();
    }
  },
};

const CALM = {
  'motion is unwelcome': async (browser) => {
    const page = await open(browser, '#/?seed=1&at=58&slowmo=0&speed=30&fault=region-dark:us-east-1@60');
    await dark(page, 'us-east-1');
    const before = await clock(page);
    await wait(1500);
    expect((await clock(page)) > before, 'the clock stands still');
    same(await data(page, 'stage', 'flights'), '0', 'dots that move');
    same(await page.evaluate(() => document.getAnimations().filter((it) => it.playState === 'running').length), 0, 'animations');
    await page.done();
  },
};

/** Runs stories one after another in a browser of their own. */
async function tell(stories, extraPrefsFirefox = {}) {
  const launch = { browser: 'firefox', executablePath, headless: true, extraPrefsFirefox };
  const browser = await puppeteer.launch(launch).catch((error) => {
    // The page has nothing to do with that.
    console.log(`figure: Firefox does not start on this machine, so nothing was looked at in it: ${error.message}`);
    process.exit(0);
  });
  try {
    for (const [name, story] of Object.entries(stories)) {
      const note = await story(browser).catch((error) => { found.push(`${name}: ${error.message}`); });
      if (note) console.log(`  ${name}: ${note}`);
    }
    return await browser.version();
  } finally {
    await browser.close();
  }
}

let told = Object.keys(SHORT).length;
let version = '';
try {
  version = await tell(SHORT);
  if (!process.argv.includes('--short')) {
    await tell(LONG);
    await tell(CALM, { 'ui.prefersReducedMotion': 1 });
    told += Object.keys(LONG).length + Object.keys(CALM).length;
  }
} catch (error) {
  found.push(error.message);
}
host.close();
for (const problem of new Set(found)) console.log(`FAIL firefox: ${problem}`);
console.log(`figure: ${version}: ${told} stories, ${found.length} problems`);
process.exit(found.length === 0 ? 0 : 1);
