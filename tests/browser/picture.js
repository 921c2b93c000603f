// SPDX-License-Identifier: MIT
// node picture.js FILE PNG: the upper part of a report, down to the end of its pools.
// NODE_PATH names the folder with playwright-core.
'use strict';

const { pathToFileURL } = require('url');
const { chromium } = require('playwright-core');

const WIDTH = 1120, MARGIN = 4;

(async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 }, colorScheme: 'light' });
  await page.goto(pathToFileURL(process.argv[2]).href);
  const end = await page.$$eval('.one-pool', all =>
    Math.max(...all.map(e => e.getBoundingClientRect().bottom + window.scrollY)));
  await page.screenshot({ path: process.argv[3], fullPage: true,
    clip: { x: 0, y: 0, width: WIDTH, height: Math.ceil(end) + MARGIN } });
  await browser.close();
})();
