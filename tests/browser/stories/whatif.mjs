// What if: a number is typed, a bar's end is pulled, the learner decides, a restore point is picked; and what is only a drawing.
import { expect, faster, number, open, part, play, same, scrubTo, settled, until } from '../lib/harness.mjs';

const BROKEN = 'paused=1&slowmo=0&fault=region-dark:us-east-1@60';
const barWidth = (slug) => document.querySelector(`.bar[data-bar="${slug}"] rect`)?.width.baseVal.value ?? 0;

/** Opens the menu of steps at one, by keyboard. */
async function openStep(page, slug) {
  await part(page, 'what-if').focus();
  await page.keyboard.press('Enter');
  const step = page.locator(`#what-if [data-step="${slug}"]`);
  await step.locator('summary').focus();
  await page.keyboard.press('Enter');
  return step;
}

export const tests = [
  ['a number typed by keyboard starts a new run and shows before and after', async (world, say) => {
    const page = world.keep(await open(world, { hash: `#/?seed=3&at=900&${BROKEN}` }));
    const before = await page.evaluate(barWidth, 'detect');
    const step = await openStep(page, 'detect');
    const input = step.locator('input').first();
    await input.focus();
    await input.fill('30');
    await page.keyboard.press('Enter');
    await until(page, (width) => document.querySelector('.bar[data-bar="detect"] rect').width.baseVal.value > width + 5, before, 'detection does not take longer');
    const note = await part(page, 'before-note').innerText();
    expect(/time between checks: 30 s/.test(note) && /before.*now/.test(note), `it says ${note}`);
    expect(await page.locator('.ghost').count() > 1, 'what it was before is not drawn');
    same(await page.evaluate(() => document.activeElement.dataset.test), 'what-if', 'focus after the run');
    await part(page, 'untune').click();
    await until(page, () => !document.querySelector('[data-test="before-note"]'), null, 'it is not taken back');
    say(note.replace('\n', ': '));
  }],
  ['nonsense is told and Escape closes the menu', async (world) => {
    const page = world.keep(await open(world, { hash: `#/?seed=3&at=900&${BROKEN}` }));
    const step = await openStep(page, 'promote');
    await step.locator('input').first().fill('-4');
    await page.keyboard.press('Enter');
    await page.locator('[role="alert"]').first().waitFor({ state: 'visible' });
    await openStep(page, 'promote');
    await page.keyboard.press('Escape');
    await page.locator('#what-if').waitFor({ state: 'hidden' });
  }],
  ["a bar is opened by a click, and its end can be pulled", async (world, say) => {
    const page = world.keep(await open(world, { hash: `#/?seed=3&at=1400&${BROKEN}` }));
    const rect = page.locator('.bar[data-bar="promote"] rect');
    const moment = await number(page, 'clock');
    await rect.click({ position: { x: 4, y: 4 } });
    await page.locator('#what-if [data-step="promote"] input').waitFor({ state: 'visible' });
    same(await number(page, 'clock'), moment, 'the moment after a click on a bar');
    await page.keyboard.press('Escape');
    const box = await page.locator('.bar[data-bar="promote"] .grip').boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y, { steps: 4 });
    const said = await page.locator('.drag-note').textContent();
    await page.mouse.up();
    await until(page, () => document.querySelector('[data-test="before-note"]') !== null, null, 'pulling a bar changes nothing');
    const note = await part(page, 'before-note').innerText();
    expect(/promote replica takes \d/.test(note), `it says ${note}`);
    say(`pulled to ${said}: ${note.replace('\n', ', ')}`);
  }],
  ['the learner decides, with the clock running', async (world) => {
    const page = world.keep(await open(world, { hash: '#/?seed=1&at=60&slowmo=0' }));
    await part(page, 'choose-decider').click();
    await page.locator('[data-choice="learner"]').click();
    await settled(page);
    await part(page, 'break-button').click();
    await faster(page, 10, () => part(page, 'speed-up').click());
    await part(page, 'action-decide').waitFor({ state: 'visible', timeout: 60_000 });
    expect(/You decide/.test(await page.locator('#lever').innerText()), 'nothing says who decides');
    await part(page, 'action-decide').click();
    await until(page, () => !document.querySelector('[data-test="action-decide"]'), null, 'the decision is still owed');
  }],
  ['after a mass delete a restore point is picked', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?seed=1&at=700&paused=1&slowmo=0&fault=mass-delete:us-east-1@690' }));
    await part(page, 'restore').focus();
    await page.keyboard.press('Enter');
    const points = page.locator('[data-test^="order-"]');
    const first = await points.first().innerText();
    expect(/newest good moment/.test(first) && /Loses the last/.test(first), `the first point says ${first}`);
    expect((await points.count()) > 2, 'there is nothing to choose from');
    await points.first().click();
    await settled(page);
    await until(page, () => /restoring/.test(document.querySelector('[data-test="region-us-east-1"]').innerText), null, 'nothing is restored');
    await play(page, false);
    say(first.replace('\n', ': '));
  }],
  ['where nothing runs the card is a drawing, and the shelf has its copies', async (world) => {
    const page = world.keep(await open(world, { hash: '#/?scenario=backup-restore&at=45&paused=1' }));
    const card = part(page, 'region-eu-west-1');
    expect(/is-drawing/.test(await card.getAttribute('class')), 'the card is not hatched');
    const words = await card.innerText();
    expect(/template/.test(words) && /image v42/.test(words) && /Copies/.test(words), `the card says ${words}`);
    await scrubTo(page, 30);
    await settled(page);
  }],
];
