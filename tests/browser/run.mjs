// Runs the browser tests: `node tests/browser/run.mjs [words of a test's name]`.
// Each file in stories/ exports `tests`: a list of [name, async (world, say) => …]; `world.keep(page)` has a page looked through at the end.
import { availableParallelism } from 'node:os';
import { start } from './lib/harness.mjs';

/** Each test has pages of its own, so as many run at once as there are cores: most of a test is waiting. */
const TOGETHER = ['start', 'story', 'whatif', 'keyboard', 'writes', 'runbooks', 'layout', 'microscope', 'axe', 'lanes', 'still', 'robust', 'crash', 'sources'];
/** What measures the machine runs alone. */
const ALONE = ['speed', 'memory'];

const filter = process.argv.slice(2).join(' ').toLowerCase();
const world = await start();
let passed = 0;
const failures = [];

/** The tests of some files that were asked for. */
async function chosen(files) {
  const all = await Promise.all(files.map(async (file) => {
    const { tests } = await import(`./stories/${file}.mjs`);
    return tests.map(([name, body]) => ({ name: `${file}: ${name}`, body }));
  }));
  return all.flat().filter(({ name }) => name.toLowerCase().includes(filter));
}

/** Runs one test; what it prints comes out in one piece. */
async function run({ name, body }) {
  const began = performance.now();
  const notes = [];
  const pages = [];
  // What a test keeps is looked through at its end, then closed.
  const context = { ...world, keep: (page) => (pages.push(page), page) };
  let problem = null;
  try {
    await body(context, (note) => notes.push(note));
  } catch (error) {
    problem = error.message;
  }
  const found = pages.flatMap((page) => (page.forgiven ? [] : page.watch.found));
  if (!problem && found.length > 0) problem = [...new Set(found)].join('\n    ');
  for (const page of pages) await page.done().catch(() => {});
  const time = `${((performance.now() - began) / 1000).toFixed(1)} s`;
  const lines = [`${problem ? 'FAIL' : 'ok  '} ${name} (${time})`, ...notes.map((note) => `       ${note}`)];
  if (problem) {
    lines.push(`    ${problem}`);
    failures.push(name);
  } else passed += 1;
  console.log(lines.join('\n'));
}

/** Runs tests, so many at a time. */
async function runAll(tests, many) {
  const left = tests[Symbol.iterator]();
  const worker = async () => {
    for (const test of left) await run(test);
  };
  await Promise.all(Array.from({ length: many }, worker));
}

await runAll(await chosen(TOGETHER), Math.max(2, availableParallelism()));
await runAll(await chosen(ALONE), 1);

await world.close();
console.log(`${passed} browser tests passed, ${failures.length} failed`);
for (const name of failures) console.log(`  ${name}`);
process.exit(failures.length === 0 && passed > 0 ? 0 : 1);
