// Runs the browser tests in order: `node tests/browser/run.mjs [words of a test's name]`.
// Each file in stories/ exports `tests`: a list of [name, async (world, say) => …]; `world.keep(page)` has a page looked through at the end.
import { start } from './lib/harness.mjs';

const FILES = ['start', 'story', 'whatif', 'keyboard', 'writes', 'microscope', 'axe', 'lanes', 'still', 'crash', 'speed', 'memory'];
const filter = process.argv.slice(2).join(' ').toLowerCase();
const world = await start();
let passed = 0;
const failures = [];

for (const file of FILES) {
  const { tests } = await import(`./stories/${file}.mjs`);
  for (const [name, body] of tests) {
    if (!`${file}: ${name}`.toLowerCase().includes(filter)) continue;
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
    console.log(`${problem ? 'FAIL' : 'ok  '} ${file}: ${name} (${time})`);
    for (const note of notes) console.log(`       ${note}`);
    if (problem) {
      console.log(`    ${problem}`);
      failures.push(name);
    } else passed += 1;
  }
}

await world.close();
console.log(`${passed} browser tests passed, ${failures.length} failed`);
process.exit(failures.length === 0 && passed > 0 ? 0 : 1);
