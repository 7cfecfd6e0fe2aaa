// The programs that `cargo xtask bench` measures, and how fast each handles its events.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const REQUESTS = 1_000_000;
export const WORLD_SECONDS = 1200;
/** The seed of examples/world.rs. */
const WORLD_SEED = 7;
const LANES = ['backup-restore', 'pilot-light', 'warm-standby', 'multi-site'];

/** Two numbers, as the examples print them: events and the seconds that they took. */
const examples = (text) => {
  const [events, secs] = text.trim().split(/\s+/).map(Number);
  return { events, secs };
};

/** The events that `faultline-cli compare` names in its first line; it rounds its seconds, so they are taken outside. */
const compared = (text, secs) => ({ events: Number(text.match(/^([\d,]+) events/)[1].replaceAll(',', '')), secs });

/** The native programs of a target folder, each with its arguments and what reads its output. */
export const natively = (target) => ({
  'RR-4': [join(target, 'release/examples/rr4'), [REQUESTS], examples],
  world: [join(target, 'release/examples/world'), [WORLD_SECONDS], examples],
  'four lanes': [join(target, 'release/faultline-cli'), ['compare', ...LANES], compared],
});

/** Runs a native program; answers its events, and events per second. */
export function native([file, args, read]) {
  const began = performance.now();
  const text = execFileSync(file, args.map(String), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const { events, secs } = read(text, (performance.now() - began) / 1000);
  return { events, rate: events / secs };
}

/** Counts the instructions of a native program; a tenth of the work is enough, because no round differs from another. */
export function counted([file, args, read]) {
  const fewer = args.map((arg) => String(typeof arg === 'number' ? arg / 10 : arg));
  const short = args.includes('compare') ? [...fewer, '--until', '20m'] : fewer;
  const { stdout, stderr, status } = spawnSync('valgrind', ['--tool=callgrind', '--callgrind-out-file=/dev/null', file, ...short], { encoding: 'utf8' });
  const said = stderr.match(/Collected\s*:\s*(\d+)/);
  if (status !== 0 || !said) throw new Error(`valgrind cannot run ${file}: ${stderr.slice(-400)}`);
  const { events } = read(stdout, 1);
  return { events, instructions: Number(said[1]) };
}

/** Loads a module of plain C exports into the page, under a name. */
export async function load(page, name, file) {
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

export const rr4InPage = (page, name, engine = 'rr4') => sliced(page, { name, begin: `${engine}_new`, args: [1, 1], advance: `${engine}_advance`, until: REQUESTS, slice: 1000 });
export const worldInPage = (page, name) => sliced(page, { name, begin: 'world_new', args: [WORLD_SEED], advance: 'world_advance', until: WORLD_SECONDS, slice: 0.5 });

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * Measures each of `runs` so many times. Rounds alternate within the same minute, so that a slow spell of the machine
 * touches all alike; each round begins with another, and the first only warms everything up.
 */
export async function rounds(runs, many) {
  const names = Object.keys(runs);
  const rates = Object.fromEntries(names.map((name) => [name, []]));
  const counts = {};
  for (let round = 0; round <= many; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(turn + round) % names.length];
      const { events, rate } = await runs[name]();
      counts[name] = events;
      if (round > 0) rates[name].push(rate);
    }
  }
  return { rates, counts, ratio: (over, under) => median(rates[over].map((value, round) => value / rates[under][round])) };
}

/** One line for each rate: the median, and the range. */
export function say(rates) {
  for (const [name, values] of Object.entries(rates)) {
    const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => (value / 1e6).toFixed(2));
    console.log(`${name.padEnd(24)} ${(median(values) / 1e6).toFixed(2).padStart(7)} M [${least}..${most}]`);
  }
}
