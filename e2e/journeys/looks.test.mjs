// The looks of a portal: a logo is uploaded, a draft is seen beside its form, published, and shown;
// the brand's own script runs where it may, and nowhere else.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDemo } from "../support/demo.mjs";
import { enter, inspect, launch, visitor } from "../support/browser.mjs";

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="100">
  <script>alert(1)</script><rect width="400" height="100" rx="20" fill="#d62976"/></svg>`;
const SCRIPT = "document.documentElement.dataset.brandScript = 'ran'";
let demo, browser, brand, looks;

before(async () => {
  demo = await startDemo();
  browser = await launch();
  [brand] = demo.organisations[0].brands;
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** An operator's browser in the control panel. */
async function operator(options = {}) {
  const visit = await visitor(browser, options);
  await visit.page.goto(`${demo.panel_url}/sign-in`);
  await enter(visit.page, demo.organisations[0].operators[0]);
  await visit.page.waitForURL(/\/$/);
  return visit;
}

test("a logo is drawn anew and can be chosen", async () => {
  const { context, page, faults } = await operator();
  await page.goto(`${demo.panel_url}/files`);
  const buffer = Buffer.from(LOGO);
  await page.setInputFiles("#f-file", { name: "logo.svg", mimeType: "image/svg+xml", buffer });
  await page.locator("form[enctype] button[type=submit]").click();
  await page.locator(".gallery-item").waitFor();
  await inspect(page, "the gallery");
  const address = await page.locator(".gallery-item img").getAttribute("src");
  const picture = await page.request.get(`${demo.panel_url}${address}`);
  assert.equal(picture.headers()["content-type"], "image/png");
  assert.deepEqual(faults, []);
  await context.close();
});

test("the preview follows the form, and what is published is shown", async () => {
  const { context, page, faults, foreign } = await operator();
  await page.goto(`${demo.panel_url}/brands`);
  await page.locator("main a[href^='/brands/brd_']").first().click();
  await page.locator(".tabs a[href$='/looks']").click();
  looks = page.url();
  const preview = page.frameLocator("iframe[data-preview-frame]");
  await preview.locator("h1").waitFor();
  await page.locator("input[name=logo]").nth(1).check();
  await preview.locator(".side .brand-logo").waitFor();
  await page.locator("#f-accent").fill("#ffd400");
  await page.locator("#f-script").fill(SCRIPT);
  await page.locator("#f-css").fill(".card { border-width: 3px }");
  await page.locator("button[name=then]").click();
  await page.waitForURL(/\/publish$/);
  await inspect(page, "the question");
  await page.locator("main form.form button[type=submit]").click();
  await page.waitForURL(looks);
  await inspect(page, "the tab");
  assert.deepEqual(faults, []);
  assert.deepEqual(foreign, []);
  await context.close();
});

test("the script runs where nobody signs in, proves or pays", async () => {
  const { context, page, faults } = await visitor(browser);
  const ran = () => page.evaluate(() => document.documentElement.dataset.brandScript);
  await page.waitForTimeout(1_100);
  await page.goto(`${brand.url}/sign-in`);
  assert.equal(await ran(), undefined);
  await enter(page, brand.contacts[0]);
  await page.locator(".side .brand-logo").waitFor();
  await page.waitForFunction(() => document.documentElement.dataset.brandScript === "ran");
  assert.equal(await page.evaluate(() => document.cookie), "");
  for (const path of ["/security", "/payment-methods", "/profile"]) {
    const fetched = await page.evaluate(async (path) => (await fetch(path)).status, path);
    assert.equal(fetched, 403, `a script could read ${path}`);
  }
  for (const path of ["/security", "/payment-methods", "/profile"]) {
    await page.goto(`${brand.url}${path}`);
    assert.equal(await ran(), undefined, path);
  }
  assert.deepEqual(faults, []);
  await context.close();
});

test("without JavaScript the preview shows what is typed as well", async () => {
  const { context, page } = await operator({ javaScriptEnabled: false });
  await page.goto(looks);
  await page.locator("#f-footer").fill("Seen before it is saved");
  await page.locator("[data-preview-button]").click();
  const preview = page.frameLocator("iframe[data-preview-frame]");
  await preview.getByText("Seen before it is saved").first().waitFor();
  assert.equal(page.url(), looks);
  await context.close();
});
