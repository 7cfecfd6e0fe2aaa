// `cargo xtask night`: a second browser, if there is one: the main story and each view in Firefox, over WebDriver BiDi.
// FIREFOX names its program, else `firefox-esr` or `firefox` on PATH.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { DIST, expect } from './lib/harness.mjs';
import { serve } from './lib/serve.mjs';

const onPath = ['firefox-esr', 'firefox'].flatMap((name) => process.env.PATH.split(delimiter).map((folder) => join(folder, name)));
const executablePath = [process.env.FIREFOX, ...onPath].find((file) => file && existsSync(file));
if (!executablePath) {
  console.log('figure: there is no Firefox on this machine, so nothing was looked at');
  process.exit(0);
}

const VIEWS = {
  'a calm system': 'at=30',
  'an outage': 'at=150&fault=region-dark:us-east-1@60',
  'the comparison': 'compare=1',
  'the microscope': 'collide=1',
  'by day': 'theme=day&at=30',
};
const host = await serve(DIST);
const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
const found = [];

/** Opens the page and waits for its start; what it says on the console is kept. */
async function open(hash) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1440, height: 900 });
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content-Security-Policy/.test(message.text())) found.push(`${hash}: ${message.text()}`);
  });
  page.on('pageerror', (error) => found.push(`${hash}: ${error.message}`));
  await page.goto(host.base + hash);
  await page.waitForFunction(() => document.documentElement.dataset.started === '1', { timeout: 60_000 });
  return page;
}

try {
  for (const [name, query] of Object.entries(VIEWS)) {
    const page = await open(`#/?${query}`);
    await new Promise((resolve) => { setTimeout(resolve, 3000); });
    expect(!(await page.evaluate(() => document.documentElement.dataset.crashed)), `${name}: the page has crashed`);
    await page.close();
  }
  const page = await open('#/?seed=1&at=60&slowmo=0&speed=60');
  await page.click('[data-test="break-button"]');
  await page.waitForFunction(() => document.querySelector('[data-test="rto"]').dataset.done === '1', { timeout: 180_000 });
  const rto = await page.$eval('[data-test="rto"]', (element) => element.dataset.seconds);
  console.log(`figure: ${await browser.version()}: ${Object.keys(VIEWS).length} views, and an outage that is over after ${Number(rto).toFixed(1)} s`);
} catch (error) {
  found.push(error.message);
} finally {
  await browser.close();
  host.close();
}
for (const text of new Set(found)) console.log(text);
process.exit(found.length === 0 ? 0 : 1);
