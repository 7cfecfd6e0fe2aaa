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
  ['the first visit says what this is and where to start, until something is broken, and never again', async (world, say) => {
    for (const size of [[1440, 900], [1280, 720], [390, 844]]) {
      const page = world.keep(await open(world, { size }));
      const words = await part(page, 'welcome').innerText();
      expect(/simulation.*AWS/.test(words), `it says ${words}`);
      expect(await part(page, 'welcome').evaluate((it) => it.scrollWidth <= it.clientWidth), `${size}: what this is has no room`);
      for (const name of ['welcome', 'break-button']) {
        const box = await part(page, name).boundingBox();
        expect(box.y >= 0 && box.y + box.height <= size[1], `${size}: ${name} is not in sight`);
      }
      expect(/^Start here/.test(await part(page, 'break-button').innerText()), 'the button does not say that it comes first');
      if (size[0] === 390) continue;
      // The speed that is said is the one that is run.
      const [, said] = /slowed to ([\d.]+)×/.exec(await part(page, 'speed').innerText());
      const [from, began] = [await number(page, 'clock'), performance.now()];
      await page.waitForTimeout(2000);
      const really = ((await number(page, 'clock')) - from) / ((performance.now() - began) / 1000);
      expect(Math.abs(really - said) < 0.1, `it says ${said} and runs at ${really}`);
      say(`${size}: ${said} said, ${really.toFixed(2)} run`);
      await part(page, 'break-button').click();
      await until(page, () => !document.querySelector('[data-test="welcome"]'), null, 'it is still welcome');
      await page.reload();
      await part(page, 'break-button').waitFor();
      same(await part(page, 'welcome').count(), 0, 'welcomes in the second visit');
      expect(!/Start here/.test(await part(page, 'break-button').innerText()), 'the second visit is told where to start');
    }
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
