// Runs and pokes the page, and weighs its memory on the way.
import { part, play, scrubTo } from './harness.mjs';

/** Bytes after a collection: JavaScript's heap, the wasm's linear memory, and the number of DOM nodes. */
export async function weigh(page, cdp) {
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const metric = (name) => metrics.find((entry) => entry.name === name)?.value ?? Number.NaN;
  const wasm = await page.evaluate(() => window.__memory?.buffer.byteLength ?? 0);
  return { at: performance.now(), heap: metric('JSHeapUsedSize'), wasm, nodes: metric('Nodes') };
}

/** One round of what an impatient learner does, always ending in play at the end of the known run. */
async function poke(page, turn) {
  await play(page, true);
  if (turn % 4 === 1) await part(page, 'break-button').click({ timeout: 2000 }).catch(() => {});
  if (turn % 4 === 2) await scrubTo(page, 30 + (turn % 7) * 20);
  if (turn % 4 === 3) await part(page, turn % 8 === 3 ? 'theme-day' : 'theme-night').click();
  await play(page, true);
}

/** The least-squares slope of one weight, in bytes per minute. */
function slope(samples, key) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const minutes = samples.map((sample) => (sample.at - samples[0].at) / 60_000);
  const weights = samples.map((sample) => sample[key]);
  const [centre, level] = [mean(minutes), mean(weights)];
  const top = minutes.reduce((sum, minute, i) => sum + (minute - centre) * (weights[i] - level), 0);
  return top / minutes.reduce((sum, minute) => sum + (minute - centre) ** 2, 0);
}

/** Soaks for so many seconds after a warm-up of a fifth of that; answers samples and slopes. */
export async function soak(page, seconds, say = () => {}) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const samples = [];
  const began = performance.now();
  for (let turn = 0; performance.now() - began < seconds * 1200; turn += 1) {
    await poke(page, turn);
    await page.waitForTimeout(Math.min(2500, seconds * 40));
    if (performance.now() - began < seconds * 200) continue;
    samples.push(await weigh(page, cdp));
    const last = samples.at(-1);
    say(`${((last.at - began) / 1000).toFixed(0).padStart(5)} s  heap ${(last.heap / 1e6).toFixed(2)} MB  wasm ${(last.wasm / 1e6).toFixed(2)} MB  ${last.nodes} nodes`);
  }
  return { samples, heap: slope(samples, 'heap'), wasm: slope(samples, 'wasm'), nodes: slope(samples, 'nodes') };
}

/** The slopes in one line. */
export const summary = ({ samples, heap, wasm, nodes }) => `slope per minute: heap ${(heap / 1e3).toFixed(1)} kB, wasm ${(wasm / 1e3).toFixed(1)} kB, ${nodes.toFixed(1)} nodes; `
  + `wasm memory ${(samples.at(-1).wasm / 1e6).toFixed(1)} MB at the end`;
