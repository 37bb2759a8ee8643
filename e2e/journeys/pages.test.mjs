// Every page in every state, in both languages, light and dark, on a desktop and on a phone:
// accessible, no wider than the window, no foreign request, no fault in the console.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { api, startDemo } from "../support/demo.mjs";
import { DEVICES, enter, inspect, launch, switchTo, visitor } from "../support/browser.mjs";
import { mailedLink } from "../support/mailbox.mjs";
import { PROGRAM } from "../support/program.mjs";

const SHOTS = process.env.E2E_SHOTS;
/** A host that is not this machine, where plain HTTP holds no session. */
const FAR = "far.example";
const YEN = 4;
const DINAR_AND_ARABIC = 5;
const LISTS = [
  "invoices", "payments", "credit-notes", "entitlements", "subscriptions", "contracts",
  "payment-methods",
];
const PAGES = [
  "/", "/invoices", "/invoices?q=nothing-like-this", "/invoices?min=abc&status=overdue", "/payments",
  "/balance", "/balance?kind=payments&from=2026-01-01",
  "/balance?q=INV", "/vouchers", "/vouchers/redeem", "/pay", "/refill", "/entitlements", "/subscriptions", "/contracts",
  "/payment-methods", "/profile",
  "/billing-information", "/security", "/nothing-here",
];

let demo, browser, organisation, brand;

