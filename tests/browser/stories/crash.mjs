// When the page itself fails, the card outside Yew's root says so and offers two ways on.
import { expect, open, same, until } from '../lib/harness.mjs';

const shown = () => !document.getElementById('crash').hidden;
const running = () => document.documentElement.dataset.started === '1' && document.getElementById('crash').hidden;

/** Opens the page where it panics; what the browser logs about that is expected. */
async function crashed(world, options) {
  const page = world.keep(await open(world, { hash: '#/__panic', ...options }));
  page.forgiven = true;
  await until(page, shown, null, 'no crash card');
  return page;
}

export const tests = [
  ['a panic shows the card, with the focus on it and the message in it', async (world) => {
    const page = await crashed(world);
    same(await page.evaluate(() => document.activeElement.id), 'crash', 'focus');
    expect((await page.locator('#crash-message').innerText()).length > 5, 'the card says nothing');
    same(await page.locator('html').getAttribute('data-crashed'), '1', 'data-crashed');
    await page.waitForTimeout(1000);
    const errors = page.watch.found.filter((text) => text.startsWith('console error')).length;
    expect(errors <= 1, `${errors} console errors: the page goes on after its panic`);
    const foreign = page.watch.found.filter((text) => /policy|foreign/.test(text));
    same(foreign.length, 0, 'violations');
  }],
  ['starting clean forgets what is stored and the address', async (world) => {
    const page = await crashed(world);
    await page.evaluate(() => { localStorage.setItem('faultline.test', '1'); localStorage.setItem('other', '1'); });
    await page.locator('#crash-clean').click();
    await until(page, running, null, 'it does not start again');
    const kept = await page.evaluate(() => [location.hash.startsWith('#/__panic'), localStorage.getItem('faultline.test'), localStorage.getItem('other')]);
    same(JSON.stringify(kept), '[false,null,"1"]', 'address, our storage, others\' storage');
  }],
  ['starting the scenario again keeps the address', async (world) => {
    const page = await crashed(world);
    await page.evaluate(() => { history.replaceState(null, '', '#/?seed=7'); });
    await page.locator('#crash-again').press('Enter');
    await until(page, running, null, 'it does not start again');
    expect((await page.evaluate(() => location.hash)).includes('seed=7'), 'the address is lost');
  }],
  ['wasm that cannot be loaded is said within five seconds', async (world) => {
    const page = world.keep(await open(world, { block: (url) => url.pathname.endsWith('.wasm'), wait: false }));
    page.forgiven = true;
    await until(page, shown, null, 'no word about it', 5000);
    expect(/could not start/.test(await page.locator('#crash-message').innerText()), 'the card does not say what happened');
  }],
  ['where its script never arrives the shell says what the page needs, after five seconds', async (world) => {
    const page = world.keep(await open(world, { block: (url) => url.pathname.endsWith('boot.js'), wait: false }));
    page.forgiven = true;
    const late = page.locator('#boot-late');
    expect(!(await late.isVisible()), 'it is said at once');
    await until(page, () => getComputedStyle(document.getElementById('boot-late')).visibility === 'visible', null, 'it is never said', 7000);
    expect(/allow-same-origin/.test(await late.innerText()), 'it does not say what a frame needs');
  }],
  ['in a frame with a sandbox it runs with an origin of its own, and says so without one', async (world) => {
    const page = world.keep(await open(world, { hash: '#/?paused=1' }));
    page.forgiven = true;
    const framed = async (rights) => {
      const other = await page.context().newPage();
      await other.setContent(`<iframe sandbox="${rights}" width="1200" height="800" src="${world.host.base}#/?paused=1"></iframe>`);
      return other.frameLocator('iframe');
    };
    const poor = await framed('allow-scripts');
    await poor.locator('#boot-late').waitFor({ state: 'visible', timeout: 8000 });
    expect((await poor.locator('[data-test="clock"]').count()) === 0, 'it starts without an origin');
    const rich = await framed('allow-scripts allow-same-origin');
    await rich.locator('[data-test="clock"]').waitFor({ state: 'visible', timeout: 20_000 });
  }],
];
