// Paused means still.
import { expect, open, play } from '../lib/harness.mjs';

async function still(page) {
  await page.waitForTimeout(600);
  const first = await page.screenshot();
  await page.waitForTimeout(1000);
  expect(first.equals(await page.screenshot()), 'two screenshots a second apart differ');
  const moving = await page.evaluate(() => document.getAnimations().filter((animation) => animation.playState === 'running').length);
  expect(moving === 0, `${moving} animations still run`);
}

export const tests = [
  ['a calm system that was paused by hand', async (world) => {
    const page = world.keep(await open(world));
    await page.waitForTimeout(1500);
    await play(page, false);
    await still(page);
  }],
  ['a moment in the middle of an outage, opened by its address', async (world) => {
    await still(world.keep(await open(world, { hash: '#/?at=150&paused=1&fault=region-dark:us-east-1@60' })));
  }],
  ['the same on a phone by day', async (world) => {
    await still(world.keep(await open(world, { hash: '#/?theme=day&at=95&paused=1&fault=region-dark:us-east-1@60', size: [390, 844] })));
  }],
];
