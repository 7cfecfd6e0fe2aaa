// A hand that presses keys and clicks at random, the same one for the same seed; and what must hold whatever it does.

/** Chance that can be repeated: mulberry32. */
export function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, below: (most) => Math.floor(next() * most), pick: (list) => list[Math.floor(next() * list.length)] };
}

const KEYS = ['Space', 'k', 'b', 'r', 'm', 'j', 'f', 'c', 'd', 't', 'l', 'x', 'w', '?', 'Escape', ',', '.', '[', ']', 'Home', 'End', 'ArrowLeft', 'ArrowRight', 'Tab', 'Tab', 'Tab', 'Enter', 'Shift+Tab'];

/** Presses a key or clicks somewhere; answers what it did. */
export async function act(page, dice, keys = 0.75) {
  if (dice.next() < keys) {
    const key = dice.pick(KEYS);
    await page.keyboard.press(key);
    return key;
  }
  const { width, height } = page.viewportSize();
  const [x, y] = [dice.below(width), dice.below(height)];
  await page.mouse.click(x, y);
  return `click ${x},${y}`;
}

/** What is wrong with a page now, in words; nothing if it is well. */
export async function wrong(page) {
  const state = await page.evaluate(() => ({ ...document.documentElement.dataset, wide: document.documentElement.scrollWidth - innerWidth }));
  if (state.crashed) return `the crash card: ${await page.locator('#crash-message').innerText()}`;
  if (state.wide > 0) return `the page is ${state.wide} px wider than its window`;
  return page.watch.found[0] ?? null;
}
