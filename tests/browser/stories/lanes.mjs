// The same storm, up to six lanes: opened from anywhere, filled while one watches, changed, entered at a moment, and left again.
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
  ['designs are added and removed, a number is changed in a lane, and a run that was left is got back', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?at=100&paused=1&dns.ttl_s=30' }));
    const lanes = () => page.locator('[data-lane]').evaluateAll((list) => list.map((lane) => lane.dataset.lane).join());
    const compared = (names) => until(page, (wanted) => [...document.querySelectorAll('[data-lane]')].map((lane) => lane.dataset.lane).join() === wanted, names, `the lanes are not ${names}`);
    const add = async (choice) => {
      await part(page, 'lane-add').click();
      await page.locator(`#lane-add [data-choice="${choice}"]`).click();
    };
    same(await part(page, 'back').count(), 0, 'ways back before a run was left');
    await part(page, 'compare').click();
    await opened(page);
    await add('this');
    await compared('backup-restore,pilot-light,warm-standby,multi-site,warm-standby-2');
    expect((await part(page, 'tuned-warm-standby-2').innerText()).includes('time to live: 30 s'), 'what was changed is not named');
    await add('before');
    await compared('backup-restore,pilot-light,warm-standby,multi-site,warm-standby-2,warm-standby-3');
    await part(page, 'lane-add').click();
    const refused = await page.locator('#lane-add [data-choice]').evaluateAll((list) => list.map((choice) => [choice.getAttribute('aria-disabled'), choice.innerText]));
    expect(refused.length > 8 && refused.every(([disabled, words]) => disabled === 'true' && words.includes('six lanes')), `a seventh is not struck out: ${JSON.stringify(refused)}`);
    await page.keyboard.press('Escape');
    for (const lane of ['multi-site', 'backup-restore', 'pilot-light']) await part(page, `remove-${lane}`).click();
    await compared('warm-standby,warm-standby-2,warm-standby-3');
    await filled(page);
    const done = () => page.locator('[data-lane]').evaluateAll((list) => list.map((lane) => lane.dataset.done ?? '').join());
    await part(page, 'what-if-warm-standby-2').click();
    await page.locator('#what-if-warm-standby-2 [data-step="promote"] summary').click();
    await page.locator('#what-if-warm-standby-2 [data-step="promote"] input').first().fill('30');
    await part(page, 'again-warm-standby-2-promote').click();
    await until(page, () => document.querySelector('[data-test="tuned-warm-standby-2"]').innerText.includes('promote replica takes 30 s'), null, 'what was changed is not named');
    same(await done(), '1,,1', 'lanes that are over while one runs again');
    await filled(page);
    await part(page, 'untune-warm-standby-2').click();
    await until(page, () => !document.querySelector('[data-test="tuned-warm-standby-2"]'), null, 'changes are not taken back');
    await part(page, 'enter-warm-standby-2').click();
    await closed(page);
    const words = await part(page, 'back').innerText();
    expect(words.startsWith('Back to Warm standby') && words.endsWith('at 0:01:40'), `the way back says: ${words}`);
    await page.keyboard.press('z');
    await until(page, () => Number(document.querySelector('[data-test="clock"]').dataset.seconds) === 100, null, 'the run that was left does not come back');
    expect((await part(page, 'untune').count()) === 1, 'its changed number is not there');
    await part(page, 'back').click();
    await until(page, () => Number(document.querySelector('[data-test="clock"]').dataset.seconds) >= 600, null, 'the lane does not come back');
    await page.keyboard.press('l');
    await compared('warm-standby,warm-standby-2,warm-standby-3');
    say(`${words}; ${await lanes()}`);
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
    for (const choice of ['this', 'write-local-quorum']) {
      await part(page, 'lane-add').click();
      await page.locator(`#lane-add [data-choice="${choice}"]`).click();
    }
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
