// `cargo xtask bench`: events per second of our queue and our world, natively and in Chromium, beside a baseline or another commit.
// `bench.mjs OUR_TARGET [--peer TARGET | --against TARGET [--instructions]]`. The median of the rounds counts, and each ratio
// is formed inside a round.
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { REQUESTS, counted, load, native, natively, rounds, rr4InPage, say, worldInPage } from './lib/measured.mjs';

const ROUNDS = 7;
// What the workload's description publishes for a million requests with seed 1: another count is another workload.
const EVENTS = 4_301_749;
const BARS = { 'ours / baseline, native': 0.6, 'ours / baseline, wasm': 0.6, 'our world, wasm / native': 0.7 };
/** What a change may cost against another commit: a tenth more time. */
const LEAST_AGAINST = 1 / 1.1;

const [ours, option, other, instructions] = process.argv.slice(2);
const problems = [];

/** Runs something with a page in which our module and perhaps another are loaded. */
async function inPage(modules, body) {
  const browser = await chromium.launch({ executablePath: process.env.CHROME ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage();
  for (const [name, file] of Object.entries(modules)) await load(page, name, file);
  const result = await body(page);
  await browser.close();
  return result;
}

/** Our figures, and their ratio to those of the baseline if it is given. */
async function alone(peer) {
  const own = natively(ours);
  const modules = { ours: join(ours, 'bench_wasm.wasm'), ...(peer && { baseline: join(peer, 'wasm32-unknown-unknown/release/base_wasm.wasm') }) };
  const { rates, counts, ratio } = await inPage(modules, (page) => rounds({
    'ours, native': () => native(own['RR-4']),
    'ours, wasm': () => rr4InPage(page, 'ours'),
    'our world, native': () => native(own.world),
    'our world, wasm': () => worldInPage(page, 'ours'),
    ...(peer && {
      'baseline, native': () => native([join(peer, 'release/base'), ['std', REQUESTS, 1, 1], JSON.parse]),
      'baseline, wasm': () => rr4InPage(page, 'baseline', 'std'),
    }),
  }, ROUNDS));
  for (const [name, events] of Object.entries(counts)) {
    if (!name.startsWith('our world') && events !== EVENTS) problems.push(`${name}: ${events} events instead of ${EVENTS}`);
  }
  if (counts['our world, native'] !== counts['our world, wasm']) {
    problems.push(`our world: ${counts['our world, native']} events natively and ${counts['our world, wasm']} in wasm`);
  }
  console.log(`events per second, median of ${ROUNDS} alternating rounds [least..most]; the workload is RR-4 with ${REQUESTS} requests`);
  say(rates);
  if (!peer) console.log('The baseline is not on this machine, so the ratios to it are left out; --peer DIR names its folder.');
  const ratios = {
    ...(peer && { 'ours / baseline, native': ratio('ours, native', 'baseline, native'), 'ours / baseline, wasm': ratio('ours, wasm', 'baseline, wasm') }),
    'ours, wasm / native': ratio('ours, wasm', 'ours, native'),
    'our world, wasm / native': ratio('our world, wasm', 'our world, native'),
  };
  for (const [name, value] of Object.entries(ratios)) judge(name, value, BARS[name]);
}

/**
 * Our speed over that of another commit, natively and as wasm. Their events may differ in number, so it is events per second
 * that are compared; or, for native programs, instructions for an event: slower to count, and not touched by what else the
 * machine does.
 */
async function against(theirs, byInstructions) {
  const [mine, others] = [natively(ours), natively(theirs)];
  if (byInstructions) {
    for (const [what, program] of Object.entries(others)) {
      const [own, other] = [counted(mine[what]), counted(program)];
      const [each, theirEach] = [own, other].map(({ events, instructions }) => instructions / events);
      console.log(`${what}: ${each.toFixed(1)} instructions an event, theirs ${theirEach.toFixed(1)}`);
      judge(`${what}, theirs / ours`, theirEach / each, LEAST_AGAINST, numbers(own.events, other.events));
    }
  }
  const pairs = byInstructions ? [] : Object.entries(others).map(([what, program]) => [what, () => native(mine[what]), () => native(program)]);
  const modules = { ours: join(ours, 'bench_wasm.wasm'), theirs: join(theirs, 'bench_wasm.wasm') };
  const { rates, counts, ratio } = await inPage(modules, (page) => {
    const wasm = Object.entries({ 'RR-4': rr4InPage, world: worldInPage }).map(([what, run]) => [`${what} as wasm`, () => run(page, 'ours'), () => run(page, 'theirs')]);
    return rounds(Object.fromEntries([...pairs, ...wasm].flatMap(([what, own, other]) => [[`${what}, ours`, own], [`${what}, theirs`, other]])), ROUNDS);
  });
  console.log(`events per second, median of ${ROUNDS} alternating rounds [least..most]`);
  say(rates);
  for (const name of Object.keys(rates).filter((name) => name.endsWith(', ours'))) {
    const other = name.replace(/ours$/, 'theirs');
    judge(`${name} / theirs`, ratio(name, other), LEAST_AGAINST, numbers(counts[name], counts[other]));
  }
}

/** How many events are compared: the same number on both sides, or not quite. */
const numbers = (own, other) => (own === other ? `, ${own} events each` : `, ${own} events against ${other}`);

/** Prints a ratio and notes whether it is too small. */
function judge(name, value, bar, remark = '') {
  console.log(`${name.padEnd(32)} ${value.toFixed(2).padStart(6)}${bar ? ` (at least ${bar.toFixed(2)})` : ''}${remark}`);
  if (bar && value < bar) problems.push(`${name}: ${value.toFixed(2)} is less than ${bar.toFixed(2)}`);
}

if (option === '--against') await against(other, instructions === '--instructions');
else await alone(other);
for (const problem of new Set(problems)) console.log(problem);
process.exit(problems.length === 0 ? 0 : 1);
