// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0

// What an admin does with a tenant: its domains, its connectors, its posture, its mail.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { assertAccessible, openMenu, told } from './browser.mjs';

export async function enableDomain(page, site) {
  await page.getByRole('link', { name: 'Domains' }).click();
  await openMenu(page, 'contoso.example', 'Enable');
  const box = page.getByRole('dialog', { name: 'Relay mail for contoso.example?' });
  await assertAccessible(page, 'a confirmation');
  await box.getByRole('button', { name: 'Relay mail' }).click();
  await page.getByRole('row', { name: /^contoso\.example/ }).getByText('relayed', { exact: true }).waitFor();
  await openMenu(page, 'contoso.example', 'Check MX and SPF');
  const checked = page.getByRole('dialog', { name: 'Check contoso.example' });
  await checked.getByText('no MX host is this gateway').waitFor();
  await checked.getByText('ip4:198.51.100.0/24', { exact: true }).waitFor();
  assert.equal(await checked.getByText('pass', { exact: true }).count(), 1);
  assert.equal(await checked.getByText('fail', { exact: true }).count(), 2);
  await assertAccessible(page, 'the check of a domain');
  await page.screenshot({ path: site.screenshots + '/domain-check.png' });
  await page.keyboard.press('Escape');
  await page.getByRole('row', { name: /^contoso\.example/ }).getByText('mail.elsewhere.test').waitFor();
  await openMenu(page, 'contoso.example', 'Change the next hop');
  await page.getByLabel('Host').fill('no host!');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('is no domain name').waitFor();
  await page.keyboard.press('Escape');
}

export async function provisionConnectors(page, browser, site) {
  await page.getByRole('link', { name: 'Connectors' }).click();
  await page.getByText('Nothing of fromguard’s is in this tenant').waitFor();
  await page.getByRole('button', { name: 'Plan' }).click();
  const plan = page.getByRole('dialog', { name: 'Plan for contoso/Office 365' });
  await plan.getByText('fromguard Inbound Connector').waitFor();
  assert.equal(await plan.getByText('create', { exact: true }).count(), 3);
  await assertAccessible(page, 'a plan');
  await browser.shoot(page, 'connector-plan');
  await plan.getByRole('button', { name: 'Apply this plan' }).click();
  await page.getByText('Verified').waitFor({ timeout: 60000 });
  await page.getByRole('button', { name: 'Lock' }).click();
  const lock = page.getByRole('dialog', { name: 'Lock' });
  await lock.getByText('the MX of contoso.example is mail.elsewhere.test').waitFor();
  assert.ok(await lock.getByRole('button', { name: 'Lock' }).isDisabled());
  await assertAccessible(page, 'what the lock needs');
  await browser.shoot(page, 'connector-lock');
  await page.keyboard.press('Escape');
  const script = await page.request.get(site.url + '/api/v1/connectors/script');
  assert.match(await script.text(), /New-InboundConnector/);
  await page.getByRole('button', { name: 'Verify now' }).click();
  await told(page, 'Everything is as it should be.');
}

export async function readPosture(page, browser) {
  await page.getByRole('link', { name: 'Posture' }).click();
  await page.getByRole('heading', { name: 'Posture' }).waitFor();
  const scan = page.getByRole('button', { name: /^(Scan|Go on) now/ });
  if (await scan.isEnabled()) await scan.click();
  const row = page.getByRole('row', { name: /pending\.example Domain Not Verified/ });
  await row.waitFor({ timeout: 60000 });
  await page.getByLabel('Severity').selectOption('medium');
  await page.getByRole('button', { name: 'Domain Not Verified' }).click();
  await page.getByText('Publish the record that verifies the domain').waitFor();
  await row.getByRole('button').click();
  const panel = page.getByRole('dialog', { name: 'Domain Not Verified' });
  await panel.getByText('verification record').waitFor();
  await assertAccessible(page, 'a posture finding');
  await browser.shoot(page, 'posture-finding');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'CSV' }).click(),
  ]);
  assert.match(await readFile(await download.path(), 'utf8'), /"domain-not-verified","Domain Not Verified"/);
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'Print' }).click();
  await page.getByRole('heading', { name: /^Domain Not Verified/ }).waitFor();
  await assertAccessible(page, 'posture for paper');
  await browser.shoot(page, 'posture-paper');
  await page.getByRole('button', { name: 'Back' }).click();
}

export async function pullMessage(page, browser) {
  await page.goto('/detections?text=hostile@');
  await page.getByRole('button', { name: /hostile@freemail\.example/ }).click();
  const panel = page.getByRole('dialog', { name: 'Detection' });
  await panel.getByRole('button', { name: 'Find copies' }).click();
  await panel.getByText('1 copy was found').waitFor();
  await panel.getByText('\\u{202E}figures').waitFor();
  await assertAccessible(page, 'the copies of a message');
  await panel.getByRole('button', { name: 'Pull 1 copy' }).click();
  const pull = page.getByRole('dialog', { name: 'Pull the message?' });
  await pull.getByRole('button', { name: 'Pull', exact: true }).click();
  await panel.getByText('1 copy was moved').waitFor();
  await assertAccessible(page, 'a pulled message');
  await browser.shoot(page, 'pulled-message');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Pulled messages' }).click();
  await page.getByRole('row', { name: /hostile@freemail\.example/ }).getByRole('button').click();
  const pulled = page.getByRole('dialog', { name: /^Pull \d+/ });
  await pulled.getByRole('button', { name: 'Restore' }).click();
  const restore = page.getByRole('dialog', { name: 'Restore the message?' });
  await restore.getByRole('button', { name: 'Restore' }).click();
  await pulled.getByText('1 is back').waitFor();
  await assertAccessible(page, 'a pull');
  await browser.shoot(page, 'pull');
  await page.keyboard.press('Escape');
}
