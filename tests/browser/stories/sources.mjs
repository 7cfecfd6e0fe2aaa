// Says who? Where the numbers come from: fetched only if somebody asks, searched by words, opened beside a number.
import { THEMES, expect, open, part, same, until } from '../lib/harness.mjs';

const focused = () => document.activeElement?.closest('[data-test]')?.dataset.test ?? '';
const rows = (page) => page.locator('[data-test="sources-list"] li').allInnerTexts();

export const tests = [
  ['who asks gets every number with its source, and nobody else loads the list', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?at=30&paused=1' }));
    const asked = [];
    page.on('request', (request) => { if (request.url().includes('facts.json')) asked.push(request.url()); });
    const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name));
    expect(!loaded.some((name) => name.includes('facts.json')), 'a first visit loads the list');
    await part(page, 'play').focus();
    await page.keyboard.press('s');
    await part(page, 'sources-list').waitFor();
    const all = await rows(page);
    expect(all.length > 300, `only ${all.length} numbers`);
    const place = (words) => all.findIndex((row) => row.includes(words));
    expect(place('documented:') > place('our assumption:') && place('our assumption:') === 0, 'what is assumed does not come first');
    await part(page, 'sources-search').fill('healthy share');
    await until(page, () => document.querySelectorAll('[data-test="sources-list"] li').length < 5, null, 'the search finds everything');
    const [row] = await rows(page);
    expect(row.startsWith('0.18') && row.includes('dns.healthy_share') && row.includes('2023-06-15'), `the row says ${row}`);
    const link = await page.locator('[data-test="sources-list"] a').first().getAttribute('href');
    expect(link.startsWith('https://docs.aws.amazon.com/Route53/'), `the source leads to ${link}`);
    await part(page, 'sources-search').fill('no such number');
    await until(page, () => document.querySelector('[data-test="sources-count"]').textContent.startsWith('0 of'), null, 'something is found');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.locator('dialog.sources').waitFor({ state: 'hidden' });
    same(await page.evaluate(focused), 'play', 'focus after Escape');
    same(asked.length, 1, 'times that the list was fetched');
    say(`${all.length} numbers`);
  }],
  ['"Says who?" opens the row of the number that it stands beside, in every theme', async (world) => {
    for (const theme of THEMES) {
      const page = world.keep(await open(world, { hash: `#/?at=30&paused=1&theme=${theme}` }));
      await part(page, 'route53').locator('.who').click();
      await part(page, 'sources-list').waitFor();
      same(await part(page, 'sources-search').inputValue(), 'checkers', 'what is searched for');
      const found = await rows(page);
      expect(found.length < 10 && found.some((row) => row.startsWith('16')), `${theme}: it shows ${found.join('; ')}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${theme}: the page is too wide`);
    }
  }],
  ['a list that does not come is said, and asked for again', async (world) => {
    const page = world.keep(await open(world, { hash: '#/?at=30&paused=1' }));
    page.forgiven = true;
    await page.route('**/facts.json*', (route) => route.abort());
    await page.keyboard.press('s');
    await page.getByText('could not be fetched').waitFor();
    await page.keyboard.press('Escape');
    await page.unroute('**/facts.json*');
    await page.keyboard.press('s');
    await part(page, 'sources-list').waitFor();
  }],
];
