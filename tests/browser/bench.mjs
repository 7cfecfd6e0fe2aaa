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
/** What a change may cost against another commit. */
const LEAST_AGAINST = 0.9;

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

/** Our speed over that of another commit. Their events may differ in number, so it is events per second that are compared. */
async function against(theirs) {
  const modules = { ours: join(ours, 'bench_wasm.wasm'), theirs: join(theirs, 'bench_wasm.wasm') };
  const { rates, counts, ratio } = await inPage(modules, (page) => {
    const own = natively(ours);
    const pairs = Object.entries(natively(theirs)).flatMap(([what, program]) => [
      [`${what}, ours`, () => native(own[what])],
      [`${what}, theirs`, () => native(program)],
    ]);
    const wasm = Object.entries({ 'RR-4': rr4InPage, world: worldInPage }).flatMap(([what, run]) => [
      [`${what} as wasm, ours`, () => run(page, 'ours')],
      [`${what} as wasm, theirs`, () => run(page, 'theirs')],
    ]);
    return rounds(Object.fromEntries([...pairs, ...wasm]), ROUNDS);
  });
  console.log(`events per second, median of ${ROUNDS} alternating rounds [least..most]`);
  say(rates);
  for (const name of Object.keys(rates).filter((name) => name.endsWith(', ours'))) {
    const what = name.slice(0, -', ours'.length);
    const same = counts[name] === counts[`${what}, theirs`] ? '' : `, ${counts[name]} events against ${counts[`${what}, theirs`]}`;
    judge(`${what}, ours / theirs`, ratio(name, `${what}, theirs`), LEAST_AGAINST, same);
  }
}

/** The same comparison by instructions for an event: slower to make, and not touched by what else the machine does. */
function byInstructions(theirs) {
  const own = natively(ours);
  for (const [what, program] of Object.entries(natively(theirs))) {
    const [mine, others] = [counted(own[what]), counted(program)].map(({ events, instructions }) => instructions / events);
    console.log(`${what}: ${mine.toFixed(1)} instructions an event, theirs ${others.toFixed(1)}`);
    judge(`${what}, theirs / ours`, others / mine, LEAST_AGAINST);
  }
}

/** Prints a ratio and notes whether it is too small. */
function judge(name, value, bar, remark = '') {
  console.log(`${name.padEnd(32)} ${value.toFixed(2).padStart(6)}${bar ? ` (at least ${bar})` : ''}${remark}`);
  if (bar && value < bar) problems.push(`${name}: ${value.toFixed(2)} is less than ${bar}`);
}

if (option !== '--against') await alone(other);
else if (instructions) byInstructions(other);
else await against(other);
for (const problem of new Set(problems)) console.log(problem);
process.exit(problems.length === 0 ? 0 : 1);
