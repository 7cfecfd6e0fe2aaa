// Pictures of the page: `screenshots.mjs DIR` for all sizes, themes and phases; `screenshots.mjs --one FILE` for the README's.
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { THEMES, open, start } from './lib/harness.mjs';

const SIZES = [[1920, 1080], [1440, 900], [768, 1024], [390, 844]];
const FAULT = 'fault=region-dark:us-east-1@60';
const PHASES = { calm: 'at=45', broken: `at=110&${FAULT}`, recovering: `at=200&${FAULT}` };

async function shoot(world, file, size, theme, query) {
  const page = await open(world, { hash: `#/?theme=${theme}&seed=11&paused=1&${query}`, size });
  await page.waitForTimeout(700);
  mkdirSync(dirname(file), { recursive: true });
  await page.screenshot({ path: file });
  if (page.watch.found.length > 0) console.log(`${file}: ${page.watch.found.join('; ')}`);
  await page.done();
}

const world = await start();
const [first, second] = process.argv.slice(2);
if (first === '--one') {
  await shoot(world, resolve(second), [1440, 900], 'night', PHASES.recovering);
  console.log(second);
} else {
  const folder = resolve(first ?? 'target/screenshots');
  for (const size of SIZES) {
    for (const theme of THEMES) {
      for (const [phase, query] of Object.entries(PHASES)) await shoot(world, join(folder, `${size.join('x')}-${theme}-${phase}.png`), size, theme, query);
    }
  }
  console.log(`${SIZES.length * THEMES.length * Object.keys(PHASES).length} pictures in ${first ?? 'target/screenshots'}`);
}
await world.close();
