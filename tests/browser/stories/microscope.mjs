// The collision microscope: opened from anywhere, turned, played, and left again; and two people who take the same seat.
import { expect, number, open, part, same, settled, until } from '../lib/harness.mjs';

const opened = (page) => part(page, 'microscope').waitFor({ state: 'visible' });
const closed = (page) => part(page, 'clock').waitFor({ state: 'visible' });
const focused = (page) => page.evaluate(() => document.activeElement?.id ?? '');
const verdict = (page, rule) => page.locator(`[data-rule="${rule}"]`).innerText();
const price = (page, rule) => part(page, `price-${rule}`).innerText();
const answers = (page) => part(page, 'answers').innerText();
/** Whether one rule is drawn; its answers come in the same frame. */
const drawn = (page, rule) => until(page, (slug) => document.querySelector(`[data-rule="${slug}"]`)?.getAttribute('aria-pressed') === 'true', rule, `${rule} is not drawn`);

/** Goes on by Tab until this has the focus, as somebody without a pointer does, and does it. */
async function tabTo(page, selector, key = 'Enter') {
  for (let step = 0; step < 120; step += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) {
      const ring = await page.evaluate(() => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
        return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
      });
      expect(ring, `nothing shows that ${selector} has the focus`);
      if (key) await page.keyboard.press(key);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never comes to ${selector}`);
}

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
  ['two people take the same seat in the run itself: it is named, followed, and the page stops where it is known who has it', async (world, say) => {
    for (const [query, end] of [['scenario=write-local', /has the seat, key 95[^]*lost it without a word/], ['scenario=write-local-quorum', /has the seat, key 95[^]*somebody was first/]]) {
      const page = world.keep(await open(world, { hash: `#/?${query}&seed=1&at=45&collide=1` }));
      await opened(page);
      await part(page, 'take-seat').click();
      await closed(page);
      const says = (words) => until(page, (source) => new RegExp(source).test(document.querySelector('.headline').innerText), words, `the headline never says ${words}`, 60_000);
      await says('two people take the seat, key 95');
      await says('was told yes by|somebody was first');
      await until(page, () => document.querySelector('[data-test="play"]').getAttribute('aria-pressed') === 'false', null, 'it does not stop', 60_000);
      await says(end.source);
      say(await page.locator('.headline').innerText());
      await page.keyboard.press('j');
      await until(page, () => /was ordered/.test(document.querySelector('[data-test="journal"]').textContent), null, 'nobody wrote');
      await page.done();
    }
  }],
  ['by keyboard alone: a collision is made, its loser and winner are read, and it is looked at', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?scenario=write-local&seed=1&at=45&paused=1&slowmo=0' }));
    await page.keyboard.press('x');
    await opened(page);
    await tabTo(page, '[data-test="take-seat"]');
    await closed(page);
    await page.keyboard.press('j');
    await until(page, () => /was ordered/.test(document.querySelector('[data-test="journal"]').textContent), null, 'nobody wrote');
    await tabTo(page, '[data-test="speed-up"]', 'Enter');
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('Enter');
    // Taking the seat may have set the run going.
    if (await part(page, 'play').getAttribute('aria-pressed') === 'false') await tabTo(page, '[data-test="play"]', 'Space');
    await until(page, () => /to key 95 is gone: write/.test(document.querySelector('[data-test="journal"]').textContent), null, 'no write lost to another', 30_000);
    await page.keyboard.press('x');
    await opened(page);
    await settled(page);
    const grave = await page.locator('[data-test="graves"] li').first().innerText();
    expect(/write [\d,]+ by .+ to key \d+ at .+, lost to write [\d,]+ by .+/.test(grave), `it says ${grave}`);
    const before = await part(page, 'spacetime').getAttribute('data-turn');
    await tabTo(page, '[data-pick]');
    await until(page, (turn) => document.querySelector('[data-test="spacetime"]').dataset.turn !== turn, before, 'the collision is not drawn');
    await drawn(page, 'last-writer-wins');
    say(grave);
  }],
  ['by keyboard alone: a rule is changed, its price is read, and one seat is not merged', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?collide=1' }));
    await opened(page);
    const base = (await price(page, 'last-writer-wins')).match(/(\d+) ms/g).map(parseFloat);
    same(base.length, 2, 'prices of the base, one for each region');
    await tabTo(page, '[data-rule="conditional"]');
    await drawn(page, 'conditional');
    const [, home, far] = /us-east-1 \d+ ms \(\+(\d+)\), eu-west-1 \d+ ms \(\+(\d+)\)/.exec(await price(page, 'conditional'));
    const trip = parseFloat(/eu-west-1, (\d+) ms/.exec(await page.locator('.dials').first().innerText())[1]);
    expect(Number(home) === 0 && Math.abs(Number(far) - trip) <= 1, `at home +${home}, from elsewhere +${far}, with ${trip} ms there and back`);
    await tabTo(page, '[data-rule="merge"]');
    await drawn(page, 'merge');
    const merged = await answers(page);
    expect(/Ana was told\s+.*the seat is yours/.test(merged) && /Ben was told\s+.*the seat is yours/.test(merged), `they were told ${merged}`);
    expect(/Who owns the seat\s+both/.test(merged), `nothing says that both own it: ${merged}`);
    same(await page.locator('[data-rule="merge"] .is-warning').count() > 0, true, 'merge warns');
    same(await page.locator('[data-test="answers"] .is-good, [data-rule="merge"] .is-good').count(), 0, 'successes where two own one seat');
    const spoken = await page.locator('[role="status"]').allInnerTexts();
    expect(spoken.some((text) => /Who owns the seat: both/.test(text) && /us-east-1 \d+ ms/.test(text)), `nobody is told: ${spoken}`);
    await tabTo(page, '[data-rule="quorum"]');
    await drawn(page, 'quorum');
    expect(/who wrote last/.test(await price(page, 'quorum')), `a quorum costs ${await price(page, 'quorum')}`);
    await tabTo(page, '[data-rule="conditional-local"]');
    await drawn(page, 'conditional-local');
    expect(/Ana's write, to Ben's/.test(await answers(page)), `it says ${await answers(page)}`);
    expect(/Last writer wins/.test(await page.locator('[data-test="price-note"]').innerText()), 'the base is not named');
    say(merged.replaceAll(/\s+/g, ' '));
    say(`conditional ${await price(page, 'conditional')}; quorum ${await price(page, 'quorum')}`);
  }],
  ['pairs are counted beside the formula, and a write once', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?collide=1' }));
    await opened(page);
    const words = await part(page, 'often').innerText();
    const [, formula] = /Pairs by the formula\s+([\d.]+)/.exec(words);
    const [, pairs, margin] = /Pairs counted in \d+ s\s+([\d.]+) ± ([\d.]+)/.exec(words);
    const [, once] = /Writes that collided\s+([\d.]+)/.exec(words);
    expect(Math.abs(pairs - formula) < 0.1 * formula && Math.abs(pairs - formula) < 2 * margin, `it says ${words}`);
    expect(Number(once) < Number(pairs), `it says ${words}`);
    say(words.replaceAll(/\s+/g, ' '));
  }],
  ['everything at the microscope is at least 24 by 24', async (world) => {
    for (const size of [[390, 844], [1440, 900]]) {
      const page = world.keep(await open(world, { hash: '#/?scenario=write-local&seed=1&at=120&paused=1&collide=1', size }));
      await opened(page);
      const small = await page.evaluate(() => [...document.querySelectorAll('main button, main input')].filter((it) => {
        const { width, height } = it.getBoundingClientRect();
        return width > 0 && (width < 24 || height < 24);
      }).map((it) => it.outerHTML.slice(0, 90)));
      same(small.join('; '), '', `too small at ${size.join(' by ')}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `it is wider than the screen at ${size.join(' by ')}`);
    }
  }],
];