before(async () => {
  demo = await startDemo();
  browser = await launch();
  [organisation] = demo.organisations;
  [brand] = organisation.brands;
  if (SHOTS) mkdirSync(SHOTS, { recursive: true });
  execFileSync(PROGRAM, ["organisation", "create", "--data-dir", demo.folder, "--name", "Far", "--host", FAR]);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

for (const language of ["en", "es"]) {
  test(`signed out, in ${language}`, (t) => walk(t, language, async (look, page) => {
    const contact = brand.contacts[1];
    for (const address of ["/sign-in", "/password/forgot", "/sign-in/link?token=nothing", "/signed-out", "/nothing-here"]) {
      await look.at(brand.url + address);
    }
    await page.goto(`${brand.url}/sign-in`);
    await page.locator("input[name=email]").fill("nobody@nowhere.example");
    await page.locator("input[name=password]").fill("wrong");
    await page.locator("form button[type=submit]:not([formaction])").first().click();
    await page.locator("[role=alert]").first().waitFor();
    await look.here("sign-in refused");
    await page.locator("input[name=email]").fill(contact.email);
    await page.locator("button[formaction='/sign-in/link']").click();
    await page.waitForURL(/\/sign-in\/link/);
    await look.here("link sent");
    await look.at(await mailedLink(demo, "/sign-in/link?token=", contact.email), "mailed link");
    await page.goto(`${brand.url}/password/forgot`);
    await page.locator("input[name=email]").fill(contact.email);
    await page.locator("main form button[type=submit]").click();
    await look.at(await mailedLink(demo, "/password/reset?token=", contact.email), "password reset");
  }));

  test(`signed in, in ${language}`, (t) => walk(t, language, async (look, page) => {
    const [contact] = brand.contacts;
    await page.goto(`${brand.url}/sign-in`);
    await enter(page, contact);
    for (const address of PAGES) await look.at(brand.url + address);
    for (const address of await details(contact, LISTS)) await look.at(brand.url + address);
    await page.goto(`${brand.url}/profile`);
    await refused(page, "phone", "not a number");
    await look.here("profile with a fault");
    await page.goto(`${brand.url}/vouchers/redeem`);
    await refused(page, "code", "0123-4567-89ab-cdef-x");
    await look.here("a voucher code with a fault");
    const moved = `moved.${language}@northwind.example`;
    await page.goto(`${brand.url}/profile`);
    await page.locator("form[action='/profile/email'] [name=email]").fill(moved);
    await page.locator("form[action='/profile/email'] [name=password]").fill(contact.password);
    await page.locator("form[action='/profile/email'] button[type=submit]").click();
    await page.locator(".alert", { hasText: moved }).first().waitFor();
    await look.here("profile with an address to confirm");
    await look.at(await mailedLink(demo, "/profile/email/confirm?token=", moved), "address to confirm");
    await page.goto(`${brand.url}/billing-information`);
    await refused(page, "tax_ids.0.value", "1");
    await look.here("billing information with a fault");
    await page.goto(`${brand.url}/security`);
    await page.locator("input[name=current_password]").fill(contact.password);
    await refused(page, "new_password", "password");
    await look.here("security with a fault");
    await look.at((await session(brand.contacts[2])).url, "another account's link");
    const ended = await open(page, contact, language);
    await api(demo, organisation, "DELETE", `/portal-sessions/${ended.id}`);
    await look.at(`${brand.url}/invoices`, "ended session");
    await look.at(ended.url, "used link");
  }));

  test(`over plain HTTP, in ${language}`, (t) => walk(t, language, async (look, page) => {
    await page.route(`http://${FAR}/**`, async (route) => {
      const { pathname, search } = new URL(route.request().url());
      const headers = { ...(await route.request().allHeaders()), host: FAR };
      const response = await route.fetch({ url: demo.portal_url + pathname + search, headers });
      // The browser's console says that it means nothing without TLS.
      const { "cross-origin-opener-policy": _, ...kept } = response.headers();
      await route.fulfill({ response, headers: kept });
    });
    await look.at(`http://${FAR}/sign-in`, "plain HTTP");
    assert.equal(await page.locator("main form input").count(), 0, "nothing to type a password into");
  }));

  test(`odd currencies and names, in ${language}`, (t) => walk(t, language, async (look, page) => {
    for (const contact of [brand.contacts[YEN], brand.contacts[DINAR_AND_ARABIC]]) {
      await open(page, contact, language);
      for (const address of ["/", "/invoices", "/profile", ...(await details(contact, ["invoices"]))]) {
        await look.at(brand.url + address, `${contact.external_id} ${address}`);
      }
      await page.context().clearCookies({ name: "portico" });
    }
  }));

  test(`a customer without anything, in ${language}`, (t) => walk(t, language, async (look, page) => {
    const customer = await api(demo, organisation, "POST", "/customers", { name: "Fresh Start" });
    await open(page, { customer_id: customer.id }, language);
    for (const address of ["/", ...LISTS.filter((noun) => noun !== "credit-notes").map((noun) => `/${noun}`), "/balance", "/vouchers", "/profile", "/billing-information", "/security"]) {
      await look.at(brand.url + address, `empty ${address}`);
    }
  }));
}

test("another brand has looks of its own", (t) => walk(t, "es", async (look, page) => {
  const [voxtel] = demo.organisations[1].brands;
  await look.at(`${voxtel.url}/sign-in`, "voxtel sign-in");
  await enter(page, voxtel.contacts[0]);
  for (const address of ["/", "/invoices", "/subscriptions"]) await look.at(voxtel.url + address, `voxtel ${address}`);
}));

/** A visitor who reads this language, and how it looks at pages. */
async function walk(t, language, journey) {
  const { context, page, foreign, faults } = await visitor(browser, { locale: language, viewport: DEVICES.desktop });
  t.after(() => context.close());
  // A choice, because contacts have languages of their own.
  await page.goto(`${brand.url}/sign-in`);
  await switchTo(page, "language", language);
  const here = async (name) => {
    assert.equal(await page.locator("html").getAttribute("lang"), language, name);
    await inspect(page, `${name} ${language}`, (theme, device) => shoot(page, name, `${language}-${theme}-${device}`));
  };
  const at = async (address, name = new URL(address).pathname + new URL(address).search) => {
    await page.goto(address);
    await here(name);
  };
  await journey({ at, here }, page);
  assert.deepEqual(foreign, [], "requests to elsewhere");
  assert.deepEqual(faults, [], "faults in the console");
}

async function shoot(page, name, how) {
  if (!SHOTS) return;
  const file = name.replace(/_[0-9a-f]{32}/, "").replace(/[^a-z0-9]+/gi, "_").replace(/^_+|_+$/g, "") || "overview";
  await page.screenshot({ path: `${SHOTS}/${file}-${how}.png`, fullPage: true });
}

/** The page of the newest record of each noun that the customer has. */
async function details(contact, nouns) {
  const addresses = [];
  for (const noun of nouns) {
    const list = await api(demo, organisation, "GET", `/${noun}?customer_id=${contact.customer_id}&limit=1`);
    if (list.data.length > 0) addresses.push(`/${noun}/${list.data[0].id}`);
  }
  return addresses;
}

/** Sends a form with a value that is refused. */
async function refused(page, name, value) {
  const field = page.locator(`[name='${name}']`);
  await field.fill(value);
  await page.locator("form", { has: field }).locator("button[type=submit]").click();
  await page.locator(`[name='${name}'][aria-invalid=true]`).waitFor();
}

/** A session of the organisation's making. */
function session({ customer_id }, locale) {
  return api(demo, organisation, "POST", "/portal-sessions", { customer_id, locale });
}

/** Opens a session by its link, in place of the one that there may be. */
async function open(page, customer, locale) {
  const opened = await session(customer, locale);
  await page.context().clearCookies({ name: "portico" });
  await page.goto(opened.url);
  await page.waitForURL((url) => url.pathname === "/");
  return opened;
}
