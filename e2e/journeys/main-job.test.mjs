// From the organisation's software to a downloaded invoice: the seed's own commands, a browser, both
// engines.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { freshDatabase, startDemo } from "../support/demo.mjs";
import { launch, visitor } from "../support/browser.mjs";

const COLUMNS = [
  "Invoice ID", "Status", "Invoice Total", "Due Date", "Amount Due", "Billing Period", "Generated On",
];

const engines = [["SQLite", async () => undefined]];
if (process.env.E2E_POSTGRES) {
  engines.push(["PostgreSQL", () => freshDatabase(process.env.E2E_POSTGRES)]);
}

for (const [engine, database] of engines) {
  test(`the main job on ${engine}`, async (t) => {
    const demo = await startDemo({ database: await database() });
    const browser = await launch();
    t.after(async () => {
      await browser.close();
      assert.equal(await demo.stop(), 0, "an orderly end");
    });
    const [organisation] = demo.organisations;
    const [brand] = organisation.brands;
    const [contact] = brand.contacts;

    await t.test("Zenskar's curl command, with our ids and host in it", async () => {
      const answer = JSON.parse(curl(demo, organisation, uuid(contact.customer_id)));
      assert.equal(answer.is_guest_session, false);
      assert.match(answer.redirect_url, new RegExp(`${uuid(organisation.id)}_${uuid(contact.customer_id)}_[\\w-]{43}\\?return_url=https://zenskar.com$`));
      const { page, context, foreign } = await visitor(browser);
      await page.goto(answer.redirect_url);
      assert.equal(new URL(page.url()).pathname, "/", "a clean address");
      assert.ok(!page.url().includes("return_url") && !(await page.content()).includes(answer.session_token));
      const link = answer.redirect_url;
      await invoices(page);
      const again = await visitor(browser);
      await again.page.goto(link);
      assert.match(await again.page.locator("main, body").first().innerText(), /no longer|expired|used/i);
      await again.context.close();
      const home = page.locator("a[href^='https://zenskar.com']").first();
      await home.click();
      await page.waitForURL(/zenskar\.com/);
      assert.ok(foreign.every((url) => url.startsWith("https://zenskar.com")), foreign.join());
      await context.close();
    });

    await t.test("Treli's Python snippet opens the page that forward names", async () => {
      const answer = JSON.parse(python(demo, organisation, contact.email));
      assert.equal(answer.status, "success");
      assert.equal(answer.valid_until - answer.created, 1800);
      const { page, context } = await visitor(browser);
      await page.goto(answer.auth_url);
      assert.equal(new URL(page.url()).pathname, "/invoices");
      await page.goBack().catch(() => {});
      await context.close();
    });
  });
}

async function invoices(page) {
  await page.locator("nav a[href='/invoices']").first().click();
  await page.waitForURL(/\/invoices$/);
  const headers = await page.locator("table thead th").allInnerTexts();
  const names = headers.flatMap((text) => COLUMNS.filter((name) => text.trim().startsWith(name)));
  assert.deepEqual(names, COLUMNS);
  const first = page.locator("table a.row-link").first();
  const number = (await first.innerText()).trim();
  await first.click();
  await page.waitForURL(/\/invoices\/inv_/);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("a[href$='/pdf']").first().click(),
  ]);
  const text = execFileSync("pdftotext", ["-layout", await download.path(), "-"]).toString();
  assert.ok(text.includes(number), `the PDF names ${number}`);
  const fonts = execFileSync("pdffonts", [await download.path()]).toString();
  assert.ok(!/ no +(yes|no) +(yes|no) +\d+/.test(fonts), `all fonts are embedded:\n${fonts}`);
}

/** `cus_…` as the plain UUID that Zenskar's API speaks. */
function uuid(id) {
  const hex = id.split("_")[1];
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function curl(demo, organisation, customer) {
  return execFileSync("curl", [
    "--silent", "--location", "--request", "POST", `${demo.panel_url}/customer/session`,
    "-H", `organisation: ${uuid(organisation.id)}`,
    "-H", `X-API-KEY: ${organisation.api_key}`,
    "-H", "Content-Type: application/json",
    "--data-raw", `{"customer_id":"${customer}","return_url":"https://zenskar.com","idle_timeout":86400}`,
  ]).toString();
}

function python(demo, organisation, email) {
  const authentication = Buffer.from(`${organisation.treli_user}:${organisation.treli_password}`);
  const program = `
import requests
import json

url = "${demo.panel_url}/wp-json/api/portal/sessions/create"

payload = json.dumps({
  "customer_email": "${email}",
  "return_url": "https://ejemplo.com",
  "forward": "customer_invoices"
})
headers = {
  'Content-Type': 'application/json',
  'Authorization': 'Basic ${authentication.toString("base64")}'
}

response = requests.request("POST", url, headers=headers, data=payload)

print(response.text)
`;
  return execFileSync("/usr/bin/python3", ["-"], { input: program }).toString();
}
