// `cargo xtask soak [--minutes N]`: ten minutes of running and poking, with the memory's slope at the end.
import { open, start } from './lib/harness.mjs';
import { soak, summary } from './lib/soak.mjs';

const MINUTES = Number(process.argv[2] ?? 10);
const world = await start();
const page = await open(world, { hash: '#/?slowmo=0&speed=10' });
const result = await soak(page, MINUTES * 60, console.log);
console.log(summary(result));
const found = [...new Set(page.watch.found)];
for (const text of found) console.log(text);
await world.close();
const grown = (result.heap + result.wasm) * 10;
const flat = grown <= 1024 * 1024;
console.log(`figure: grown over ten minutes: ${(grown / 1e6).toFixed(2)} MB of at most 1.05: ${flat ? 'flat' : 'not flat'}`);
process.exit(flat && found.length === 0 ? 0 : 1);
