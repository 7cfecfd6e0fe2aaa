// `cargo xtask bench`: events per second of our queue and our world, natively and in Chromium, beside a baseline where one is given.
// `bench.mjs OUR_TARGET [BASELINE_TARGET]`. Rounds alternate within the same minute, so that a slow spell of the machine
// touches all alike; each ratio is formed inside a round, and the median of the rounds counts.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { quantile } from './lib/harness.mjs';

const ROUNDS = 7;
const REQUESTS = 1_000_000;
// What the workload's description publishes for a million requests with seed 1: another count is another workload.
const EVENTS = 4_301_749;
const WORLD_SECONDS = 1200;
// The seed of examples/world.rs.
const WORLD_SEED = 7;
const BARS = { 'ours / baseline, native': 0.6, 'ours / baseline, wasm': 0.6, 'our world, wasm / native': 0.7 };

const [ours, peer] = process.argv.slice(2);
const WASM = 'wasm32-unknown-unknown/release';

/** Runs a native program; answers events per second. */
function native(file, args, read) {
  const { events, secs } = read(execFileSync(file, args.map(String), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  return { events, rate: events / secs };
}
const words = (text) => {
  const [events, secs] = text.trim().split(/\s+/).map(Number);
  return { events, secs };
};

/** Loads a module of plain C exports into the page, under a name. */
async function load(page, name, file) {
  await page.evaluate(async ([key, bytes]) => {
    const binary = Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0));
    const { instance } = await WebAssembly.instantiate(binary, { env: { js_sink() {} } });
    (window.modules ??= {})[key] = instance.exports;
  }, [name, readFileSync(file).toString('base64')]);
}

/** Runs one of a module's simulations in slices, as a page does: a single long call is never optimised by the browser. */
const sliced = (page, options) => page.evaluate(({ name, begin, args, advance, until, slice }) => {
  const module = window.modules[name];
  module[begin](...args);
  const start = performance.now();
  let events = 0;
  for (let at = Math.min(slice, until); ; at = Math.min(at + slice, until)) {
    events = module[advance](at);
    if (at >= until) break;
  }
  return { events, rate: (events / (performance.now() - start)) * 1e3 };
}, options);

const browser = await chromium.launch({ executablePath: process.env.CHROME ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage();
await load(page, 'ours', join(ours, 'bench_wasm.wasm'));
if (peer) await load(page, 'baseline', join(peer, WASM, 'base_wasm.wasm'));

const rr4 = { until: REQUESTS, slice: 1000 };
const runs = {
  'ours, native': () => native(join(ours, 'release/examples/rr4'), [REQUESTS], words),
  'ours, wasm': () => sliced(page, { ...rr4, name: 'ours', begin: 'rr4_new', args: [1, 1], advance: 'rr4_advance' }),
  'our world, native': () => native(join(ours, 'release/examples/world'), [WORLD_SECONDS], words),
  'our world, wasm': () => sliced(page, { name: 'ours', begin: 'world_new', args: [WORLD_SEED], advance: 'world_advance', until: WORLD_SECONDS, slice: 0.5 }),
};
if (peer) {
  runs['baseline, native'] = () => native(join(peer, 'release/base'), ['std', REQUESTS, 1, 1], JSON.parse);
  runs['baseline, wasm'] = () => sliced(page, { ...rr4, name: 'baseline', begin: 'std_new', args: [1, 1], advance: 'std_advance' });
}

const rates = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
const counts = {};
const problems = [];
for (let round = 0; round <= ROUNDS; round += 1) {
  const names = Object.keys(runs);
  // Each round begins with another engine, and the first round only warms everything up.
  for (let turn = 0; turn < names.length; turn += 1) {
    const name = names[(turn + round) % names.length];
    const { events, rate } = await runs[name]();
    if (!name.startsWith('our world') && events !== EVENTS) problems.push(`${name}: ${events} events instead of ${EVENTS}`);
    counts[name] = events;
    if (round > 0) rates[name].push(rate);
  }
}
await browser.close();
if (counts['our world, native'] !== counts['our world, wasm']) {
  problems.push(`our world: ${counts['our world, native']} events natively and ${counts['our world, wasm']} in wasm`);
}

const median = (values) => quantile(values, 0.5);
console.log(`events per second, median of ${ROUNDS} alternating rounds [least..most]; the workload is RR-4 with ${REQUESTS} requests`);
for (const [name, values] of Object.entries(rates)) {
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => (value / 1e6).toFixed(2));
  console.log(`${name.padEnd(24)} ${(median(values) / 1e6).toFixed(2).padStart(7)} M [${least}..${most}]`);
}
const ratio = (over, under) => median(rates[over].map((value, round) => value / rates[under][round]));
const ratios = {
  ...(peer && { 'ours / baseline, native': ratio('ours, native', 'baseline, native'), 'ours / baseline, wasm': ratio('ours, wasm', 'baseline, wasm') }),
  'ours, wasm / native': ratio('ours, wasm', 'ours, native'),
  'our world, wasm / native': ratio('our world, wasm', 'our world, native'),
};
if (!peer) console.log('The baseline is not on this machine, so the ratios to it are left out; --peer DIR names its folder.');
for (const [name, value] of Object.entries(ratios)) {
  const bar = BARS[name];
  console.log(`${name.padEnd(24)} ${value.toFixed(2).padStart(7)}${bar ? ` (at least ${bar})` : ''}`);
  if (bar && value < bar) problems.push(`${name}: ${value.toFixed(2)} is less than ${bar}`);
}
for (const problem of new Set(problems)) console.log(problem);
process.exit(problems.length === 0 ? 0 : 1);
