// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0

// The picture of README: Detections with one line for each of `site.shown`. Its argument is what test_console.py
// knows of the site, as JSON.
import { Browser, settle } from './browser.mjs';

const site = JSON.parse(process.argv[2]);
const browser = await Browser.start(site.url, site.screenshots);
try {
  const page = await browser.open({ viewport: { width: 1180, height: 660 } });
  await page.goto(site.set_up_link);
  await page.getByLabel('Account').fill('grace@contoso.com');
  await page.getByLabel('Your name').fill('Grace Hopper');
  await page.getByLabel('Password').fill('correct horse battery staple');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.goto('/detections');
  await settle(page);
  for (const address of site.shown) await page.getByText(address).first().waitFor();
  await page.mouse.move(0, 0);
  await browser.shoot(page, 'readme');
  browser.assertNoComplaints();
} finally {
  await browser.stop();
}
