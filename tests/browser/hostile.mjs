// `cargo xtask night`: hostile addresses, hostile stored values and random hands, in as many pages as there are cores.
// `hostile.mjs [SECONDS] [SEED]`. Whatever comes, the page runs on, says nothing on the console and is no wider than its window.
import { availableParallelism } from 'node:os';
import { act, chance, wrong } from './lib/hand.mjs';
import { SIZES, open, start } from './lib/harness.mjs';

/** A visit that takes longer hangs, in milliseconds. */
const PATIENCE_MS = 90_000;
const SECONDS = Number(process.argv[2] ?? 480);
const SEED = Number(process.argv[3] ?? 1);

const NAMES = ['theme', 'speed', 'at', 'paused', 'seed', 'fault', 'flights', 'scenario', 'engine', 'pattern', 'rule', 'session', 'compare', 'storm', 'slowmo', 'collide', 'x'];
const VALUES = [
  '', '0', '1', '-1', '1e9', '-1e999', 'NaN', 'Infinity', '0x10', '60', '600', '86400', '18446744073709551616', 'a'.repeat(3000), '%E0%A4%A', '%00', '%2D', '<b>', '"', '\u202e', '😀',
  'night', 'pilot-light', 'multi-site', 'write-local', 'write%2Dlocal', 'write-local-quorum', 'conditional', 'corruption', 'region-dark:us-east-1@60', 'link-cut:us-east-1:eu-west-1@60',
  'region-dark:atlantis@60', 'capacity:' + 'a'.repeat(300), 'mass-delete:us-east-1@1e18', '@@@:::', 'zone-power:us-east-1a@-5',
];

const address = ({ below, pick }) => `#/?${Array.from({ length: 1 + below(6) }, () => `${pick(NAMES)}=${pick(VALUES)}`).join('&')}`;

const counts = { addresses: 0, 'stored values': 0, actions: 0 };
const problems = [];

/** One visit: an address that nobody would write, perhaps a storage that nobody would fill, then a random hand. */
async function visit(world, dice) {
  const hash = address(dice);
  const stored = dice.next() < 0.3 ? dice.pick(VALUES) : null;
  const did = [];
  let page;
  let bell;
  const patience = new Promise((_, late) => { bell = setTimeout(() => late(new Error('the visit hangs')), PATIENCE_MS); });
  const stay = async () => {
    page = await open(world, { hash, arrive: false, size: dice.pick(SIZES), init: stored === null ? undefined : storing(stored) });
    counts.addresses += 1;
    if (stored !== null) counts['stored values'] += 1;
    for (let turn = 0; turn < 30; turn += 1) {
      if (dice.next() < 0.94) {
        did.push(await act(page, dice));
      } else {
        const other = address(dice);
        did.push(other);
        await page.evaluate((value) => { location.hash = value; }, other);
      }
      counts.actions += 1;
    }
    await page.waitForTimeout(300);
    const problem = await wrong(page);
    if (problem) throw new Error(problem);
  };
  try {
    await Promise.race([stay(), patience]);
  } catch (error) {
    problems.push(`${error.message.split('\n')[0]}\n    ${hash.slice(0, 200)} stored ${String(stored).slice(0, 60)}; ${did.join(' ').slice(0, 600)}`);
  } finally {
    clearTimeout(bell);
    await Promise.race([page?.done().catch(() => {}), new Promise((over) => { setTimeout(over, 5000); })]);
  }
}

/** A function for the page's start, with the value written into it: it cannot see this file. */
const storing = (value) => ({ content: `for (const name of ['settings', 'theme', 'keys']) localStorage.setItem('faultline.' + name, ${JSON.stringify(value)});` });

const world = await start();
const until = performance.now() + SECONDS * 1000;
const hand = async (number) => {
  const dice = chance(SEED * 1000 + number);
  while (performance.now() < until && problems.length < 20) await visit(world, dice);
};
await Promise.all(Array.from({ length: availableParallelism() }, (_, number) => hand(number)));
await world.close();
for (const problem of problems) console.log(problem);
const said = Object.entries(counts).map(([what, count]) => `${count.toLocaleString('en')} ${what}`).join(', ');
console.log(`figure: ${said}; ${problems.length} went wrong (seed ${SEED})`);
process.exit(problems.length === 0 && counts.addresses > 0 ? 0 : 1);
