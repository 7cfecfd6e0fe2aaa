// Nothing hides what matters: buttons no place on the map, the line at the bottom nothing that is used, an edge no first row.
import { SIZES, THEMES, expect, open, part, settled } from '../lib/harness.mjs';

const STATES = {
  calm: 'at=60',
  broken: 'at=240&fault=region-dark:us-east-1@60',
  'two broken': 'at=300&scenario=six-regions&fault=region-dark:us-east-1@60&fault=region-dark:eu-west-1@120',
  asked: 'at=560&fault=link-cut:us-east-1:eu-west-1@60&fault=region-dark:us-east-1@300',
};
const WIDE = [[1920, 1080], [1440, 900], [1120, 860]];

/** Buttons on the map that lie on a region, on a name, or beyond the map. */
const hidden = () => {
  const map = document.querySelector('.map').getBoundingClientRect();
  const boxes = (selector) => [...document.querySelectorAll(selector)].map((element) => [element, element.getBoundingClientRect()]);
  const buttons = boxes('#lever button').filter(([button]) => button.checkVisibility());
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const name = (element) => element.textContent || element.getAttribute('aria-label') || element.className;
  const found = [];
  for (const [button, box] of buttons) {
    for (const [place, other] of boxes('.names text, .region-pin')) {
      if (meet(box, other)) found.push(`${name(button)} lies on ${name(place)}`);
    }
    if (meet(box, map) && (box.top < map.top || box.bottom > map.bottom)) found.push(`${name(button)} is cut by the edge of the map`);
  }
  return found;
};

/** How far the first row of the figures begins above what is seen of its panel. */
const firstRow = () => {
  const panel = document.querySelector('#panel-figures').getBoundingClientRect();
  return panel.top - document.querySelector('#panel-figures .name').getBoundingClientRect().top;
};

export const tests = [
  ...Object.entries(STATES).map(([name, query]) => [`buttons on the map hide no place: ${name}`, async (world) => {
    for (const size of WIDE) {
      for (const theme of THEMES) {
        const page = world.keep(await open(world, { hash: `#/?theme=${theme}&paused=1&slowmo=0&seed=3&${query}`, size }));
        await page.waitForTimeout(300);
        const found = await page.evaluate(hidden);
        expect(found.length === 0, `${theme}, ${size}: ${found.join(', ')}`);
        const above = await page.evaluate(firstRow);
        expect(above <= 0.5, `${theme}, ${size}: the first row of the figures begins ${above} px above its panel`);
        await page.done();
      }
    }
  }]),
  ['on small screens the line at the bottom is one line, and hides nothing that has the focus', async (world, say) => {
    for (const size of SIZES.slice(1)) {
      const page = world.keep(await open(world, { hash: '#/?at=240&paused=1&slowmo=0&fault=region-dark:us-east-1@60', size }));
      const line = page.locator('.transport-main');
      const box = await line.boundingBox();
      expect(box.height <= 60 && Math.abs(box.y + box.height - size[1]) < 1, `${size}: it is ${box.height} high at ${box.y}`);
      for (const name of ['play', 'scrub', 'clock']) {
        const inside = await part(page, name).evaluate((element) => element.closest('.transport-main') !== null);
        expect(inside, `${name} is not in it`);
      }
      let looked = 0;
      for (let step = 0; step < 120; step += 1) {
        await page.keyboard.press('Tab');
        const under = await page.evaluate(() => {
          const at = document.activeElement;
          const bar = document.querySelector('.transport-main');
          if (!at || at === document.body) return 'over';
          if (bar.contains(at) || at.closest('[popover]')) return '';
          const [a, b] = [at.getBoundingClientRect(), bar.getBoundingClientRect()];
          return a.top >= b.top - 1 ? at.dataset.test ?? at.outerHTML.slice(0, 80) : '';
        });
        if (under === 'over') break;
        expect(under === '', `${size}: ${under} has the focus under the line at the bottom`);
        looked += 1;
      }
      await settled(page);
      say(`${size.join('x')}: ${box.height} px, ${looked} stops of the focus`);
    }
  }],
];
