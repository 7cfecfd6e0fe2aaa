// Memory stays flat: a short soak on every run; `cargo xtask soak` is the ten minutes.
import { expect, open } from '../lib/harness.mjs';
import { soak, summary } from '../lib/soak.mjs';

export const tests = [
  ['half a minute of running and poking leaves the page as light as before', async (world, say) => {
    const page = world.keep(await open(world, { hash: '#/?slowmo=0&speed=10' }));
    const result = await soak(page, 25);
    say(summary(result));
    const last = result.samples.at(-1);
    expect(last.wasm <= 64 * 1024 * 1024, `${last.wasm} bytes of wasm memory`);
    expect(last.nodes < 20_000, `${last.nodes} DOM nodes`);
    // So short a soak only finds a landslide: an eighth of this a minute would be too much over ten.
    expect(result.heap < 8e6, `the heap grows by ${(result.heap / 1e6).toFixed(1)} MB a minute`);
  }],
];
