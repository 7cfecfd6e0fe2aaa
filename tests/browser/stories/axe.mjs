// axe-core finds nothing: a calm system at five sizes in three themes, other states at three, and what matters most at all five by
// night; and nothing is too small or too wide.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { SIZES, THEMES, expect, open, part, settled, until } from '../lib/harness.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const STATES = {
  calm: 'at=30',
  broken: 'at=150&fault=region-dark:us-east-1@60',
  'only backups': 'scenario=backup-restore&at=45',
  collisions: 'scenario=write-local&at=120&fault=link-cut:us-east-1:eu-west-1@60',
  microscope: 'collide=1',
  'six regions': 'scenario=six-regions&at=110&fault=region-dark:us-east-1@60',
  asked: 'at=560&fault=link-cut:us-east-1:eu-west-1@60&fault=region-dark:us-east-1@300',
  executions: 'at=1500&fault=corruption:us-east-1@60&fault=region-dark:us-east-1@120',
  ruined: 'at=700&fault=mass-delete:us-east-1@690',
};
/** Beside the three sizes of all tests: a large screen and a small laptop. */
const MORE = [[1920, 1080], [1280, 720]];
const BY_NIGHT = { broken: STATES.broken, recovering: 'at=240&fault=region-dark:us-east-1@60', comparison: 'compare=1', microscope: STATES.microscope };
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds, one line for each rule with the first element that breaks it. */
async function problems(page, runOnly) {
  const { violations } = await page.evaluate((only) => window.axe.run(document, { runOnly: only }), runOnly);
  return violations.map((rule) => `${rule.id} (${rule.nodes.length}): ${rule.nodes[0].target.join(' ')} ${rule.nodes[0].any[0]?.message ?? rule.help}`);
}

/** Themes differ in colours only: every rule is tried in the first, and the one about colours in the others. */
const RULES = { night: { type: 'tag', values: TAGS }, day: { type: 'rule', values: ['color-contrast'] }, projector: { type: 'rule', values: ['color-contrast'] } };

/** Things to press that are smaller than 24 by 24 pixels, and a page that is wider than its window. */
const tooSmallOrWide = () => {
  const shown = [...document.querySelectorAll('button, input, select, a[href], [tabindex="0"]')].filter((element) => element.checkVisibility());
  const small = shown.filter((element) => {
    const box = element.getBoundingClientRect();
    return (box.width < 24 || box.height < 24) && box.width > 1;
  });
  const wide = document.documentElement.scrollWidth > innerWidth ? [`the page is ${document.documentElement.scrollWidth} wide in ${innerWidth}`] : [];
  return [...small.map((element) => `${element.dataset.test ?? element.outerHTML.slice(0, 80)} is smaller than 24 by 24`), ...wide];
};

/** One state at one size: opened once, and looked at in each theme. */
const one = (name, query, size) => [`nothing found: ${name}, ${size.join('x')}`, async (world) => {
  const page = world.keep(await open(world, { hash: `#/?theme=${THEMES[0]}&paused=1&seed=1&${query}`, size }));
  if (name === 'collisions') {
    await page.locator('#tab-writes').click();
    // Where the page scrolls, time lies over what is in the middle of it.
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  }
  await page.evaluate(AXE);
  const found = [];
  for (const theme of THEMES) {
    // From code, because on a phone the buttons are in a menu.
    await part(page, `theme-${theme}`).evaluate((button) => button.click());
    await until(page, (wanted) => document.documentElement.dataset.theme === wanted, theme, `no theme ${theme}`);
    await page.waitForTimeout(500);
    const all = [...(await page.evaluate(tooSmallOrWide)), ...(await problems(page, RULES[theme]))];
    found.push(...all.map((text) => `${theme}: ${text}`));
  }
  expect(found.length === 0, found.join('\n    '));
}];

/** One state by night, in a window that goes through all sizes. */
const resized = ([name, query]) => [`nothing found by night at five sizes: ${name}`, async (world) => {
  const page = world.keep(await open(world, { hash: `#/?theme=night&paused=1&seed=1&${query}`, size: MORE[0] }));
  if (name === 'comparison') await until(page, () => document.querySelector('[data-test="lanes-progress"]')?.dataset.percent === '100', null, 'no comparison', 60_000);
  await page.evaluate(AXE);
  const found = [];
  for (const [width, height] of [...MORE, ...SIZES]) {
    await page.setViewportSize({ width, height });
    await settled(page);
    await page.waitForTimeout(300);
    const all = [...(await page.evaluate(tooSmallOrWide)), ...(await problems(page, RULES.night))];
    found.push(...all.map((text) => `${width}x${height}: ${text}`));
  }
  expect(found.length === 0, found.join('\n    '));
}];

export const tests = [
  ...MORE.map((size) => one('calm', STATES.calm, size)),
  ...Object.entries(BY_NIGHT).map(resized),
  ...Object.entries(STATES).flatMap(([name, query]) => SIZES.map((size) => one(name, query, size))),
];
