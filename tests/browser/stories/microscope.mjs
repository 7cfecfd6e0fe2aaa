// The collision microscope: opened from anywhere, turned, played, and left again; and two people who take the same seat.
import { expect, number, open, part, same, settled, until } from '../lib/harness.mjs';

const opened = (page) => part(page, 'microscope').waitFor({ state: 'visible' });
const closed = (page) => part(page, 'clock').waitFor({ state: 'visible' });
const focused = (page) => page.evaluate(() => document.activeElement?.id ?? '');
const verdict = (page, rule) => page.locator(`[data-rule="${rule}"]`).innerText();
const turn = (page, dial, value) => part(page, `dial-${dial}`).fill(String(value));

export const tests = [
  ['it opens by key and by button, and closes by Escape and by its own button', async (world) => {
    const page = world.keep(await open(world, { hash: '#/?at=30&paused=1' }));
    await page.keyboard.press('x');
    await opened(page);
    await settled(page);
    same(await focused(page), 'microscope-title', 'focus after opening');
    for (const key of ['Space', 'b', 'r', 'End']) await page.keyboard.press(key);
    await page.keyboard.press('Escape');
    await closed(page);
    await settled(page);
    same(await focused(page), 'microscope', 'focus after Escape');
    same(Math.floor(await number(page, 'clock')), 30, 'the moment after keys that should do nothing');
    await part(page, 'microscope-open').click();
    await opened(page);
    await part(page, 'microscope-close').click();
    await closed(page);
  }],
  ['sliders change what becomes of the two writes, and a rule is drawn when it is chosen', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?collide=1' }));
    await opened(page);
    expect(/Ana's write lost/.test(await verdict(page, 'last-writer-wins')), 'the later write does not win');
    expect(/Ben refused/.test(await verdict(page, 'quorum')), 'the quorum refuses nobody');
    await turn(page, 'skew', -500);
    await until(page, () => /Ben's write lost/.test(document.querySelector('[data-rule="last-writer-wins"]').innerText), null, 'a clock that is behind changes nothing');
    await page.locator('[data-rule="siblings"]').focus();
    await page.keyboard.press('Enter');
    await until(page, () => document.querySelector('[data-rule="siblings"]').getAttribute('aria-pressed') === 'true', null, 'the rule is not chosen');
    await turn(page, 'delay', 0);
    await turn(page, 'gap', 1000);
    await until(page, () => /wrote over it/.test(document.querySelector('[data-rule="siblings"]').innerText), null, 'who has seen it still collides');
    const before = await part(page, 'spacetime').getAttribute('data-turn');
    await part(page, 'play-again').click();
    await until(page, (turn) => document.querySelector('[data-test="spacetime"]').dataset.turn !== turn, before, 'it is not played again');
    say(await part(page, 'spacetime').getAttribute('aria-label'));
  }],
  ['two people take the same seat in the run itself', async (world) => {
    const page = world.keep(await open(world, { hash: '#/?scenario=write-local&seed=1&at=45&collide=1' }));
    await opened(page);
    await part(page, 'take-seat').click();
    await closed(page);
    await page.keyboard.press('j');
    await until(page, () => /was ordered/.test(document.querySelector('[data-test="journal"]').textContent), null, 'nobody wrote');
  }],
];
