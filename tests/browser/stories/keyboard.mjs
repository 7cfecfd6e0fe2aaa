// The same story without a mouse.
import { expect, faster, number, open, part, play, same, settled, until } from '../lib/harness.mjs';

const focused = () => document.activeElement?.closest('[data-test]')?.dataset.test ?? '';

/** Tabs to a named part; fails when the way there is endless or shows no focus. */
async function tabTo(page, name, most = 80) {
  for (let steps = 1; steps <= most; steps += 1) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate(focused)) === name) {
      const ring = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none';
      });
      expect(ring, `nothing shows that ${name} has the focus`);
      return steps;
    }
  }
  throw new Error(`${most} tabs do not reach ${name}`);
}

export const tests = [
  ['a region goes down and the service recovers, by keyboard alone', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?seed=1&at=60&slowmo=0' }));
    const calm = await part(page, 'headline').innerText();
    const steps = await tabTo(page, 'break-button');
    await page.keyboard.press('Enter');
    await until(page, (words) => document.querySelector('[data-test="headline"]').innerText !== words, calm, 'Enter on the red button does nothing');
    await tabTo(page, 'speed-up');
    await faster(page, 60, () => page.keyboard.press('Enter'));
    await until(page, () => document.querySelector('[data-test="rto"]').dataset.done === '1', null, 'the service is never whole again', 120_000);
    await tabTo(page, 'scrub');
    // Still, so that it is the arrow that moves the clock.
    await play(page, false);
    await part(page, 'scrub').focus();
    await settled(page);
    const before = await number(page, 'clock');
    await page.keyboard.press('ArrowLeft');
    await until(page, (then) => Number(document.querySelector('[data-test="clock"]').dataset.seconds) < then, before, 'the left arrow does not go back');
    const words = await part(page, 'scrub').getAttribute('aria-valuetext');
    expect(words && !/^[\d.]+$/.test(words), 'the slider does not say its moment in words');
    say(`${steps} tabs to the red button; the slider says "${words}"`);
  }],
  ['the focus goes round the page and is never trapped', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?at=30&paused=1' }));
    const seen = new Set();
    for (let steps = 0; steps < 200; steps += 1) {
      await page.keyboard.press('Tab');
      // A page that is left by Tab has the body focused for one step.
      const at = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return 'body';
        element.__number ??= (window.__count = (window.__count ?? 0) + 1);
        return String(element.__number);
      });
      if (at === 'body' || (at === '1' && seen.size > 1)) break;
      expect(!seen.has(at) || at === '1', 'the focus runs in a circle inside the page');
      seen.add(at);
    }
    expect(seen.size >= 10, `only ${seen.size} things can be focused`);
    say(`${seen.size} stops`);
  }],
  ['what is seldom broken is reached by keyboard, through the menu of its area', async (world) => {
    const page = world.keep(await open(world, { hash: '#/?at=30&slowmo=0&speed=1' }));
    const isOpen = (id) => page.evaluate((name) => document.getElementById(name).matches(':popover-open'), id);
    const where = () => page.evaluate(() => document.activeElement.closest('[popover]')?.id ?? '');
    await tabTo(page, 'area-network', 120);
    await page.keyboard.press('Enter');
    expect(await isOpen('break-network'), 'Enter does not open the menu');
    await tabTo(page, 'fault-balancer-address', 12);
    await page.keyboard.press('Enter');
    expect(await isOpen('break-balancer-address') && await isOpen('break-network'), 'Enter does not open the menu in the menu');
    // One Escape leaves one menu, and gives the focus back.
    await page.keyboard.press('Escape');
    expect(!(await isOpen('break-balancer-address')) && await isOpen('break-network'), 'Escape leaves both menus or none');
    same(await page.evaluate(focused), 'fault-balancer-address', 'focus after Escape');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    same(await where(), 'break-balancer-address', 'the arrow goes to the first item');
    const first = await page.evaluate(() => document.activeElement.dataset.fault);
    await page.keyboard.press('ArrowDown');
    const second = await page.evaluate(() => document.activeElement.dataset.fault);
    expect(first !== second && second?.startsWith('balancer-address='), `from ${first} the arrow goes to ${second}`);
    await page.keyboard.press('ArrowUp');
    same(await page.evaluate(() => document.activeElement.dataset.fault), first, 'the arrow goes back');
    await page.keyboard.press('End');
    const last = await page.evaluate(() => document.activeElement.dataset.fault);
    await page.keyboard.press('ArrowDown');
    same(await page.evaluate(() => document.activeElement.dataset.fault), first, `after ${last} comes the first`);
    const moment = await number(page, 'clock');
    await page.keyboard.press('Enter');
    await until(page, (words) => document.querySelector('[data-test="journal"], [data-test="headline"]') && [...document.querySelectorAll('.fact')].some((it) => it.textContent.includes(words)), 'dead', 'nothing is broken');
    expect(!(await isOpen('break-balancer-address')), 'the menu stays open');
    expect((await number(page, 'clock')) >= moment, 'the arrows have moved the clock');
    await page.keyboard.press('Escape');
    expect(!(await isOpen('break-network')), 'Escape does not close the menu of the area');
    same(await page.evaluate(focused), 'area-network', 'focus after the last Escape');
    expect((await part(page, 'area-network').innerText()).includes('1 on'), 'the chip does not count what is broken behind it');
  }],
  ['Space plays and pauses; the question mark opens help and Escape gives the focus back', async (world) => {
    const page = world.keep(await open(world, { hash: '#/?at=30&paused=1' }));
    const playing = (wanted) => until(page, (value) => document.querySelector('[data-test="play"]').getAttribute('aria-pressed') === value, wanted, `not ${wanted}`);
    await page.keyboard.press('Space');
    await playing('true');
    await page.keyboard.press('Space');
    await playing('false');
    await part(page, 'help').focus();
    await page.keyboard.press('?');
    const dialog = page.locator('[role="dialog"], dialog[open]');
    await dialog.first().waitFor({ state: 'visible', timeout: 5000 });
    expect(await dialog.first().evaluate((element) => element.contains(document.activeElement)), 'the focus is not in the help');
    await page.keyboard.press('Escape');
    await dialog.first().waitFor({ state: 'hidden', timeout: 5000 });
    same(await page.evaluate(focused), 'help', 'focus after Escape');
  }],
];
