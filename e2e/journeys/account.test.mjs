// What a visitor changes: e-mail address, billing information, language, appearance, sessions.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDemo } from "../support/demo.mjs";
import { launch, openAccountMenu, signIn, switchTo, visitor } from "../support/browser.mjs";
import { mailTo, mailedLink } from "../support/mailbox.mjs";

let demo, browser, brand;

before(async () => {
  demo = await startDemo();
  browser = await launch();
  [brand] = demo.organisations[0].brands;
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

test("a new e-mail address counts once it is confirmed by mail", async () => {
  const contact = brand.contacts[2];
  const email = "oliver.finch@harbourfinch.example";
  const { context, page } = await visitor(browser);
  await signIn(page, brand, contact);
  await openAccountMenu(page);
  await page.locator(".profile-panel a[href='/profile']").click();
  const form = page.locator("form[action='/profile/email']");
  await form.locator("input[name=email]").fill(email);
  await form.locator("input[name=password]").fill("not my password");
  await form.locator("button[type=submit]:not([data-password-toggle])").click();
  await page.locator("#f-password[aria-invalid=true]").waitFor();
  assert.equal(await form.locator("input[name=email]").inputValue(), email, "kept");
  await form.locator("input[name=password]").fill(contact.password);
  await form.locator("button[type=submit]").click();
  await page.waitForURL(/\/profile$/);
  const main = page.locator("main");
  assert.match(await main.innerText(), new RegExp(`${email}.*confirm|confirm.*${email}`, "is"), "it waits");

  const stranger = await visitor(browser);
  await stranger.page.goto(await mailedLink(demo, "/profile/email/confirm?token=", email));
  await stranger.page.locator("main form button[type=submit]").click();
  await stranger.page.waitForURL(/\/sign-in/);
  await signIn(stranger.page, brand, { ...contact, email });
  await stranger.page.goto(`${brand.url}/profile`);
  assert.match(await stranger.page.locator("main").innerText(), new RegExp(email));
  assert.match(await mailTo(demo, contact.email), new RegExp(email), "the old address is told");
  await stranger.context.close();
  await context.close();
});

test("a faulty tax id is explained, keeps what was typed, and saves once it is right", async () => {
  const { context, page } = await visitor(browser);
  await signIn(page, brand, brand.contacts[0]);
  await page.goto(`${brand.url}/billing-information`);
  const form = page.locator("form[action='/billing-information/tax-ids']");
  const field = (row, name) => form.locator(`[name='tax_ids.${row}.${name}']`);
  await field(1, "kind").selectOption("es_cif");
  await field(1, "value").fill("B12");
  await form.locator("button[type=submit]").click();
  await page.locator("[name='tax_ids.1.value'][aria-invalid=true]").waitFor();
  assert.equal(await field(1, "value").inputValue(), "B12");
  assert.equal(await field(1, "kind").inputValue(), "es_cif");
  assert.equal(await field(0, "value").inputValue(), "NL004495445B01");
  await form.locator("[role=alert] a").click();
  assert.equal(await page.evaluate(() => document.activeElement.name), "tax_ids.1.value", "the summary leads there");
  await field(1, "value").fill("B58818501");
  await form.locator("button[type=submit]").click();
  await page.waitForURL(/\/billing-information$/);
  await page.locator(".alert[data-kind=success], .toast").first().waitFor();
  assert.equal(await field(1, "value").inputValue(), "B58818501");
  await field(1, "value").fill("");
  await form.locator("button[type=submit]").click();
  await page.waitForURL(/\/billing-information$/);
  assert.equal(await field(1, "value").inputValue(), "", "an emptied one is gone");
  await context.close();
});

test("an address is saved, and appears in the countries' own language", async () => {
  const { context, page } = await visitor(browser);
  await signIn(page, brand, brand.contacts[1]);
  await page.goto(`${brand.url}/billing-information`);
  const form = page.locator("form[action='/billing-information/shipping-address']");
  await form.locator("[name='shipping_address.line1']").fill("Plaza Nueva 3");
  await form.locator("[name='shipping_address.city']").fill("Sevilla");
  await form.locator("[name='shipping_address.country']").selectOption({ label: "España" });
  await form.locator("button[type=submit]").click();
  await page.waitForURL(/\/billing-information$/);
  assert.equal(await form.locator("[name='shipping_address.line1']").inputValue(), "Plaza Nueva 3");
  assert.equal(await form.locator("[name='shipping_address.country']").inputValue(), "ES");
  await context.close();
});

test("language and appearance stay as chosen, signed out as well", async () => {
  const { context, page } = await visitor(browser, { colorScheme: "light" });
  await signIn(page, brand, brand.contacts[0]);
  const html = page.locator("html");
  await page.goto(`${brand.url}/invoices?status=paid`);
  await switchTo(page, "language", "es");
  assert.equal(page.url(), `${brand.url}/invoices?status=paid`, "on the same page");
  assert.equal(await html.getAttribute("lang"), "es");
  const light = await background(page);
  await openAccountMenu(page);
  await page.locator("button[name=theme][value=dark]").click();
  assert.equal(await html.getAttribute("data-theme"), "dark", "at once");
  await page.goto(`${brand.url}/payments`);
  assert.equal(await html.getAttribute("lang"), "es");
  assert.equal(await html.getAttribute("data-theme"), "dark");
  assert.notEqual(await background(page), light);
  await context.clearCookies({ name: "portico" });
  await page.goto(`${brand.url}/sign-in`);
  assert.equal(await html.getAttribute("lang"), "es");
  assert.equal(await html.getAttribute("data-theme"), "dark");
  await context.close();
});

test("one's own sessions are listed, and one of them is ended", async () => {
  const contact = brand.contacts[5];
  const [desk, phone] = [await visitor(browser), await visitor(browser, { userAgent: PHONE })];
  await signIn(desk.page, brand, contact);
  await signIn(phone.page, brand, contact);
  await desk.page.goto(`${brand.url}/security`);
  const sessions = desk.page.locator(".items > .item");
  assert.equal(await sessions.count(), 2);
  assert.match(await sessions.filter({ hasText: "Safari on iOS" }).innerText(), /End session|Sign out|End/i);
  await sessions.filter({ hasText: "Safari on iOS" }).locator("button").click();
  await desk.page.waitForURL(/\/security$/);
  await desk.page.locator(".items > .item").nth(1).waitFor({ state: "detached" });
  await phone.page.goto(`${brand.url}/invoices`);
  assert.equal(await phone.page.locator(".shell").count(), 0, "signed out there");
  await desk.page.goto(`${brand.url}/invoices`);
  assert.equal(await desk.page.locator(".shell").count(), 1, "but not here");
  await desk.context.close();
  await phone.context.close();
});

const PHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

function background(page) {
  return page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
}
