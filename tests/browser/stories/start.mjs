// The first visit: the shell at once, then a running system, whatever the browser refuses.
import { THEMES, expect, number, open, part, same, until } from '../lib/harness.mjs';

const CHIPS = '[data-test^="fault-"]';
const NAMES = ['break-button', 'play', 'scrub', 'clock', 'speed-up', 'speed-down', 'speed', 'headline', 'rto', 'rpo', 'route53', 'stage',
  'journal', 'help', 'theme-night', 'theme-day', 'theme-projector'];

async function runs(page) {
  const before = await number(page, 'clock');
  await until(page, (then) => Number(document.querySelector('[data-test="clock"]').dataset.seconds) > then, before, 'the clock stands still');
}

export const tests = [
  ['the page starts under a sub-path and is alive', async (world, say) => {
    const page = world.keep(await open(world));
    for (const name of NAMES) same(await part(page, name).count(), 1, `elements called ${name}`);
    expect((await page.locator(CHIPS).count()) >= 8, 'fewer than eight kinds of fault can be injected');
    expect((await page.locator('[data-test^="region-"]').count()) >= 2, 'fewer than two regions are shown');
    same(await page.locator('h1').count(), 1, 'headings of the first level');
    await runs(page);
    const region = (await part(page, 'break-button').innerText()).match(/[a-z]{2}-[a-z]+-\d/);
    expect(region, 'the big red button does not name the region that it takes down');
    const paints = await page.evaluate(() => performance.getEntriesByType('paint').map((entry) => `${entry.name} ${entry.startTime.toFixed(0)} ms`));
    say(paints.join(', '));
  }],
  ['without JavaScript the page says what it needs', async (world) => {
    const page = world.keep(await open(world, { javaScriptEnabled: false, wait: false }));
    expect((await page.locator('noscript').textContent()).includes('needs JavaScript'), 'no word about JavaScript');
    expect(await page.locator('h1').isVisible(), 'the shell is not shown');
  }],
  ['it runs where storage is refused', async (world) => {
    const init = () => Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('refused', 'SecurityError'); } });
    await runs(world.keep(await open(world, { init })));
  }],
  ['it runs where motion is unwelcome', async (world) => {
    await runs(world.keep(await open(world, { reducedMotion: 'reduce' })));
  }],
  ['an address chooses theme, moment and pause', async (world) => {
    for (const theme of THEMES) {
      const page = world.keep(await open(world, { hash: `#/?theme=${theme}&at=90&paused=1` }));
      same(await page.locator('html').getAttribute('data-theme'), theme, 'theme');
      same(await part(page, `theme-${theme}`).getAttribute('aria-pressed'), 'true', `aria-pressed of ${theme}`);
      same(Math.round(await number(page, 'clock')), 90, 'moment');
      same(await part(page, 'play').getAttribute('aria-pressed'), 'false', 'playing');
    }
  }],
  ['an address that makes no sense does no harm', async (world) => {
    const nonsense = '#/?theme=pink&at=-1e999&speed=NaN&seed=x&fault=@@@:::&fault=region-dark:atlantis@60&flights=-5&%E0%A4%A';
    await runs(world.keep(await open(world, { hash: nonsense })));
    const page = world.keep(await open(world, { hash: '#main' }));
    await runs(page);
    await page.evaluate(() => { location.hash = '#/?at=zzz'; });
    await runs(page);
  }],
];
