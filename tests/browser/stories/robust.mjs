// Where much is against it: a slow or broken line, a window that is zoomed, colours of the system, a tab in the background, a hand at random.
import { act, chance, wrong } from '../lib/hand.mjs';
import { expect, number, open, part, same, settled, until } from '../lib/harness.mjs';
import { weigh } from '../lib/soak.mjs';

const BROKEN = 'slowmo=0&seed=1&paused=1&at=200&fault=region-dark:us-east-1@60';
const carded = () => !document.getElementById('crash').hidden;
const started = () => document.documentElement.dataset.started === '1';
const isWasm = (url) => url.pathname.endsWith('.wasm');
const isGlue = (url) => /faultline-\w+\.js$/.test(url.pathname);

/** Opens the page with some requests answered otherwise. */
async function answered(world, [which, how], options) {
  const page = world.keep(await open(world, { wait: false, route: [which, how], ...options }));
  page.forgiven = true;
  return page;
}

/** Half of what was asked for, as if the line had been cut. */
const half = async (route) => {
  const response = await route.fetch();
  const body = await response.body();
  await route.fulfill({ response, body: body.subarray(0, body.length / 2) });
};

/** Text that does not fit its box and is cut off by it, and what sticks out of the window where nothing scrolls. */
const cutOff = () => {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide in ${innerWidth}`);
  for (const element of document.querySelectorAll('button, p, h2, h3, output, input')) {
    if (!element.checkVisibility() || element.closest('.for-readers, [popover]')) continue;
    const { overflowX } = getComputedStyle(element);
    if (overflowX !== 'visible' && overflowX !== 'auto' && element.scrollWidth > element.clientWidth + 1) found.push(`"${element.textContent}" is cut off`);
    const scrolls = (at) => at && at !== document.body && (/auto|scroll/.test(getComputedStyle(at).overflowX) || scrolls(at.parentElement));
    const box = element.getBoundingClientRect();
    if ((box.right > innerWidth + 1 || box.left < -1) && box.width > 1 && !scrolls(element.parentElement)) found.push(`"${element.textContent}" sticks out`);
  }
  return found;
};

/** Whether each thing that Tab comes to can be seen, at least in part, where it is. */
async function reached(page, steps) {
  const found = new Set();
  for (let step = 0; step < steps; step += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const it = document.activeElement;
      if (it === document.body) return null;
      const box = it.getBoundingClientRect();
      const seen = box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
      return [it.dataset.test ?? (it.id || it.className), seen];
    });
    if (!at) break;
    expect(at[1], `${at[0]} has the focus and is out of sight`);
    found.add(at[0]);
  }
  return found;
}

const zoomed = (percent) => [`at ${percent} % nothing is cut and everything can be reached`, async (world, say) => {
  const scale = percent / 100;
  const options = { size: [1280 / scale, 720 / scale], deviceScaleFactor: scale };
  // Other views are the same at twice the size on a phone, where they are looked at elsewhere.
  const others = percent > 200 ? [['compare=1', 0], ['collide=1', 0]] : [];
  for (const [query, much] of [['at=45&paused=1', 150], [BROKEN, 0], ...others]) {
    const page = world.keep(await open(world, { hash: `#/?${query}`, ...options }));
    if (query.startsWith('compare')) await until(page, () => document.querySelector('[data-test="lanes-progress"]').dataset.percent === '100', null, 'no comparison', 60_000);
    await settled(page);
    const found = await page.evaluate(cutOff);
    expect(found.length === 0, `${query}: ${found.join('\n    ')}`);
    if (percent === 200 && much > 0) {
      for (const name of ['break-button', 'welcome']) {
        const { y, height } = await part(page, name).boundingBox();
        const free = await page.locator('.transport-main').evaluate((line) => line.getBoundingClientRect().top);
        expect(y >= 0 && y + height <= free, `${name} is not in sight at first`);
      }
    }
    if (much > 0) {
      const all = await reached(page, much);
      for (const name of ['break-button', 'play', 'scrub', 'speed-up', 'fault-region-dark', 'help', 'compare', 'choose-traffic']) {
        expect(all.has(name), `Tab never comes to ${name}, but to ${[...all].join(', ')}`);
      }
      say(`${all.size} things have the focus in turn`);
      await page.keyboard.press('?');
      await page.locator('.help label').scrollIntoViewIfNeeded();
      const inside = await page.evaluate(() => {
        const box = document.querySelector('.help').getBoundingClientRect();
        return box.left >= 0 && box.right <= innerWidth && box.top >= 0 && box.bottom <= innerHeight;
      });
      expect(inside, 'the help is larger than the window');
    }
    await page.done();
  }
}];

