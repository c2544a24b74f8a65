// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0

// What an admin does, in a real browser against the real daemons. Says each step; ends with 1 at the first that
// fails. Its argument is what test_console.py knows of the site, as JSON.
import assert from 'node:assert/strict';
import http from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { assertAccessible, Browser, openMenu, settle, told } from './browser.mjs';
import { lookAtEveryPage } from './looks.mjs';
import { sendMail } from './mail.mjs';
import { enableDomain, provisionConnectors, pullMessage, readPosture } from './tenant_flows.mjs';

const site = JSON.parse(process.argv[2]);
const NAME = 'ada@contoso.com';
const PASSWORD = 'correct horse battery staple';
const FIRST_LOAD_OCTETS = 200 * 1024;
const GROUP = 'All of the North';

// The API through the Unix socket.
function askSocket(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { socketPath: site.socket, method, path, headers: { 'Content-Type': 'application/json' } },
      (answer) => {
        let text = '';
        answer.on('data', (piece) => (text += piece));
        answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: text }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

// Over TCP nobody names other clouds than Microsoft's: the socket does it in the browser's place.
async function standInForMicrosoft(page) {
  await page.route('**/api/v1/directories', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    const asked = route.request().postDataJSON();
    const body = JSON.stringify(asked.type === 'office365' ? { ...asked, cloud: site.cloud } : asked);
    const answer = await askSocket('POST', '/api/v1/directories', body);
    return route.fulfill({ status: answer.status, contentType: answer.headers['content-type'], body: answer.body });
  });
}

