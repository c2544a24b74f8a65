// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0

// Every page, and what is seen only after something was done on one: light and dark, wide and narrow.
import assert from 'node:assert/strict';
import { assertAccessible, openMenu, PHONE, settle } from './browser.mjs';

const PAGES = [
  ['overview', '/', 'Overview'],
  ['detections', '/detections', 'Detections'],
  ['directories', '/settings/directories', 'Directories'],
  ['business-email-compromise', '/settings/business-email-compromise', 'Business Email Compromise'],
  ['people', '/settings/business-email-compromise?view=people', 'Business Email Compromise'],
  ['protected', '/settings/business-email-compromise?view=protected', 'Business Email Compromise'],
  ['domains', '/settings/domains', 'Domains'],
  ['connectors', '/settings/connectors', 'Connectors'],
  ['pulled-messages', '/pulled-messages', 'Pulled messages'],
  ['posture', '/posture', 'Posture'],
  ['posture-print', '/posture?print=yes&severity=medium', 'Posture findings'],
  ['permissions', '/settings/permissions', 'Permissions'],
  ['notifications', '/notifications', 'Notifications'],
  ['audit', '/audit', 'Audit'],
  ['accounts', '/accounts', 'Accounts and tokens'],
  ['nowhere', '/nowhere', 'Nothing here'],
];

// Findings of thirty days, as a site with a history has them.
function history() {
  const days = [...Array(30).keys()].map((i) => {
    const day = new Date(Date.now() - (29 - i) * 86400000).toISOString().slice(0, 10);
    const findings = { protected_name: 3 + ((i * 7) % 11), spoofed_address: (i * 5) % 4, ambiguous_from: i % 9 === 0 ? 2 : 0 };
    const given = Object.fromEntries(Object.entries(i % 7 > 4 ? { protected_name: 1 } : findings).filter(([, value]) => value > 0));
    const total = Object.values(given).reduce((sum, value) => sum + value, 0);
    const matches = { lookalike: Math.floor(total / 3), exact: Math.ceil(total / 2) };
    return { day, total, findings: given, dispositions: { spoof: total }, matches, actions: { tag: total } };
  });
  const people = { uncounted: 0, names: [['Ada Lovelace', 41], ['Grace Hopper', 17]].map(([person, total]) => ({ organization: 'contoso', person, total })) };
  const senders = { uncounted: 12, names: [['ada@freemail.example', 23], ['office@elsewhere.example', 4]].map(([address, total]) => ({ address, total })) };
  return { configured: true, complete: true, days, people, senders };
}

// What is seen only after something was done on a page.
const VIEWS = [
  [
    'chart',
    async (page) => {
      await page.route('**/api/v1/statistics/**', (route) => route.fulfill({ json: history() }));
      await page.goto('/');
      await page.getByRole('img', { name: /^Bars/ }).waitFor();
    },
  ],
  ['health', (page) => page.getByText('Whether it runs').scrollIntoViewIfNeeded()],
  ['chart-as-table', (page) => page.getByText('Show as a table').click()],
  [
    'edit-directory',
    async (page) => {
      await page.goto('/settings/directories');
      await openMenu(page, 'Office 365', 'Edit');
      await page.getByRole('dialog').getByLabel('Sync frequency').waitFor();
    },
  ],
  [
    'edit-directory-whole',
    async (page) => {
      await page.getByLabel('Selected targets').check();
      await page.getByRole('button', { name: 'Replace' }).click();
      await page.getByRole('textbox', { name: 'Client secret' }).waitFor();
    },
  ],
  [
    'warnings',
    async (page) => {
      await page.goto('/settings/business-email-compromise?directory=contoso%2FPeople');
      await page.getByText(/warnings? about names/).click();
    },
  ],
  [
    'doubtful-person',
    async (page) => {
      await page.goto('/settings/business-email-compromise?directory=contoso%2FPeople&view=people');
      await openMenu(page, 'Madonna', 'Edit');
      await page.getByText('the name is of one word').waitFor();
    },
  ],
];

async function lookAt(browser, page, name) {
  await assertAccessible(page, name);
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(tooWide <= 0, `${name}: ${tooWide} pixels too wide`);
  await browser.shoot(page, name);
}

export async function lookAtEveryPage(browser, state) {
  const looks = [
    ['desktop', { state }],
    ['dark', { state, scheme: 'dark' }],
    ['phone', { state, viewport: PHONE }],
    ['phone-dark', { state, viewport: PHONE, scheme: 'dark' }],
  ];
  for (const [look, options] of looks) {
    const page = await browser.open(options);
    for (const [name, address, title] of PAGES) {
      await page.goto(address);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      await settle(page);
      await lookAt(browser, page, `${name}-${look}`);
    }
    for (const [name, open] of VIEWS) {
      await open(page);
      await settle(page);
      await lookAt(browser, page, `${name}-${look}`);
    }
    await page.context().close();
  }
}
