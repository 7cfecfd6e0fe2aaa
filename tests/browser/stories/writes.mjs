// Who may write where: choosing it, what collides, the ledger of writes, and people who travel.
import { expect, number, open, part, same, settled, until } from '../lib/harness.mjs';

const LOCAL = 'scenario=write-local&seed=1&slowmo=0&paused=1';
const chosen = (page, words) => until(page, (text) => document.querySelector('[data-test="choose-writes"]').innerText.includes(text), words, `${words} is not chosen`);

/** The middle of a city's dot, found as a hand does: near its name, where the pointer says that it can be pulled. */
async function dot(page, name) {
  const map = page.locator('.map');
  const box = await page.locator('.city-name', { hasText: new RegExp(`^${name}$`) }).boundingBox();
  const found = await map.evaluate((element, { x: left, y: top, width, height }) => {
    const points = [];
    for (let x = left - 34; x <= left + width + 34; x += 3) {
      for (let y = top - 30; y <= top + height + 30; y += 3) {
        element.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, clientX: x, clientY: y }));
        if (element.dataset.near === '1') points.push([x, y]);
      }
    }
    return points;
  }, box);
  expect(found.length > 0, `no dot near the name of ${name}`);
  return found[Math.floor(found.length / 2)];
}

export const tests = [
  ['what is not possible says why and cannot be chosen; the rest is a key away', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?seed=1&at=45&paused=1' }));
    await part(page, 'choose-writes').focus();
    await page.keyboard.press('Enter');
    const local = page.locator('#choose-writes [data-choice="write-local"]');
    same(await local.getAttribute('aria-disabled'), 'true', 'write local on a single writer');
    const why = await local.innerText();
    expect(/takes writes in one region only/.test(why), `it says ${why}`);
    await local.focus();
    await page.keyboard.press('Enter');
    expect(await local.isVisible(), 'the menu closes on a choice that is not possible');
    const whole = page.locator('#choose-writes [data-choice="whole-local"]');
    await whole.focus();
    await page.keyboard.press('Enter');
    await chosen(page, 'Write local');
    await part(page, 'choose-writes').click();
    await page.locator('#choose-writes [data-choice="write-partitioned"]').click();
    await chosen(page, 'Write partitioned');
    await part(page, 'move-home').click();
    await part(page, 'order-move-home-us-east-1').click();
    await until(page, () => /users of us-east-1 to eu-west-1/i.test(document.querySelector('[data-test="journal"]').textContent), null, 'no home moves');
    say(why.replace('\n', ': '));
  }],
  ['an address that asks for what is not possible is told so', async (world) => {
    const page = world.keep(await open(world, { hash: '#/?pattern=write-local&paused=1' }));
    const words = await page.locator('[role="alert"]').first().innerText();
    expect(/pattern=write-local/.test(words) && /one region only/.test(words), `it says ${words}`);
  }],
  ['three regions have three cards and agree by two', async (world) => {
    const page = world.keep(await open(world, { hash: '#/?scenario=write-local-quorum&seed=1&at=60&paused=1' }));
    for (const code of ['us-east-2', 'us-east-1', 'us-west-2']) await part(page, `region-${code}`).waitFor({ state: 'visible' });
    expect((await part(page, 'choose-writes').innerText()).includes('Write local'), 'the pattern is not shown');
  }],
  ['a lost write is found in the ledger, and a click goes to its moment', async (world, say) => {
    const page = world.keep(await open(world, { hash: `#/?${LOCAL}&at=300` }));
    await page.locator('#tab-writes').focus();
    await page.keyboard.press('Enter');
    await part(page, 'fate-Lost').focus();
    await page.keyboard.press('Enter');
    // Before the filter is applied the list may hold lost writes among others.
    await until(page, () => {
      const lines = [...document.querySelectorAll('[data-test="writes"] li')];
      return lines.length > 0 && lines.every((line) => /Lost to write/.test(line.innerText));
    }, null, 'not only lost writes are listed');
    const first = part(page, 'writes').locator('li').first();
    const words = await first.innerText();
    const [, minutes, seconds] = /0:(\d+):([\d.]+)/.exec(words);
    await first.locator('button').click();
    await settled(page);
    await until(page, (wanted) => Math.abs(Number(document.querySelector('[data-test="clock"]').dataset.seconds) - wanted) < 0.2, Number(minutes) * 60 + Number(seconds), 'the clock is not at the write');
    expect(/availability before consistency/.test(await part(page, 'gives-up').textContent()), 'nothing says what is given up');
    say(words.replaceAll('\n', ' '));
  }],
  ['people travel by keyboard, and by pulling a dot', async (world, say) => {
    const page = world.keep(await open(world, { hash: `#/?${LOCAL}&at=60` }));
    await page.locator('#tab-cities').click();
    await part(page, 'travel-who').selectOption('New York');
    await part(page, 'travel-to').selectOption('Mumbai');
    await part(page, 'travel').focus();
    await page.keyboard.press('Enter');
    await until(page, () => /New York in Mumbai/.test(document.querySelector('[data-test="cities"]').innerText), null, 'nobody travels');
    same(await page.locator('.home-line').count(), 1, 'lines home');
    const [from, to] = [await dot(page, 'Tokyo'), await dot(page, 'Sydney')];
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
    expect(((await page.locator('.travel-line').getAttribute('d')) ?? '').length > 4, 'no line follows the pointer');
    await page.mouse.move(...to);
    await page.mouse.up();
    await until(page, () => /Tokyo in Sydney/.test(document.querySelector('[data-test="cities"]').innerText), null, 'pulling a dot sends nobody');
    const row = await part(page, 'cities').locator('tr', { hasText: 'New York in Mumbai' }).innerText();
    expect(/reads \d+ ms, writes \d+ ms there/.test(row), `the row says ${row}`);
    say(row.replaceAll(/\s+/g, ' '));
    expect((await number(page, 'clock')) >= 60, 'the clock went back');
  }],
  ['a queue takes writes in while nobody makes them, and a topic says what it cannot deliver', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?seed=3&slowmo=0&paused=1&at=5' }));
    const choose = async (slug) => {
      await part(page, 'choose-writes').focus();
      await page.keyboard.press('Enter');
      await page.locator(`#choose-writes [data-choice="${slug}"]`).focus();
      await page.keyboard.press('Enter');
    };
    const runs = async (wanted) => {
      await page.keyboard.press('Space');
      await until(page, (words) => new RegExp(words).test(document.querySelector('[data-test="queue-us-east-1"]').textContent), wanted, `no queue says ${wanted}`);
      await page.keyboard.press('Space');
    };
    await choose('queue-fifo');
    await part(page, 'area-traffic').click();
    await part(page, 'fault-consumers-stop').click();
    await page.locator('[data-fault="consumers-stop=us-east-1"]:visible').click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await runs('[1-9],\\d\\d\\d waiting, oldest');
    expect(/Acknowledged writes missing\s+0/.test(await page.locator('body').innerText()), 'a write is missing');
    const stopped = await part(page, 'queue-us-east-1').innerText();
    expect(await page.locator('[aria-label*="messages in queues now"]').count() > 0, 'the timeline does not tell of queues in words');
    await choose('queue-topic');
    await part(page, 'fault-link-cut').click();
    await page.locator('[data-fault^="link-cut=us-east-1"]:visible').click();
    await page.keyboard.press('Escape');
    await runs('to deliver');
    say(`${stopped}; ${await part(page, 'queue-us-east-1').innerText()}`.replaceAll('\n', ' '));
  }],
  ['conditions of each region are chosen by keyboard, and go with no other pattern', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?scenario=write-local&seed=1&slowmo=0&paused=1&at=10' }));
    const choose = async (slug) => {
      await part(page, 'choose-writes').focus();
      await page.keyboard.press('Enter');
      await page.locator(`#choose-writes [data-choice="${slug}"]`).focus();
      await page.keyboard.press('Enter');
    };
    await choose('conditional-local');
    await part(page, 'choose-writes').focus();
    await page.keyboard.press('Enter');
    const row = page.locator('#choose-writes [data-choice="conditional-local"]');
    same(await row.getAttribute('aria-pressed'), 'true', 'the rule that was chosen');
    const other = page.locator('#choose-writes [data-choice="write-partitioned"]');
    same(await other.getAttribute('aria-disabled'), 'true', 'a pattern with homes');
    const why = await other.innerText();
    expect(/each region checks the writes of its own clients/.test(why), `it says ${why}`);
    say(why.replace('\n', ': '));
  }],
];
