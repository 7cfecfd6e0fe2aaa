// Runbooks on the page: what moves the clients is chosen, what waits says for what, executions at once, a question is answered.
import { SIZES, expect, number, open, part, same, settled, until } from '../lib/harness.mjs';

const QUESTION = 'seed=3&paused=1&slowmo=0&at=560&fault=link-cut:us-east-1:eu-west-1@60&fault=region-dark:us-east-1@300';
const TWO = 'seed=3&paused=1&slowmo=0&at=1500&fault=corruption:us-east-1@60&fault=region-dark:us-east-1@120';
const SLOW = 'seed=3&paused=1&slowmo=0&at=180&fault=region-dark:us-east-1@60&fault=control-plane-slow:eu-west-1@70';

/** Words of the waterfall that are cut by the edge of the plot, or lie on each other. */
const badWords = () => {
  const plot = document.querySelector('.plot').getBoundingClientRect();
  const texts = [...document.querySelectorAll('.waterfall text')].map((text) => [text.textContent, text.getBoundingClientRect()]);
  const cut = texts.filter(([, box]) => box.left < plot.left - 1 || box.right > plot.right + 1 || box.bottom > plot.bottom + 1);
  const meet = ([, a], [, b]) => a.left < b.right - 2 && b.left < a.right - 2 && a.top < b.bottom - 5 && b.top < a.bottom - 5;
  const over = texts.filter((text, index) => texts.slice(index + 1).some((other) => meet(text, other)));
  return [...cut.map(([words]) => `"${words}" is cut`), ...over.map(([words]) => `"${words}" lies on other words`)];
};

export const tests = [
  ['what moves the clients is chosen by keyboard, and said in an address', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?seed=3&at=400&paused=1&slowmo=0' }));
    const button = part(page, 'choose-cutover');
    expect(/Clients move by\s*Health check/.test(await button.innerText()), `the button says ${await button.innerText()}`);
    await button.focus();
    await page.keyboard.press('Enter');
    const choice = page.locator('[data-choice="routing-control"]');
    const hint = await choice.innerText();
    expect(/data plane/.test(hint) && /5 s, then the time to live of 1 min/.test(hint), `it says ${hint}`);
    expect(/while us-east-1 is dark/.test(await page.locator('[data-choice="record-change"]').innerText()), 'a changed record does not say what it waits for');
    await choice.focus();
    await page.keyboard.press('Enter');
    await until(page, () => /Routing control/.test(document.querySelector('[data-test="choose-cutover"]').innerText), null, 'it is not chosen');
    expect((await number(page, 'clock')) < 300, 'the run does not begin again');
    const linked = world.keep(await open(world, { hash: '#/?seed=3&at=700&paused=1&slowmo=0&cutover=record-change&fault=region-dark:us-east-1@60' }));
    expect(/Record change/.test(await part(linked, 'choose-cutover').innerText()), 'the address does not choose');
    const bar = linked.locator('.bar[data-bar="change-record"]');
    expect(/waits: Route 53's control plane/.test(await bar.innerHTML()), 'the bar does not say what it waits for');
    say(hint.replaceAll('\n', ' '));
  }],
  ['where no runbook moves clients the other ways say why they are not possible', async (world) => {
    const page = world.keep(await open(world, { hash: '#/?scenario=multi-site&at=45&paused=1' }));
    await part(page, 'choose-cutover').click();
    const choice = page.locator('[data-choice="record-change"]');
    same(await choice.getAttribute('aria-disabled'), 'true', 'aria-disabled');
    expect(/no runbook moves/.test(await choice.innerText()), 'nothing says why');
  }],
  ['a bar that waits says for what, on a phone below the plot', async (world) => {
    for (const [size, shown] of [[[1440, 900], false], [[390, 844], true]]) {
      const page = world.keep(await open(world, { hash: `#/?${SLOW}`, size }));
      const words = 'throttled in eu-west-1';
      const bar = page.locator('.bar[data-bar="scale-out"]');
      expect((await bar.getAttribute('class')).includes('is-waiting'), 'the bar does not look as if it waited');
      expect((await bar.locator('title').textContent()).includes('it waits, because'), 'the tooltip does not say why');
      expect((await page.locator('.timeline-svg').getAttribute('aria-label')).includes('it waits, because'), 'the plot in words does not say why');
      if (!shown) expect((await bar.locator('text').textContent()).includes(words), 'the bar does not say for what');
      same(await part(page, 'waits').isVisible(), shown, `a list below the plot, ${size}`);
      if (shown) expect((await part(page, 'waits').innerText()).includes(words), 'the list does not say for what');
    }
  }],
  ['executions at once are told apart by name and number, and no word is cut', async (world, say) => {
    for (const size of SIZES) {
      const page = world.keep(await open(world, { hash: `#/?${TWO}`, size }));
      const names = await page.locator('.run-name .lane-name').allTextContents();
      if (size[0] > 760) {
        expect(names.some((name) => /#1 fail over/.test(name)) && names.some((name) => /#2 restore in pl/.test(name)), `${size}: the names are ${names}`);
      } else {
        const words = await page.locator('.bar text').allTextContents();
        expect(words.some((word) => /^#2 /.test(word)), `${size}: no bar says whose it is: ${words}`);
      }
      const bad = await page.evaluate(badWords);
      expect(bad.length === 0, `${size}: ${bad.join(', ')}`);
      if (size[0] === 1440) say(names.join(', '));
    }
  }],
  ['a question has an answer with its consequence for each button', async (world, say) => {
    const page = world.keep(await open(world, { hash: `#/?${QUESTION}` }));
    const asked = part(page, 'question');
    expect(/Promote the copy in eu-west-1\?/.test(await asked.innerText()), `it asks ${await asked.innerText()}`);
    const [promote, wait] = [part(page, 'action-decide-promote'), part(page, 'action-decide-wait')];
    expect(/Sets aside about [\d,]+ writes of us-east-1/.test(await promote.innerText()), `it says ${await promote.innerText()}`);
    expect(/no write until it is back/.test(await wait.innerText()), `it says ${await wait.innerText()}`);
    say((await asked.innerText()).replaceAll('\n', ' '));
    await promote.focus();
    await page.keyboard.press('Enter');
    await until(page, () => !document.querySelector('[data-test="question"]'), null, 'it still asks');
    await settled(page);
    await until(page, () => !document.querySelector('.bar.is-waiting[data-bar="promote"]'), null, 'the promotion still waits');
  }],
];
