// Looks at pages in a real browser: jobs as JSON on stdin, facts as JSON on stdout. Judging is the tests' work.
// A job: {file or url, width, scheme?, media?, forcedColors?, styles?, images?, text?, direction?, axe?, shot?}

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const AT_ONCE = 2;
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mOorq7+DwAFPgJ1B0Nk4gAAAABJRU5ErkJggg==', 'base64');
const { executable, jobs } = JSON.parse(readFileSync(0, 'utf8'));

const browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox'] });
const results = new Array(jobs.length);
const waiting = [...jobs.keys()];
await Promise.all(Array.from({ length: AT_ONCE }, lookOn));
await browser.close();
process.stdout.write(JSON.stringify(results));

async function lookOn() {
  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  let seen = { requests: [], dialogs: [] };
  let images = false;
  let own = '';
  page.on('request', (request) => seen.requests.push(request.url()));
  page.on('dialog', (dialog) => { seen.dialogs.push(dialog.message()); return dialog.dismiss(); });
  // Nothing leaves the machine: a picture is a grey pixel, or is not there.
  await page.route(/^https?:/, (route) => {
    if (own && route.request().url().startsWith(own)) return route.continue();
    return images ? route.fulfill({ contentType: 'image/png', body: PIXEL }) : route.abort();
  });
  for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) {
    seen = { requests: [], dialogs: [] };
    images = jobs[place].images;
    own = jobs[place].url ?? `file://${jobs[place].file}`;
    const facts = await look(page, jobs[place], own);
    results[place] = { ...facts, ...seen, requests: seen.requests.filter((url) => !url.startsWith(own)) };
  }
}

async function look(page, job, address) {
  await page.setViewportSize({ width: job.width, height: 900 });
  await page.emulateMedia({
    colorScheme: job.scheme ?? 'light',
    forcedColors: job.forcedColors ? 'active' : 'none',
    media: job.media ?? 'screen',
  });
  await page.goto(address);
  await page.evaluate(change, job);
  const facts = await page.evaluate(measure);
  const violations = job.axe ? await accessibility(page) : [];
  if (job.shot) await page.screenshot({ path: job.shot, fullPage: true });
  return { ...facts, violations };
}

async function accessibility(page) {
  await page.addScriptTag({ path: AXE });
  const { violations } = await page.evaluate(() => axe.run(document, {
    resultTypes: ['violations'],
    rules: { 'target-size': { enabled: true } },
  }));
  return violations.map(({ id, impact, nodes }) => ({ id, impact, html: nodes.map((node) => node.html.slice(0, 200)) }));
}

// What mail programs, readers and their settings do to a mail.
function change({ styles, text, direction }) {
  if (styles === false) document.querySelectorAll('style').forEach((sheet) => sheet.remove());
  if (text) {
    const sized = [...document.querySelectorAll('body, body *')];
    const sizes = sized.map((element) => parseFloat(getComputedStyle(element).fontSize));
    sized.forEach((element, place) => { element.style.fontSize = `${sizes[place] * text}px`; });
  }
  if (direction) document.querySelectorAll('[dir=ltr], html').forEach((element) => { element.dir = direction; });
}

function measure() {
  const shown = [...document.body.querySelectorAll('*')].filter(
    (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()),
  );
  const boxes = shown.map((element) => ({ element, box: element.getBoundingClientRect() }));
  const name = (element) => `<${element.tagName.toLowerCase()}> ${element.textContent.trim().slice(0, 60)}`;
  const blocks = boxes.filter(({ element }) => getComputedStyle(element).display === 'block');
  const overlaps = (one, other) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 2;
  return {
    width: document.documentElement.clientWidth,
    needed: document.documentElement.scrollWidth,
    outside: boxes
      .filter(({ box }) => box.left < -1 || box.right > document.documentElement.clientWidth + 1)
      .map(({ element }) => name(element)),
    unseen: boxes
      .filter(({ element, box }) => box.width < 1 || box.height < 1 || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
      .map(({ element }) => name(element)),
    overlapping: blocks.flatMap(({ element, box }, place) =>
      blocks.slice(place + 1).filter((other) => !element.contains(other.element) && overlaps(box, other.box))
        .map((other) => [name(element), name(other.element)])),
    smallest: Math.min(...shown.map((element) => parseFloat(getComputedStyle(element).fontSize))),
    ground: getComputedStyle(shown[shown.length - 1].closest('[class*=page]') ?? document.body).backgroundColor,
    text: document.body.innerText,
  };
}
