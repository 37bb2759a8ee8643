// What can be taken along: invoices as one archive, lists as tables.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startDemo } from "../support/demo.mjs";
import { launch, signIn, visitor } from "../support/browser.mjs";

const HEADER =
  "Invoice ID,Status,Invoice Total,Due Date,Amount Due,Billing Period,Generated On," +
  "Currency,Issue date,Subtotal,Tax,Still to be paid";

let demo, browser, brand, context, page;

before(async () => {
  demo = await startDemo();
  browser = await launch();
  [brand] = demo.organisations[0].brands;
  ({ context, page } = await visitor(browser));
  await signIn(page, brand, brand.contacts[0]);
});

after(async () => {
  await context?.close();
  await browser?.close();
  await demo?.stop();
});

test("several invoices as one archive", async () => {
  await page.goto(`${brand.url}/invoices`);
  const numbers = [];
  for (const row of [0, 1, 2]) {
    numbers.push((await page.locator("table a.row-link").nth(row).innerText()).trim());
    await page.locator("table tbody input[type=checkbox]").nth(row).check();
  }
  assert.match(await page.locator(".selection-count").innerText(), /\b3$/);
  const file = await download(() => page.locator("form[action='/invoices/archive'] button:not([formaction])").click());
  const folder = unpacked(file);
  const names = readdirSync(folder);
  assert.equal(names.length, 3);
  for (const number of numbers) {
    const name = names.find((each) => each.includes(number));
    assert.equal(readFileSync(join(folder, name)).subarray(0, 5).toString(), "%PDF-", name);
  }
});

test("the list as CSV, as it is filtered and sorted", async () => {
  await page.goto(`${brand.url}/invoices?status=paid&sort=total&direction=asc`);
  const shown = (await page.locator("table a.row-link").allInnerTexts()).map((text) => text.trim());
  await page.locator("#page-actions details > summary").click();
  const file = await download(() => page.locator("a[href*='export.csv']").click());
  const [header, ...rows] = readFileSync(file, "utf8").replace(/^\uFEFF/, "").trim().split("\r\n");
  assert.equal(header, HEADER);
  assert.deepEqual(rows.map((row) => row.split(",")[0]), shown);
});

test("the payments as a workbook", async () => {
  await page.goto(`${brand.url}/payments`);
  await page.locator("#page-actions details > summary").click();
  const file = await download(() => page.locator("a[href*='export.xlsx']").click());
  assert.deepEqual(readdirSync(join(unpacked(file), "xl", "worksheets")).filter((name) => name.endsWith(".xml")), ["sheet1.xml"]);
});

async function download(act) {
  const [got] = await Promise.all([page.waitForEvent("download"), act()]);
  return got.path();
}

/** The folder in which the files of an archive are now; it goes with the demonstration's own. */
function unpacked(file) {
  const folder = mkdtempSync(join(demo.folder, "unpacked-"));
  execFileSync("python3", ["-m", "zipfile", "-e", file, folder]);
  return folder;
}
