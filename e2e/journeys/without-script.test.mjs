// The whole main job with JavaScript off, and with the keyboard alone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDemo } from "../support/demo.mjs";
import { launch, openAccountMenu, signIn, tabTo, visitor } from "../support/browser.mjs";

let demo, browser, brand, contact;

before(async () => {
  demo = await startDemo();
  browser = await launch();
  [brand] = demo.organisations[0].brands;
  contact = brand.contacts[2];
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

test("without JavaScript: sign in, find, sort, download, edit, sign out", async () => {
  const { context, page } = await visitor(browser, { javaScriptEnabled: false });
  await signIn(page, brand, contact);
  await page.goto(`${brand.url}/invoices`);
  await page.locator("th a", { hasText: "Invoice Total" }).click();
  assert.match(page.url(), /sort=total/);
  await page.locator("input[name=q]").fill("2026");
  await page.locator("input[name=q]").press("Enter");
  assert.match(page.url(), /q=2026/);
  await page.locator("table a.row-link").first().click();
  const link = page.locator("a[href$='/pdf']").first();
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  assert.match(download.suggestedFilename(), /\.pdf$/);

  await page.goto(`${brand.url}/profile`);
  await page.locator("input[name=phone]").fill("not a number");
  await page.locator("form:has(input[name=phone]) button[type=submit]").click();
  assert.equal(await page.locator("input[name=phone]").inputValue(), "not a number", "kept");
  assert.equal(await page.locator("input[name=phone]").getAttribute("aria-invalid"), "true");
  await page.locator("input[name=phone]").fill("+44 20 7946 0958");
  await page.locator("form:has(input[name=phone]) button[type=submit]").click();
  await page.goto(`${brand.url}/profile`);
  assert.equal(await page.locator("input[name=phone]").inputValue(), "+44 20 7946 0958");

  await openAccountMenu(page);
  // The answer leads to the organisation's own site, which cannot be reached from here.
  const [left] = await Promise.all([
    page.waitForEvent("requestfailed", (request) => request.isNavigationRequest()),
    page.locator("form[action='/sign-out'] button").click(),
  ]);
  assert.equal(new URL(left.url()).origin, new URL(brand.return_url).origin);
  await page.waitForURL(/^chrome-error:/);
  await page.goto(`${brand.url}/invoices`);
  assert.match(page.url(), /\/sign-in\?next=/);
  await context.close();
});

test("with the keyboard alone: sign in and open an invoice", async () => {
  const { context, page } = await visitor(browser);
  await page.goto(`${brand.url}/sign-in?next=/invoices`);
  await tabTo(page, "input[name=email]");
  await page.keyboard.type(contact.email);
  await tabTo(page, "input[name=password]");
  await page.keyboard.type(contact.password);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === "/invoices");
  await tabTo(page, "a.row-link");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/invoices\/inv_/);
  await context.close();
});
