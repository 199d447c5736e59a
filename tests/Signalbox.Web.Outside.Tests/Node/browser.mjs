// Opens a page in a browser, passes on what the page reports, and reads off it what a person would see when asked to
// with a line on the standard input. One JSON object a line.
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const [executablePath, url] = process.argv.slice(2);
const say = (what) => console.log(JSON.stringify(what));
const browser = await chromium.launch({
  executablePath,
  headless: true,
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
  ],
});
const page = await browser.newPage();
await page.exposeFunction('report', say);
await page.goto(url);

const shown = (list) => page.$$eval(`#${list} li`, (items) => items.map((item) => item.textContent));
for await (const picture of createInterface({ input: process.stdin })) {
  if (picture !== '') await page.screenshot({ path: picture });
  say({ at: 'shown', websocket: await shown('websocket'), eventsource: await shown('eventsource') });
}

await browser.close();
