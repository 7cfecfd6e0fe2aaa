import { open, start, part } from './lib/harness.mjs';
const world = await start();
const page = await open(world, { hash: '#/?scenario=write-local&seed=1&at=45&paused=1&slowmo=0' });
await page.keyboard.press('x');
await part(page,'take-seat').click();
for (let i=0;i<5;i+=1) {
  await page.waitForTimeout(1500);
  console.log(await part(page,'clock').getAttribute('data-seconds'), await part(page,'speed').innerText(), await part(page,'play').getAttribute('aria-pressed'));
  if (i===0) { await page.keyboard.press('j'); await part(page,'speed-up').focus(); for (let s=0;s<4;s+=1) await page.keyboard.press('Enter'); }
  if (i===1) { await part(page,'play').focus(); if (await part(page,'play').getAttribute('aria-pressed') === 'false') await page.keyboard.press('Space'); }
}
console.log((await part(page,'journal').innerText()).slice(0,900));
await page.screenshot({path:'/tmp/shots/dbg.png'});
await world.close();
