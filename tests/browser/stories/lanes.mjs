// The same storm, four lanes: opened from anywhere, filled while one watches, entered at a moment, and left again.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { THEMES, expect, number, open, part, same, settled, until } from '../lib/harness.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SIZES = [[1920, 1080], [1440, 900], [768, 1024], [390, 844]];
/** The axis goes from a second to a day, logarithmically. */
const DAY_S = 86_400;
const STORM_AT_S = 600;

const opened = (page) => until(page, () => document.querySelectorAll('[data-lane]').length === 4, null, 'there are no four lanes');
const closed = (page) => until(page, () => document.querySelector('[data-test="clock"]') !== null, null, 'the run does not come back');
const filled = (page) => until(page, () => document.querySelector('[data-test="lanes-progress"]').dataset.percent === '100', null, 'the lanes are never full', 120_000);
const pressed = (page) => page.locator('[data-storm][aria-pressed="true"]').evaluateAll((chips) => chips.map((chip) => chip.dataset.storm).join());
const focused = (page) => page.evaluate(() => document.activeElement?.id ?? '');

export const tests = [
  ['it opens by key and by button, and closes by Escape, by key and by its own button', async (world) => {
    const page = world.keep(await open(world, { hash: '#/?at=30&paused=1' }));
    await page.keyboard.press('l');
    await opened(page);
    await settled(page);
    same(await focused(page), 'lanes-title', 'focus after opening');
    same(await part(page, 'compare').getAttribute('aria-pressed'), 'true', 'the button while it is open');
    // Keys of a run that is not in sight do nothing.
    for (const key of ['Space', 'b', 'r', 'End', ']']) await page.keyboard.press(key);
    await page.keyboard.press('Escape');
    await closed(page);
    await settled(page);
    same(await focused(page), 'compare', 'focus after Escape');
    same(await part(page, 'play').getAttribute('aria-pressed'), 'false', 'playing after keys that should do nothing');
    same(Math.floor(await number(page, 'clock')), 30, 'the moment after keys that should do nothing');
    await part(page, 'compare').click();
    await opened(page);
    await part(page, 'lanes-close').click();
    await closed(page);
    await page.keyboard.press('l');
    await opened(page);
    await page.keyboard.press('l');
    await closed(page);
  }],
  ['lanes fill, another storm fills them anew, and a sentence for each is said at the end', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?compare=1' }));
    await opened(page);
    same(await pressed(page), 'region', 'the storm at first');
    const spoken = () => page.locator('[role="status"]').innerText();
    same(await spoken(), '', 'what is said while they fill');
    await filled(page);
    await settled(page);
    expect((await spoken()).includes('recovery time'), 'nothing is said at the end');
    const lanes = await page.locator('[data-lane]').evaluateAll((list) => list.map((lane) => [lane.dataset.lane, lane.dataset.done, lane.querySelectorAll('[data-bar]').length]));
    expect(lanes.every(([, done, bars]) => done === '1' && bars > 0), `lanes without an end or without bars: ${JSON.stringify(lanes)}`);
    await page.locator('[data-storm="corruption"]').click();
    await until(page, () => document.querySelector('[data-storm="corruption"]').getAttribute('aria-pressed') === 'true', null, 'the storm is not chosen');
    await until(page, () => Number(document.querySelector('[data-test="lanes-progress"]').dataset.percent) < 100, null, 'it does not begin anew');
    await filled(page);
    say((await spoken()).slice(0, 120));
  }],
  ['a click on a band enters that run at that moment, and a button does so after the storm', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?compare=1' }));
    await opened(page);
    await filled(page);
    const band = part(page, 'band-pilot-light');
    const box = await band.boundingBox();
    const share = 0.5;
    await band.click({ position: { x: box.width * share, y: 24 } });
    await closed(page);
    const wanted = STORM_AT_S + DAY_S ** share;
    await until(page, (moment) => Math.abs(Number(document.querySelector('[data-test="clock"]').dataset.seconds) - moment) < moment * 0.1, wanted, `the clock does not come to ${wanted} s`);
    expect((await part(page, 'choose-strategy').innerText()).includes('Pilot light'), 'it is another run');
    same(await part(page, 'region-us-east-1').getAttribute('data-state'), 'dark', 'the region in the run');
    // What is entered from a lane is counted as it was there.
    same(await part(page, 'counting').innerText(), 'Counted in steps of 20', 'the step of the run');
    const before = await number(page, 'clock');
    await part(page, 'run-finely').click();
    await until(page, (moment) => !document.querySelector('[data-test="counting"]') && Number(document.querySelector('[data-test="clock"]').dataset.seconds) >= moment, before, 'the same run at step 1 does not come to where it was');
    same(await part(page, 'region-us-east-1').getAttribute('data-state'), 'dark', 'the region in the same run at step 1');
    await page.keyboard.press('l');
    await opened(page);
    await part(page, 'enter-multi-site').click();
    await closed(page);
    const moment = await number(page, 'clock');
    expect(moment >= STORM_AT_S && moment < STORM_AT_S + 60, `it enters at ${moment} s`);
    expect((await part(page, 'choose-strategy').innerText()).includes('Multi-site'), 'it is another run');
    say(`entered at ${wanted.toFixed(0)} s and at ${moment.toFixed(1)} s`);
  }],
  ['another design is chosen in the header', async (world) => {
    const page = world.keep(await open(world, { hash: '#/?at=30&paused=1' }));
    for (const [menu, choice, words] of [['strategy', 'pilot-light', 'Pilot light'], ['decider', 'learner', 'You']]) {
      await part(page, `choose-${menu}`).click();
      await page.locator(`#choose-${menu} [data-choice="${choice}"]`).click();
      await until(page, ([name, text]) => document.querySelector(`[data-test="choose-${name}"]`).innerText.includes(text), [menu, words], `${choice} is not chosen`);
    }
  }],
  ['axe finds nothing in it, nothing is too small, and it is never wider than its window', async (world) => {
    const page = world.keep(await open(world, { hash: '#/?compare=1&storm=no-control-plane' }));
    await opened(page);
    await filled(page);
    await page.evaluate(AXE);
    const found = [];
    for (const theme of THEMES) {
      await part(page, `theme-${theme}`).click();
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        await page.waitForTimeout(200);
        const here = await page.evaluate(async (values) => {
          const { violations } = await window.axe.run(document, { runOnly: { type: 'tag', values } });
          const small = [...document.querySelectorAll('button')].filter((button) => {
            const box = button.getBoundingClientRect();
            return button.checkVisibility() && box.width > 1 && (box.width < 24 || box.height < 24);
          });
          const wide = document.documentElement.scrollWidth > innerWidth ? [`${document.documentElement.scrollWidth} pixels wide`] : [];
          return [...violations.map((rule) => `${rule.id}: ${rule.nodes[0].target.join(' ')} ${rule.nodes[0].any[0]?.message ?? rule.help}`), ...small.map((button) => `small: ${button.outerHTML.slice(0, 60)}`), ...wide];
        }, TAGS);
        found.push(...here.map((text) => `${theme} ${width}x${height}: ${text}`));
      }
    }
    expect(found.length === 0, found.join('\n    '));
  }],
];
