// SPDX-License-Identifier: MIT
// node page.js FILE: opens a report as people do and prints what was seen as JSON; the
// tests judge it.  NODE_PATH names the folder with playwright-core and axe-core.
'use strict';

const { pathToFileURL } = require('url');
const { chromium } = require('playwright-core');
const axe = require.resolve('axe-core');

const address = pathToFileURL(process.argv[2]).href;
const seen = { complaints: [], requests: [], faults: [], wide: [] };

function listen(page) {
  page.on('console', m => seen.complaints.push(m.text()));
  page.on('pageerror', e => seen.complaints.push(e.message));
  page.on('request', r => {
    if (r.url() !== address) seen.requests.push(r.url());
  });
}

async function open(browser, options, look) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  if (!options.bypassCSP && !options.hostile) listen(page);
  await page.goto(address);
  const result = await look(page);
  await context.close();
  return result;
}

// Whoever cannot see it, by colour or at all.
async function accessibility(browser, colorScheme, width, media = 'screen') {
  await open(browser, { colorScheme, bypassCSP: true, viewport: { width, height: 900 } }, async page => {
    await page.emulateMedia({ media });
    await page.addScriptTag({ path: axe });
    const { violations } = await page.evaluate(() => window.axe.run());
    for (const v of violations)
      for (const n of v.nodes) seen.faults.push(`${colorScheme} ${media} ${width}: ${v.id}: ${n.target}: ${n.html}`);
  });
}

// A chart in figures again: where its marks stand, and the value at the end of its line.
function charts() {
  const units = { '': 1, B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, k: 1000 };
  const amount = s => parseFloat(s) * units[s.replace(/[\d.]/g, '')];
  return [...document.querySelectorAll('svg.chart')].map(svg => {
    const part = (selector, name) => [...svg.querySelectorAll(selector)]
      .map(e => parseFloat(e.getAttribute(name)) / 100);
    const labels = [...svg.querySelectorAll('text.y')];
    const line = svg.querySelector('path.line'), frame = line.ownerSVGElement.viewBox.baseVal;
    const end = line.getPointAtLength(line.getTotalLength());
    return {
      title: svg.querySelector('title').textContent,
      boots: part('line.boot', 'x1'),
      onset: part('line.onset', 'x1'),
      gaps: part('rect.gap', 'x'),
      events: part('rect.event', 'x'),
      limits: svg.querySelectorAll('.level.limit').length,
      fans: svg.querySelectorAll('path.fan').length,
      floors: svg.querySelectorAll('path.floor').length,
      labels: labels.map(e => e.textContent),
      end_x: end.x / frame.width,
      end_value: (1 - end.y / frame.height) * amount(labels[labels.length - 1].textContent),
      inside: [...svg.querySelectorAll('path')].every(p => {
        const b = p.getBBox();
        return b.y >= -1 && b.y + b.height <= p.ownerSVGElement.viewBox.baseVal.height + 1;
      }),
    };
  });
}

// By keyboard alone: to the title of a column, and twice the enter key.
async function sorting(page, title) {
  const button = page.locator('table.sort th button').filter({ hasText: new RegExp(`^${title}$`) }).first();
  if (await button.count() === 0) return null;
  const order = [];
  await button.focus();
  for (let i = 0; i < 2; i++) {
    await page.keyboard.press('Enter');
    order.push(await page.evaluate(wanted => {
      const table = document.querySelector('table.sort');
      const cells = [...table.tHead.rows[0].cells];
      const i = cells.findIndex(c => c.textContent === wanted);
      return {
        sort: cells[i].getAttribute('aria-sort'),
        values: [...table.tBodies].flatMap(b => [...b.rows])
          .map(r => r.cells[i].dataset.v).filter(v => v !== undefined).map(Number),
      };
    }, title));
  }
  return order;
}

// What the page's own rule about strangers keeps out.
async function kept_out(page) {
  return page.evaluate(() => new Promise(done => {
    const blocked = [];
    document.addEventListener('securitypolicyviolation', e => {
      blocked.push(e.effectiveDirective);
      if (blocked.length === 3) done(blocked.sort());
    });
    const image = document.createElement('img');
    image.src = 'https://example.invalid/a.png';
    document.body.append(image);
    const frame = document.createElement('iframe');
    frame.src = 'https://example.invalid/';
    document.body.append(frame);
    fetch('https://example.invalid/').catch(() => {});
    setTimeout(() => done(blocked.sort()), 20000);
  }));
}

(async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
  try {
    await open(browser, {}, async page => {
      seen.title = await page.title();
      seen.charts = await page.evaluate(charts);
      seen.sorted = await sorting(page, 'Size K');
      seen.text = await page.locator('main').innerText();
      seen.pdf = (await page.pdf({ format: 'A4' })).length;
    });
    await open(browser, { javaScriptEnabled: false }, async page => {
      seen.plain = {
        rows: await page.locator('tbody tr:visible').count(),
        buttons: await page.locator('button').count(),
      };
      const all = page.locator('.more input').first();
      if (await all.count() > 0) await all.check();
      seen.plain.all_rows = await page.locator('tbody tr:visible').count();
    });
    for (const width of [320, 768, 1920])
      await open(browser, { viewport: { width, height: 900 } }, async page => {
        const needs = await page.evaluate(() => document.documentElement.scrollWidth);
        if (needs > width) seen.wide.push(`${needs} of ${width}`);
      });
    await accessibility(browser, 'light', 1280);
    await accessibility(browser, 'dark', 400);
    await accessibility(browser, 'dark', 800, 'print');
    seen.blocked = await open(browser, { hostile: true }, kept_out);
  } finally {
    await browser.close();
  }
  console.log(JSON.stringify(seen));
})().catch(e => {
  console.error(e.message);
  process.exit(1);
});
