// Walks through pages as a reader does: a site and steps as JSON on stdin, what was seen as JSON on stdout.
// A step: {open: address} or {fill: selector, with: text} or {tick: selector} or {press: selector} or {look: name}.
// The site's public address is answered by the server on this machine; nothing else is.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const { executable, site, server, scripts, steps, shots } = JSON.parse(readFileSync(0, 'utf8'));

const browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox'] });
const context = await browser.newContext({ javaScriptEnabled: scripts, bypassCSP: scripts });
const page = await context.newPage();
const elsewhere = [];
const complaints = [];
page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
await page.route(/^https?:/, async (route) => {
  const asked = route.request().url();
  if (!asked.startsWith(site)) {
    elsewhere.push(asked);
    return route.abort();
  }
  const answer = await route.fetch({ url: server + asked.slice(site.length), maxRedirects: 0 });
  return route.fulfill({ response: answer });
});

const seen = [];
for (const step of steps) {
  if (step.open) await page.goto(step.open);
  if (step.fill) await page.fill(step.fill, step.with);
  if (step.tick) await page.check(step.tick);
  if (step.press) await Promise.all([page.waitForLoadState(), page.click(step.press)]);
  if (step.look) seen.push(await look(step.look));
}
const cookies = await context.cookies();
await browser.close();
process.stdout.write(JSON.stringify({ seen, elsewhere, cookies, complaints }));

async function look(name) {
  const situations = [];
  for (const width of scripts ? [320, 1280] : [320]) {
    for (const scheme of scripts ? ['light', 'dark'] : ['light']) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: scheme });
      const needed = scripts ? await page.evaluate(() => document.documentElement.scrollWidth) : width;
      if (shots) await page.screenshot({ path: `${shots}/${name}-${width}-${scheme}.png`, fullPage: true });
      situations.push({ width, scheme, needed, violations: scripts ? await accessibility() : [] });
    }
  }
  return { name, title: await page.title(), text: await page.innerText('main'), url: page.url(), situations };
}

async function accessibility() {
  await page.addScriptTag({ path: AXE });
  const { violations } = await page.evaluate(() => axe.run(document, {
    resultTypes: ['violations'],
    rules: { 'target-size': { enabled: true } },
  }));
  return violations.map(({ id, impact, nodes }) => ({ id, impact, html: nodes.map((node) => node.html.slice(0, 200)) }));
}
