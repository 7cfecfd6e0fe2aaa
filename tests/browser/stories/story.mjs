// The main story by mouse: a running system, one click, an outage, a recovery, and back in time.
import { expect, faster, number, open, part, play, same, scrubTo, settled, until, visibleDifference } from '../lib/harness.mjs';

const state = (code) => document.querySelector(`[data-test="region-${code}"]`).dataset.state;
const isState = ({ code, wanted }) => document.querySelector(`[data-test="region-${code}"]`).dataset.state === wanted;
const recovered = () => document.querySelector('[data-test="rto"]').dataset.done === '1';

export const tests = [
  ['one click takes a region down, the standby takes over, and the score is counted', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?seed=1&at=60&slowmo=0' }));
    const calm = await part(page, 'headline').innerText();
    const button = part(page, 'break-button');
    const [code] = (await button.innerText()).match(/[a-z]{2}-[a-z]+-\d/);
    same(await page.evaluate(state, code), 'healthy', `${code} before the click`);
    await button.click();
    await until(page, isState, { code, wanted: 'dark' }, `${code} does not go dark`);
    const brokenAt = await number(page, 'clock');
    await faster(page, 60, () => part(page, 'speed-up').click());
    await until(page, recovered, null, 'the service is never whole again', 120_000);
    expect((await part(page, 'headline').innerText()) !== calm, 'the headline says the same as before the outage');
    const [rto, rpo] = [await number(page, 'rto'), await number(page, 'rpo')];
    expect(rto > 30 && rto < 3600, `a recovery time of ${rto} s`);
    expect(rpo >= 0 && rpo < 600, `a recovery point of ${rpo} s`);
    expect((await part(page, 'journal').innerText()).length > 100, 'the journal says next to nothing');
    say(`${code} down at ${brokenAt.toFixed(1)} s, whole again after ${rto.toFixed(1)} s, recovery point ${rpo.toFixed(2)} s`);
    await scrubTo(page, Math.floor(brokenAt) - 10);
    await until(page, isState, { code, wanted: 'healthy' }, 'before the outage the region is not healthy again');
    same(await part(page, 'play').getAttribute('aria-pressed'), 'false', 'playing after a seek');
    const then = await number(page, 'clock');
    await play(page, true);
    await until(page, (moment) => Number(document.querySelector('[data-test="clock"]').dataset.seconds) > moment + 1, then, 'it does not play on from there');
  }],
  ['a seek forward and back shows the very same picture', async (world) => {
    const page = world.keep(await open(world, { hash: '#/?seed=2&at=400&paused=1&slowmo=0&fault=region-dark:us-east-1@60' }));
    await scrubTo(page, 200);
    await page.waitForTimeout(700);
    const first = await page.screenshot();
    await scrubTo(page, 390);
    await scrubTo(page, 20);
    await scrubTo(page, 200);
    await page.waitForTimeout(700);
    const different = await visibleDifference(page, first, await page.screenshot());
    // A pixel or two on the edge of a curve depends on what was rastered before; a wrong picture is thousands.
    expect(different <= 20, `${different} pixels look different the second time`);
  }],
  ['the speed is remembered, and so is the theme', async (world) => {
    const page = world.keep(await open(world));
    await part(page, 'theme-day').click();
    await part(page, 'speed-up').click();
    await settled(page);
    const speed = await number(page, 'speed', 'speed');
    await page.waitForTimeout(800);
    await page.reload();
    await page.waitForFunction(() => document.documentElement.dataset.started === '1');
    same(await page.locator('html').getAttribute('data-theme'), 'day', 'theme after a reload');
    same(await number(page, 'speed', 'speed'), speed, 'speed after a reload');
  }],
  ['every kind of fault can be reached without an error', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?slowmo=0' }));
    const chips = await page.locator('[data-test^="fault-"]').evaluateAll((list) => list.map((chip) => chip.dataset.test));
    for (const chip of chips) {
      // Those that are not asked for every day are in the menu of their area.
      const area = await part(page, chip).evaluate((button) => button.closest('.area').querySelector('[popovertarget^="break-"]')?.dataset.test);
      if (!(await part(page, chip).isVisible())) await part(page, area).click();
      await part(page, chip).click();
      expect(await part(page, chip).evaluate((button) => document.getElementById(button.getAttribute('popovertarget')).matches(':popover-open')), `${chip} opens no menu`);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
    }
    say(chips.join(', '));
  }],
];
