import { THEMES, open, start, part } from './lib/harness.mjs';
const SIZES = [[1920, 1080], [1440, 900], [768, 1024], [390, 844]];
const world = await start();
const only = process.argv[2];
for (const size of SIZES) for (const theme of THEMES) {
  const name = `${size.join('x')}-${theme}`;
  if (only && !name.includes(only)) continue;
  const page = await open(world, { hash: `#/?theme=${theme}&scenario=write-local&seed=1&at=120&paused=1&collide=1`, size, reducedMotion: 'reduce' });
  await part(page, 'microscope').waitFor();
  await page.locator('[data-rule="merge"]').click();
  await page.waitForTimeout(600);
  await page.screenshot({ path: `/tmp/shots/${name}.png`, fullPage: size[0] < 1000 });
  await page.done();
}
await world.close();