export const tests = [
  ['a slow line: the page says that it loads, then what it may lack, and starts when all is there', async (world) => {
    let go;
    const gate = new Promise((resolve) => { go = resolve; });
    const page = await answered(world, [isWasm, async (route) => { await gate; await route.continue(); }]);
    expect(await page.locator('.shell-lead').isVisible() && /Starting/.test(await page.locator('#boot-status').innerText()), 'nothing says that it loads');
    await until(page, () => getComputedStyle(document.getElementById('boot-late')).visibility === 'visible', null, 'nothing more is said', 7000);
    go();
    await until(page, started, null, 'it does not start');
    same(await page.evaluate(carded), false, 'a crash card');
  }],
  ['a line that hangs: after a while the page says that it is still loading', async (world) => {
    // Ten times as fast as real, for the fifteen seconds after which it is said.
    const init = () => {
      const real = window.setTimeout;
      window.setTimeout = (then, ms, ...rest) => real(then, ms / 10, ...rest);
    };
    const page = await answered(world, [isWasm, () => {}], { init });
    await until(page, () => /still loading/.test(document.getElementById('boot-status').textContent), null, 'it hangs and says nothing', 4000);
  }],
  ['files that are cut off halfway are said: a card for wasm and glue, words for the script that would show it', async (world) => {
    for (const which of [isWasm, isGlue]) {
      const page = await answered(world, [which, half]);
      await until(page, carded, null, 'no word about it', 8000);
      expect(/could not start/.test(await page.locator('#crash-message').innerText()), 'the card does not say what happened');
      expect(await page.locator('#crash-again').isVisible(), 'no way to try again');
    }
    const page = await answered(world, [(url) => url.pathname.endsWith('boot.js'), half]);
    await until(page, () => getComputedStyle(document.getElementById('boot-late')).visibility === 'visible', null, 'no word about it', 8000);
  }],
  ['a storage that is full: everything works, and nothing is remembered', async (world) => {
    const init = () => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; };
    const page = world.keep(await open(world, { init, hash: '#/?at=45' }));
    await part(page, 'theme-projector').click();
    await part(page, 'speed-up').click();
    await part(page, 'break-button').click();
    await until(page, () => document.querySelector('[data-test="region-us-east-1"]').dataset.state === 'dark', null, 'nothing breaks');
    same(await page.evaluate(() => localStorage.length), 0, 'things stored');
  }],
  zoomed(200),
  zoomed(400),
  ['where motion is unwelcome no dot moves, nothing is animated, and an outage is told all the same', async (world) => {
    const page = world.keep(await open(world, { reducedMotion: 'reduce', hash: '#/?seed=1&at=58&slowmo=0&speed=30&fault=region-dark:us-east-1@60' }));
    await until(page, () => document.querySelector('[data-test="region-us-east-1"]').dataset.state === 'dark', null, 'nothing breaks');
    const before = await number(page, 'clock');
    await page.waitForTimeout(1200);
    expect((await number(page, 'clock')) > before, 'the clock stands still');
    same(await part(page, 'stage').getAttribute('data-flights'), '0', 'dots that move');
    same(await page.evaluate(() => document.getAnimations().filter((it) => it.playState === 'running').length), 0, 'animations');
  }],
  ["in the system's own colours edges, focus, what is pressed and the steps of a recovery are told apart", async (world) => {
    for (const colorScheme of ['dark', 'light']) {
      const page = world.keep(await open(world, { forcedColors: 'active', colorScheme, hash: `#/?${BROKEN}` }));
      await page.waitForTimeout(300);
      const seen = await page.evaluate(() => {
        const style = (selector) => getComputedStyle(document.querySelector(selector));
        const outline = (selector) => `${style(selector).outlineStyle} ${style(selector).outlineWidth} ${style(selector).outlineColor} ${style(selector).outlineOffset}`;
        const pressed = '.segment[aria-pressed="true"]';
        const [chosen, other] = [outline(pressed), outline('.segment[aria-pressed="false"]')];
        const edges = [...document.querySelectorAll('.action, .card, .headline, .objective, .chip:not(.area-name)')].filter((it) => it.checkVisibility());
        const bars = [...document.querySelectorAll('.waterfall .bar rect:first-of-type')].map((it) => getComputedStyle(it).fill);
        const canvas = getComputedStyle(document.body).backgroundColor;
        return {
          chosen, other, bare: edges.filter((it) => parseFloat(getComputedStyle(it).borderTopWidth) === 0 || getComputedStyle(it).borderTopColor === canvas).map((it) => it.className),
          bars: new Set(bars).size, unseen: bars.filter((fill) => fill === canvas || fill === 'none').length, served: style('.served').fill !== canvas,
        };
      });
      expect(seen.chosen !== seen.other && /solid/.test(seen.chosen), `${colorScheme}: what is pressed looks like what is not: ${seen.chosen}`);
      same(seen.bare.join(), '', `${colorScheme}: no edge`);
      expect(seen.bars >= 4 && seen.unseen === 0, `${colorScheme}: ${seen.bars} colours of bars, ${seen.unseen} not seen`);
      // Focus on something pressed does not look like pressed alone.
      await page.locator('.segment[aria-pressed="true"]').focus();
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Tab');
      const ring = await page.evaluate(() => { const { outlineStyle, outlineWidth, outlineColor, outlineOffset } = getComputedStyle(document.activeElement); return `${outlineStyle} ${outlineWidth} ${outlineColor} ${outlineOffset}`; });
      expect(ring !== seen.chosen && /solid/.test(ring), `${colorScheme}: focus on what is pressed is not seen: ${ring}`);
      await page.keyboard.press('l');
      await page.locator('.storm[aria-pressed="true"]').waitFor();
      const [ink, ground] = await page.locator('.storm[aria-pressed="true"]').evaluate((it) => [getComputedStyle(it).color, getComputedStyle(document.body).backgroundColor]);
      expect(ink !== ground, `${colorScheme}: the words of the chosen storm are as dark as their ground`);
      await page.done();
    }
  }],
  ['a tab in the background: time waits for it, does not leap, and nothing is caught up', async (world, say) => {
    // What a browser does with a page that is not seen: it gets no frames. A frame that is owed comes when it is seen again.
    const init = () => {
      const real = window.requestAnimationFrame.bind(window);
      let owed = [];
      window.requestAnimationFrame = (then) => (window.__hidden ? owed.push(then) : real((now) => (window.__hidden ? owed.push(then) : then(now))));
      window.__seen = (seen) => {
        window.__hidden = !seen;
        if (seen) { owed.forEach((then) => real(then)); owed = []; }
      };
    };
    const page = world.keep(await open(world, { init, hash: '#/?seed=1&at=100&slowmo=0&speed=10' }));
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');
    const busy = async () => (await cdp.send('Performance.getMetrics')).metrics.find((entry) => entry.name === 'TaskDuration').value;
    const spent = async (ms) => { const from = await busy(); await page.waitForTimeout(ms); return (await busy()) - from; };
    const before = await spent(1500);
    await page.evaluate(() => window.__seen(false));
    await page.waitForTimeout(200);
    const left = await number(page, 'clock');
    const hidden = await spent(4000);
    same(await number(page, 'clock'), left, 'the clock while nobody looks');
    await page.evaluate(() => window.__seen(true));
    await page.waitForTimeout(100);
    const back = await number(page, 'clock');
    const after = await spent(1500);
    expect(back - left < 4, `time leapt by ${back - left} s`);
    expect((await number(page, 'clock')) > back, 'the clock does not go on');
    expect(hidden < 0.5, `${hidden} s of work while nobody looked`);
    expect(after < 2 * before + 0.3, `${after} s of work in 1.5 s after it, ${before} before`);
    expect(!/reached/.test(await part(page, 'speed').innerText()), 'the pause counts as slowness');
    say(`work in 1.5 s: ${before.toFixed(2)} s before, ${after.toFixed(2)} s after; ${hidden.toFixed(2)} s in 4 s in between`);
  }],
  ['a minute of keys and clicks at random: no crash, no error, and memory stays', async (world, say) => {
    const hand = async (seed) => {
      const dice = chance(seed);
      const page = world.keep(await open(world, { hash: `#/?seed=${seed}&at=45` }));
      const cdp = await page.context().newCDPSession(page);
      await cdp.send('Performance.enable');
      const [began, did, weights] = [performance.now(), [], []];
      for (const until_s of [10, 20, 30]) {
        while (performance.now() - began < until_s * 1000) {
          did.push(await act(page, dice));
          const problem = await wrong(page);
          expect(!problem, `${problem} after ${did.join(' ')}`);
        }
        weights.push(await weigh(page, cdp));
      }
      return [did.length, weights];
    };
    for (const [count, weights] of await Promise.all([hand(1), hand(2)])) {
      const told = weights.map(({ heap, wasm, nodes }) => `${(heap / 1e6).toFixed(1)} and ${(wasm / 1e6).toFixed(0)} MB, ${nodes} nodes`);
      say(`${count} actions; heap and wasm after each ten seconds: ${told.join('; ')}`);
      const [first, , last] = weights;
      expect(last.heap < first.heap + 8e6 && last.wasm < 128e6 && last.nodes < 12_000, `memory grows: ${told.join('; ')}`);
    }
  }],
];