async function setUp(page, browser) {
  await page.goto(site.set_up_link);
  await page.getByRole('heading', { name: 'Make the first account' }).waitFor();
  await assertAccessible(page, 'set-up');
  await browser.shoot(page, 'set-up');
  await page.getByLabel('Account').fill(NAME);
  await page.getByLabel('Your name').fill('Ada Lovelace');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

async function signOutAndIn(page, browser) {
  await page.getByRole('button', { name: /Ada Lovelace/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await assertAccessible(page, 'sign-in');
  await browser.shoot(page, 'sign-in');
  await page.getByLabel('Account').fill(NAME);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

async function assertSmall(page) {
  await page.goto('/');
  await settle(page);
  const octets = await page.evaluate(() =>
    performance
      .getEntries()
      .filter((entry) => entry.entryType === 'navigation' || (entry.entryType === 'resource' && !entry.name.includes('/api/')))
      .reduce((sum, entry) => sum + entry.encodedBodySize, 0),
  );
  console.log(`  first load: ${octets} octets, compressed`);
  assert.ok(octets > 0 && octets < FIRST_LOAD_OCTETS, `${octets} octets`);
}

async function addDirectory(page, browser) {
  await page.getByRole('link', { name: 'Directories', exact: true }).click();
  await page.getByRole('button', { name: 'Add Directory' }).click();
  await assertAccessible(page, 'Add Directory');
  await browser.shoot(page, 'add-directory');
  const panel = page.getByRole('dialog', { name: 'Add Directory' });
  await panel.getByLabel('Organization').selectOption('contoso');
  await panel.getByLabel('Name', { exact: true }).fill('People');
  await panel.getByLabel('Sync frequency').selectOption({ label: 'every 6 hours' });
  await panel.getByRole('textbox', { name: 'Tenant' }).fill(site.tenant);
  await panel.getByLabel('Application (client) ID').fill(site.client_id);
  await panel.getByRole('textbox', { name: 'Client secret' }).fill(site.secret);
  await panel.getByLabel('Connectors: set up Exchange Online').check();
  await panel.getByLabel('Posture: look daily').check();
  await panel.getByLabel('Pulling messages').check();
  await panel.getByRole('button', { name: 'Save and authorize' }).click();
  await panel.getByText('give this one another name').waitFor();
  await panel.getByLabel('Name', { exact: true }).fill('Office 365');
  await panel.getByRole('button', { name: 'Save and authorize' }).click();

  const authorize = page.getByRole('dialog', { name: 'Authorize Office 365' });
  const start = authorize.getByRole('button', { name: 'Start the sync' });
  assert.ok(await start.isDisabled());
  const consent = page.context().waitForEvent('page');
  await authorize.getByRole('link', { name: 'Authorize' }).click();
  const popup = await consent;
  await popup.getByRole('heading', { name: 'Authorized' }).waitFor();
  await popup.close();
  await authorize.getByRole('button', { name: 'Check' }).click();
  await authorize.getByText('Authorized. The first sync').waitFor();
  await assertAccessible(page, 'Authorize');
  await browser.shoot(page, 'authorize');
  await authorize.getByRole('button', { name: 'Later' }).click();
}

async function firstSync(page, browser) {
  const row = page.getByRole('row', { name: /^Office 365/ });
  await row.getByText('never synced').waitFor();
  await row.getByRole('button', { name: 'First sync' }).click();
  await row.getByRole('progressbar').waitFor();
  await browser.shoot(page, 'syncing');
  await row.getByText('synced', { exact: true }).waitFor({ timeout: 120000 });
  await row.getByRole('cell', { name: '50,000' }).waitFor();
}

// How many people a group has, and the first that the console shows whom nothing protects yet.
async function membersOf(name) {
  const listed = await askSocket('GET', `/api/v1/groups?directory=contoso%2FOffice%20365&name=${encodeURIComponent(name)}`);
  const [{ id }] = JSON.parse(listed.body).groups;
  const people = [];
  for (let after = ''; after !== null; ) {
    const target = `/api/v1/groups/contoso/Office%20365/${id}/members?limit=1000&after=${after}`;
    const page = JSON.parse((await askSocket('GET', target)).body);
    people.push(...page.members);
    after = page.next;
  }
  return { count: people.length, member: people.find((each) => !each.protection.protected).name };
}

async function protectGroup(page, browser) {
  const { count, member } = await membersOf(GROUP);
  assert.equal(count, 5000);
  await page.getByRole('link', { name: 'Business Email Compromise' }).click();
  await page.getByLabel('Directory').selectOption({ label: 'Office 365' });
  await page.getByLabel('Search names and addresses').fill(GROUP);
  await page.getByRole('button', { name: 'Members of ' + GROUP, exact: true }).click();
  const person = page.getByRole('row', { name: new RegExp('^' + member) }).first();
  await person.waitFor();
  await openMenu(page, GROUP, 'Protect');
  await told(page, GROUP + ' is protected, with its members.');
  const marker = person.getByText('via ' + GROUP).filter({ visible: true });
  await marker.waitFor();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await marker.waitFor({ state: 'detached' });
  await openMenu(page, GROUP, 'Protect');
  await marker.waitFor();
  await assertAccessible(page, 'an open group');
  await browser.shoot(page, 'group');
}

// What the page does at once is done before the minute.
async function passAMinute(page) {
  await page.clock.runFor(1000);
  await page.clock.fastForward('01:00');
}

// What a message offers stays for whoever has the pointer or the focus on it.
async function holdAMessage(browser, state) {
  const page = await browser.open({ state });
  await page.clock.install();
  await page.goto('/settings/business-email-compromise?directory=contoso%2FOffice%20365&search=' + encodeURIComponent(GROUP));
  const undo = page.getByRole('button', { name: 'Undo' });
  await openMenu(page, GROUP, 'Unprotect');
  await undo.hover();
  await passAMinute(page);
  await undo.click();
  await undo.waitFor({ state: 'detached' });
  await openMenu(page, GROUP, 'Unprotect');
  await page.mouse.move(0, 0);
  await undo.focus();
  await passAMinute(page);
  await undo.blur();
  await passAMinute(page);
  await undo.waitFor({ state: 'detached' });
  await openMenu(page, GROUP, 'Protect');
  await told(page, GROUP + ' is protected, with its members.');
  await page.context().close();
}

async function protectPerson(page, browser) {
  await page.getByRole('button', { name: 'People', exact: true }).click();
  await page.getByLabel('Search names and addresses').fill(site.person);
  const row = page.getByRole('row', { name: new RegExp('^' + site.person) }).first();
  await openMenu(page, site.person, 'Protect');
  await told(page, site.person + ' is protected.');
  await row.getByText('Protected').filter({ visible: true }).waitFor();

  await openMenu(page, site.person, 'Edit');
  const panel = page.getByRole('dialog', { name: site.person });
  const emails = panel.getByLabel('Addresses that this person may also send from');
  await emails.fill('private@home.example\n\nno address');
  await panel.getByRole('button', { name: 'Save' }).click();
  await panel.getByText(/^Line 3:/).waitFor();
  await assertAccessible(page, 'a person');
  await browser.shoot(page, 'person');
  await emails.fill('private@home.example\nother@home.example');
  await panel.getByRole('button', { name: 'Save' }).click();
  await panel.waitFor({ state: 'detached' });
  await openMenu(page, site.person, 'Edit');
  await emails.waitFor();
  await assertValue(emails, 'other@home.example\nprivate@home.example');
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
}

// Waits until these are the lines of a field, in any order.
async function assertValue(field, wanted) {
  const sorted = (text) => text.split('\n').sort().join('\n');
  const element = await field.elementHandle();
  await field
    .page()
    .waitForFunction(([shown, lines]) => shown.value.split('\n').sort().join('\n') === lines, [element, sorted(wanted)]);
}

async function refuseLostUpdate(page, browser) {
  const other = await page.context().newPage();
  browser.watch(other);
  for (const each of [page, other]) {
    await each.goto('/settings/business-email-compromise?view=people&directory=contoso%2FOffice%20365&search=' + encodeURIComponent(site.person));
    await openMenu(each, site.person, 'Edit');
    await assertValue(each.getByLabel('Addresses that this person may also send from'), 'other@home.example\nprivate@home.example');
  }
  await other.getByLabel('Addresses that this person may also send from').fill('private@home.example');
  await other.getByRole('button', { name: 'Save' }).click();
  await other.getByRole('dialog').waitFor({ state: 'detached' });
  await other.close();
  await page.getByLabel('Addresses that this person may also send from').fill('mine@home.example');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Somebody else has changed them').waitFor();
  await page.getByRole('button', { name: 'Show what is there now' }).click();
  await page.getByText('Somebody else has changed them').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
}

async function protectByKeyboard(page) {
  await page.goto('/settings/business-email-compromise?directory=contoso%2FOffice%20365&search=execut');
  await settle(page);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the content');
  const button = page.getByRole('button', { name: 'Actions for Executives', exact: true });
  await button.focus();
  await page.keyboard.press('Enter');
  const item = page.getByRole('menuitem').first();
  await item.waitFor();
  assert.ok(await item.evaluate((element) => element === document.activeElement));
  await page.keyboard.press('Escape');
  await item.waitFor({ state: 'hidden' });
  assert.ok(await button.evaluate((element) => element === document.activeElement));
}

async function readDetections(page, browser) {
  await page.getByRole('link', { name: 'Detections' }).first().click();
  await page.getByRole('button', { name: /hostile@freemail\.example/ }).waitFor();
  await page.getByText('U+202E').first().waitFor();
  await page.getByLabel('Search names, addresses, message ids').fill('hostile@');
  await page.getByRole('button', { name: /plain@freemail\.example/ }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /hostile@freemail\.example/ }).click();
  const panel = page.getByRole('dialog', { name: 'Detection' });
  await panel.getByText('should not appear as').waitFor();
  await panel.getByRole('heading', { name: 'Why' }).waitFor();
  await panel.getByText('person: "ada@contoso.com"').waitFor();
  await panel.getByRole('button', { name: 'Copy the exception' }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /from: \["hostile@freemail\.example"\]/);
  await panel.getByLabel('Note').fill('it was Ada');
  await panel.getByRole('button', { name: 'It was wrong' }).click();
  await panel.getByText('it was Ada').waitFor();
  assert.match(await panel.getByText('Marked').first().innerText(), /Marked wrong by ada/i);
  await assertAccessible(page, 'a detection');
  await browser.shoot(page, 'detection');
  await page.keyboard.press('Escape');
}

async function testNotifications(page) {
  await page.goto('/notifications');
  await page.getByRole('heading', { name: 'Where they are sent to' }).waitFor();
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByText('The test has arrived.').waitFor();
  await page.getByRole('row', { name: /admins/ }).getByText('works').waitFor();
  await assertAccessible(page, 'where notifications are sent to');
}

async function seeANewDetection(page) {
  await page.goto('/detections');
  await page.getByRole('button', { name: /plain@freemail\.example/ }).waitFor();
  await page.getByRole('status').getByText('Live').waitFor();
  await sendMail(site.smtp, 'Ada Lovelace <live@freemail.example>');
  await page.getByRole('status').getByText('1 new detection').waitFor();
  const row = page.getByRole('button', { name: /live@freemail\.example/ });
  assert.equal(await row.count(), 0);
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await row.waitFor();
  assert.equal(await page.getByText('1 new detection').count(), 0);
}

async function countDetections(address) {
  const answer = await askSocket('GET', `/api/v1/detections?limit=200&address=${encodeURIComponent(address)}`);
  return JSON.parse(answer.body).detections.length;
}

// Resolves once `condition` holds; it is asked again and again.
async function until(condition, what) {
  for (const end = Date.now() + 120000; !(await condition()); await setTimeout(50)) {
    assert.ok(Date.now() < end, 'waited two minutes for: ' + what);
  }
}

// Whether a message from this address that shows the person is found. Detections come in the order of the messages: a
// forged one that is found says that the one before it has been judged.
async function isFound(address) {
  const before = await countDetections(address);
  const forged = `forged${Date.now()}@freemail.example`;
  await sendMail(site.smtp, `${site.person} <${address}>`);
  await until(async () => {
    await sendMail(site.smtp, `${site.person} <${forged}>`);
    return (await countDetections(forged)) > 0;
  }, 'a forged message to be found');
  return (await countDetections(address)) > before;
}

async function passFromASecondaryEmail(page) {
  const address = 'cottage@home.example';
  assert.ok(await isFound(address));
  await page.goto('/settings/business-email-compromise?view=people&directory=contoso%2FOffice%20365&search=' + encodeURIComponent(site.person));
  await openMenu(page, site.person, 'Edit');
  const emails = page.getByLabel('Addresses that this person may also send from');
  await assertValue(emails, 'private@home.example');
  await emails.fill('private@home.example\n' + address);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await until(async () => !(await isFound(address)), `a message from ${address} to pass`);
}

async function readTheChart(page) {
  await page.goto('/');
  const chart = page.getByRole('img', { name: /^Bars: 3 findings in the last 30 days/ });
  await chart.waitFor();
  await page.getByLabel('Mode').selectOption({ label: 'Monitored' });
  await page.getByText('Nothing was found in the last 30 days').waitFor();
  await page.getByLabel('Mode').selectOption({ label: 'Any mode' });
  await page.getByLabel('Period').selectOption({ label: '7 days' });
  await page.getByLabel('Broken down').selectOption({ label: 'By disposition' });
  await page.getByText('Show as a table').click();
  const table = page.getByRole('table', { name: /^Findings on each day/ });
  assert.equal(await table.getByRole('row').count(), 8);
  await table.getByRole('columnheader', { name: 'Spoof' }).waitFor();
  const today = await table.getByRole('row').nth(1).getByRole('cell').allTextContents();
  assert.deepEqual(today, ['3', '3']);
  await page.getByRole('img', { name: /^Bars: 3 findings in the last 7 days/ }).hover({ position: { x: 60, y: 60 } });
  await page.getByText(/^0 findings/).waitFor();
}

async function editDirectory(page) {
  await page.getByRole('link', { name: 'Directories', exact: true }).click();
  await openMenu(page, 'Office 365', 'Edit');
  const panel = page.getByRole('dialog', { name: 'Edit Office 365' });
  await panel.getByLabel('Sync frequency').selectOption({ label: 'every day' });
  await panel.getByLabel('May shrink by').fill('35');
  await panel.getByRole('button', { name: 'Save' }).click();
  await told(page, 'Office 365 is saved.');
  await page.getByRole('row', { name: /^Office 365/ }).getByText('every day').waitFor();
  await openMenu(page, 'Office 365', 'Edit');
  await assertValue(panel.getByLabel('May shrink by'), '35');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Audit' }).click();
  const entry = page.getByRole('row', { name: /change directory/ }).first();
  await entry.getByText('24h').filter({ visible: true }).waitFor();
  assert.equal(await entry.getByText(site.tenant).count(), 0);
}

async function seeWarnings(page) {
  await page.goto('/settings/business-email-compromise?directory=contoso%2FPeople');
  await page.getByText(/warnings? about names/).click();
  await page.getByText(/1 person has a name of one word: Madonna/).waitFor();
  await page.goto('/settings/business-email-compromise?directory=contoso%2FOffice%20365&view=people');
  await page.getByRole('row').nth(99).waitFor();
  const names = await page.locator('tbody th .name').allTextContents();
  const folded = names.map((name) => name.normalize('NFKC').toLowerCase());
  assert.deepEqual(folded, [...folded].sort());
}

async function manageAccess(page, browser) {
  await page.getByRole('link', { name: 'Accounts and tokens' }).click();
  await page.getByRole('button', { name: 'Add an account' }).click();
  const panel = page.getByRole('dialog', { name: 'Add an account' });
  await assertAccessible(page, 'Add an account');
  await panel.getByLabel('Account', { exact: true }).fill('ops');
  await panel.getByLabel('Password').fill('another long pass phrase');
  await panel.getByLabel('Operator').check();
  await panel.getByLabel('Only some').check();
  await panel.getByLabel('contoso').check();
  await browser.shoot(page, 'add-account');
  await panel.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('row', { name: /^ops/ }).getByText('contoso').waitFor();
  await openMenu(page, 'ops', 'Disable');
  await page.getByRole('row', { name: /^ops/ }).getByText('disabled').waitFor();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await page.getByRole('row', { name: /^ops/ }).getByText('disabled').waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Make a token' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Grafana');
  await page.getByRole('dialog').getByRole('button', { name: 'Make the token' }).click();
  await page.getByText('it is not shown again').waitFor();
  await assertAccessible(page, 'a new token');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Revoke Grafana' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('No token').waitFor();
}

async function seeWhatAnOperatorMay(browser) {
  const page = await browser.open();
  await page.goto('/settings/directories');
  await page.getByLabel('Account').fill('ops');
  await page.getByLabel('Password').fill('another long pass phrase');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('row', { name: /^Office 365/ }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Add Directory' }).count(), 0);
  await page.getByRole('link', { name: 'Accounts and tokens' }).click();
  await page.getByRole('heading', { name: 'API tokens' }).waitFor();
  assert.equal(await page.getByRole('heading', { name: 'Accounts', exact: true }).count(), 0);
  await page.context().close();
}

const browser = await Browser.start(site.url, site.screenshots);
let page;
let step = '';
const steps = [
  ['the set-up link makes the first account', () => setUp(page, browser)],
  ['sign out, and in again', () => signOutAndIn(page, browser)],
  ['the first load is small', () => assertSmall(page)],
  ['add a directory, with consent', () => addDirectory(page, browser)],
  ['the first sync, with progress', () => firstSync(page, browser)],
  ['protect a group, undo, and again', () => protectGroup(page, browser)],
  ['a message waits for its reader', async () => holdAMessage(browser, await page.context().storageState())],
  ['protect a person, and give secondary emails', () => protectPerson(page, browser)],
  ['two people edit one person', () => refuseLostUpdate(page, browser)],
  ['a menu by keyboard', () => protectByKeyboard(page)],
  ['relay a domain', () => enableDomain(page, site)],
  ['provision connectors', () => provisionConnectors(page, browser, site)],
  ['posture findings, exported and for paper', () => readPosture(page, browser)],
  ['read detections', () => readDetections(page, browser)],
  ['test notifications', () => testNotifications(page)],
  ['pull the message of a detection, and restore it', () => pullMessage(page, browser)],
  ['a detection while the page is open', () => seeANewDetection(page)],
  ['findings over time', () => readTheChart(page)],
  ['edit a directory', () => editDirectory(page)],
  ['warnings, and people by name', () => seeWarnings(page)],
  ['a message from a secondary email passes', () => passFromASecondaryEmail(page)],
  ['accounts and tokens', () => manageAccess(page, browser)],
  ['an operator of one organization', () => seeWhatAnOperatorMay(browser)],
  ['every page, light and dark, wide and narrow', async () => lookAtEveryPage(browser, await page.context().storageState())],
];
try {
  page = await browser.open();
  await standInForMicrosoft(page);
  for (const [name, work] of steps) {
    step = name;
    console.log('- ' + name);
    await work();
    browser.assertNoComplaints();
  }
} catch (error) {
  console.error(`\n${step}: ${error.stack}`);
  if (page) {
    await browser.shoot(page, 'failure');
    console.error(`The page: ${page.url()}, ${site.screenshots}/failure.png`);
  }
  console.error(browser.complaints.join('\n'));
  process.exitCode = 1;
} finally {
  await browser.stop();
}
