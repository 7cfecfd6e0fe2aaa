// Pictures of the page: `screenshots.mjs DIR [WORD]` for all sizes, themes and phases, or those whose names hold the word;
// `screenshots.mjs --one FILE` for the README's.
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { THEMES, open, start } from './lib/harness.mjs';

const SIZES = [[1920, 1080], [1440, 900], [768, 1024], [390, 844]];
const FAULT = 'fault=region-dark:us-east-1@60';
const TWO = `${FAULT}&fault=link-cut:us-east-1:eu-west-1@150`;
const PHASES = {
  calm: 'paused=1&at=45',
  broken: `paused=1&at=110&${FAULT}`,
  recovering: `paused=1&at=200&${FAULT}`,
  incidents: `paused=1&at=300&${TWO}`,
  // It runs, and a second picture is taken a second later.
  running: `speed=1&at=180&${TWO}`,
};

async function shoot(world, file, size, theme, query) {
  const page = await open(world, { hash: `#/?theme=${theme}&seed=11&${query}`, size });
  await page.waitForTimeout(700);
  mkdirSync(dirname(file), { recursive: true });
  await page.screenshot({ path: file });
  if (!query.includes('paused=1')) {
    await page.waitForTimeout(1000);
    await page.screenshot({ path: file.replace(/\.png$/, '-later.png') });
  }
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
  let count = 0;
  for (const size of SIZES) {
    for (const theme of THEMES) {
      for (const [phase, query] of Object.entries(PHASES)) {
        const name = `${size.join('x')}-${theme}-${phase}`;
        if (second && !name.includes(second)) continue;
        await shoot(world, join(folder, `${name}.png`), size, theme, query);
        count += 1;
      }
    }
  }
  console.log(`${count} scenes in ${first ?? 'target/screenshots'}`);
}
await world.close();
