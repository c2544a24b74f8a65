// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0

// A browser that notes whatever a page must not do, and looks at pages as people with and without sight do.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { chromium } from 'playwright-core';

const CHROMIUM = process.env.FROMGUARD_CHROMIUM ?? '/usr/bin/chromium';
// For a machine that does much else. What happens at once is not waited for.
const PATIENCE = 60000;

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

export class Browser {
  static async start(url, screenshots) {
    mkdirSync(screenshots, { recursive: true });
    const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : [];
    return new Browser(await chromium.launch({ executablePath: CHROMIUM, args: sandbox }), url, screenshots);
  }

  constructor(browser, url, screenshots) {
    this.browser = browser;
    this.url = url;
    this.screenshots = screenshots;
    this.complaints = [];
    // Refusals that a flow provokes: the browser writes each to its console.
    this.expected = 0;
  }

  // Whoever is given `state` is signed in as that one was.
  async open({ viewport = DESKTOP, scheme = 'light', state } = {}) {
    const context = await this.browser.newContext({
      baseURL: this.url,
      viewport,
      colorScheme: scheme,
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
      ...(state ? { storageState: state } : {}),
    });
    context.setDefaultTimeout(PATIENCE);
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) =>
        console.error('CSP violation: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample),
      );
    });
    const page = await context.newPage();
    this.watch(page);
    return page;
  }

  watch(page) {
    page.on('pageerror', (error) => this.complaints.push('error: ' + error.stack));
    page.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return;
      if (message.text().startsWith('Failed to load resource')) return;
      this.complaints.push(message.type() + ': ' + message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(this.url)) this.complaints.push('request to ' + request.url());
    });
    page.on('response', (response) => {
      if (response.status() >= 500) this.complaints.push(response.status() + ' for ' + response.url());
    });
  }

  assertNoComplaints() {
    assert.deepEqual(this.complaints, []);
  }

  async stop() {
    await this.browser.close();
  }

  async shoot(page, name) {
    await page.screenshot({ path: join(this.screenshots, name + '.png') });
  }
}

// Nothing is being loaded any more.
export async function settle(page) {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByText(/^Loading .* …$/).first().waitFor({ state: 'detached' });
}

// What fades in has its colours only once it is there. A progress bar moves for ever.
async function comeToRest(page) {
  await page.evaluate(() => {
    const ending = document.getAnimations().filter((each) => each.effect.getComputedTiming().iterations !== Infinity);
    return Promise.allSettled(ending.map((each) => each.finished)).then(() => undefined);
  });
}

// What axe has against the page as it is now.
export async function assertAccessible(page, name) {
  await comeToRest(page);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const found = violations.map(
    (each) => `${each.id}: ${each.help}\n` + each.nodes.map((node) => '    ' + node.html + '\n      ' + node.failureSummary).join('\n'),
  );
  assert.deepEqual(found, [], name + ' is not accessible:\n' + found.join('\n'));
}

// The message that says what was done.
export function told(page, text) {
  return page.getByRole('status', { name: 'Messages' }).getByText(text).waitFor();
}

// Chooses from the menu of a row.
export async function openMenu(page, of, item) {
  await page.getByRole('button', { name: 'Actions for ' + of, exact: true }).click();
  await page.getByRole('menuitem', { name: new RegExp('^' + item) }).click();
}
