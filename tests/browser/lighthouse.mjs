// Lighthouse's mobile scores of the built page, and the bars that they must pass: five runs, of which the median counts and none
// may be far below. With --print-speed (as the test run does) one run, of which performance is printed and does not fail: a machine
// may be busy.
import lighthouse from 'lighthouse';
import { launch } from 'chrome-launcher';
import { DIST } from './lib/harness.mjs';
import { serve } from './lib/serve.mjs';

const BARS = { performance: 95, accessibility: 100, 'best-practices': 95 };
const LEAST_PERFORMANCE = 90;
const MOST_BLOCKING_MS = 200;
const printed = process.argv.includes('--print-speed');
const ROUNDS = printed ? 1 : 5;
const host = await serve(DIST);
const chrome = await launch({
  chromePath: process.env.CHROME ?? '/usr/bin/chromium',
  chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});
const scores = Object.fromEntries(Object.keys(BARS).map((name) => [name, []]));
const blocking = [];
try {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { lhr } = await lighthouse(host.base, { port: chrome.port, onlyCategories: Object.keys(BARS), logLevel: 'error' });
    for (const [name, { score }] of Object.entries(lhr.categories)) scores[name].push(Math.round(score * 100));
    blocking.push(lhr.audits['total-blocking-time'].numericValue);
    const audits = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift', 'speed-index'];
    console.log(audits.map((audit) => `${audit} ${lhr.audits[audit].displayValue}`).join(', '));
    for (const { id, title, score, scoreDisplayMode } of Object.values(lhr.audits)) {
      const counted = ['accessibility', 'best-practices'].some((name) => lhr.categories[name].auditRefs.some((ref) => ref.id === id && ref.weight > 0));
      if (counted && score !== null && score < 1 && scoreDisplayMode !== 'informative') console.log(`  lost points: ${id} (${title})`);
    }
  }
} finally {
  chrome.kill();
  host.close();
}
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const problems = [];
for (const [name, bar] of Object.entries(BARS)) {
  const list = scores[name];
  console.log(`figure: ${name} ${median(list)} in the median of ${list.length} (at least ${bar}), ${Math.min(...list)} at least`);
  if (name !== 'performance' && median(list) < bar) problems.push(name);
}
console.log(`figure: ${median(blocking).toFixed(0)} ms of blocking time in the median (at most ${MOST_BLOCKING_MS})`);
const slow = median(scores.performance) < BARS.performance || Math.min(...scores.performance) < LEAST_PERFORMANCE || median(blocking) > MOST_BLOCKING_MS;
if (slow && !printed) problems.push('performance');
for (const problem of problems) console.log(`${problem} is below its bar`);
process.exit(problems.length > 0 ? 1 : 0);
