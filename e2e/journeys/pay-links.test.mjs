// Paying one invoice by a link, without signing in: made by software and by the staff, paid with the play money of the
// demonstration, in both languages, with and without JavaScript; what a link does not open; the receipt by mail; the
// statement as PDF.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, startDemo } from "../support/demo.mjs";
import { follow, inspect, launch, signIn, visitor } from "../support/browser.mjs";
import { mailedLink } from "../support/mailbox.mjs";
import { until } from "../support/program.mjs";

const VISITS = [
  { locale: "en", script: true },
  { locale: "es", script: true },
  { locale: "en", script: false },
];
const ATTEMPT = /^\/linked\/pay\/att_[0-9a-f]+$/;
/** What an invoice of the tests comes to, in minor units. */
const TOTAL = 5929;

let demo, browser, organisation, brand;

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), launch()]);
  [organisation] = demo.organisations;
  [brand] = organisation.brands;
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

for (const visit of VISITS) {
  const name = `in ${visit.locale}, ${visit.script ? "with" : "without"} JavaScript`;

  test(`an invoice is paid by a link, ${name}`, async () => {
    const customer = await makeCustomer(visit.locale);
    const { id, url } = await call("POST", `/invoices/${customer.invoice}/pay-link`, { lifetime_days: 7 });
    const secret = new URL(url).pathname.split("/").pop();
    const { context, page, look, leave } = await come(visit);
    await page.goto(url);
    assert.equal(new URL(page.url()).pathname, `/linked/invoice/${id}`, "the secret left the address");
    assert.ok(!(await page.content()).includes(secret), "nor is it on the page");
    assert.equal(await page.locator("html").getAttribute("lang"), visit.locale);
    assert.match(await page.locator("main").innerText(), /59[.,]29/);
    assert.equal(await page.locator("input[name=keep]").count(), 0, "nothing is kept");
    await look("the invoice of a link");
    const [file] = await Promise.all([page.waitForEvent("download"), page.locator("main a[download]").click()]);
    assert.match(file.suggestedFilename(), /^invoice-.*\.pdf$/);

    await pay(page);
    await look("the sandbox of a link");
    await choose(page, "decline");
    await look("declined by a link");
    await follow(page, page.locator("main a[href^='/linked/invoice/']").first());
    await pay(page);
    await choose(page, "pay");
    await page.locator(".alert[data-kind=success]").waitFor();
    await look("paid by a link");
    await paidOnce(customer);
    assert.equal((await call("GET", `/invoices/${customer.invoice}`)).status, "paid");
    await mailedLink(demo, "/payments/pay_", customer.email);

    // Nobody was signed in, and the link is used up.
    await page.goto(`${brand.url}/invoices`);
    assert.match(page.url(), /\/sign-in\?next=/);
    assert.equal((await page.goto(url)).status(), 410);
    await look("a link that is used up");
    const names = (await context.cookies()).map((cookie) => cookie.name);
    assert.ok(names.includes("portico-pay-link") && !names.includes("portico"), names.join());
    await leave();
  });
}

test("the staff makes a link, has it mailed, and switches it off", async () => {
  const customer = await makeCustomer("en");
  const staff = await visitor(browser, { locale: "en" });
  const look = (name) => inspect(staff.page, name);
  await signIn(staff.page, { url: demo.panel_url }, organisation.operators[0]);
  await staff.page.goto(`${demo.panel_url}/invoices/${customer.invoice}`);
  await follow(staff.page, staff.page.locator("a[href$='/pay-link']"));
  await staff.page.locator("input[name=lifetime_days]").fill("400");
  await follow(staff.page, staff.page.locator("main form button[type=submit]"));
  assert.equal(await staff.page.locator("input[name=lifetime_days]").getAttribute("aria-invalid"), "true");
  await look("a link for too long");
  await staff.page.locator("input[name=lifetime_days]").fill("3");
  await staff.page.locator("input[name=mail]").check();
  await follow(staff.page, staff.page.locator("main form button[type=submit]"));
  const link = await staff.page.locator("#pay-link").inputValue();
  await look("a link that was made");
  assert.equal(await mailedLink(demo, "/pay-link/", customer.email), link);

  const { page, leave } = await come(VISITS[0]);
  assert.equal((await page.goto(link)).status(), 200);
  const shown = page.url();
  await follow(staff.page, staff.page.locator("main a.button[data-kind=primary]"));
  await look("an invoice with a link");
  assert.ok(!(await staff.page.content()).includes(link.split("/").pop()), "it is told once");
  await follow(staff.page, staff.page.locator("form[action^='/pay-links/'] button"));
  await look("an invoice with a link that is off");
  assert.equal(await staff.page.locator("form[action^='/pay-links/']").count(), 0);
  for (const address of [link, shown, `${shown}/pdf`]) {
    assert.equal((await page.goto(address)).status(), 410, "it is off");
  }
  assert.deepEqual(staff.faults, []);
  await staff.context.close();
  await leave();
});

test("what is no link, or another one's, tells nothing", async () => {
  const [one, other] = [await makeCustomer("en"), await makeCustomer("en")];
  const [first, second] = await Promise.all([one, other].map((it) => call("POST", `/invoices/${it.invoice}/pay-link`, {})));
  const { context, page, look, leave } = await come(VISITS[0]);
  for (const path of ["/pay-link/unknown", `/linked/invoice/${first.id}`, "/linked/pay/x"]) {
    assert.equal((await page.goto(brand.url + path)).status(), 410, path);
  }
  await look("no link");
  await page.goto(first.url);
  await pay(page);
  const attempt = await page.locator("a[href^='/linked/pay/']").getAttribute("href");
  await page.goto(second.url);
  for (const path of [`/linked/invoice/${first.id}`, `/linked/invoice/${first.id}/pdf`, attempt]) {
    assert.equal((await page.goto(brand.url + path)).status(), 410, path);
  }
  // Programs that look at links before people do get nothing.
  const probe = await context.request.head(first.url);
  assert.equal(probe.status(), 204);
  await leave();
});

test("the statement of account is downloaded, by its customer and by the staff", async () => {
  const customer = await makeCustomer("en");
  const session = await call("POST", "/portal-sessions", { customer_id: customer.id });
  const { page, leave } = await come(VISITS[0]);
  await page.goto(session.url);
  await page.goto(`${brand.url}/balance?from=2026-11-01&until=2026-11-30`);
  const statement = page.locator("#page-actions a[href^='/balance/statement.pdf']");
  const [own] = await Promise.all([page.waitForEvent("download"), statement.click()]);
  assert.equal(own.suggestedFilename(), "statement-EUR-2026-11-30.pdf");
  await leave();
  const staff = await visitor(browser, { locale: "es" });
  await signIn(staff.page, { url: demo.panel_url }, organisation.operators[0]);
  await staff.page.goto(`${demo.panel_url}/customers/${customer.id}/balance`);
  await inspect(staff.page, "the balance with its statement");
  await staff.page.locator("input[name=from]").fill("2026-11-01");
  await staff.page.locator("input[name=until]").fill("2026-11-30");
  for (const [place, kind] of ["pdf", "csv", "xlsx"].entries()) {
    const button = staff.page.locator("main form[method=get] button[type=submit]").nth(place);
    const [file] = await Promise.all([staff.page.waitForEvent("download"), button.click()]);
    assert.ok(file.suggestedFilename().endsWith(`.${kind}`), file.suggestedFilename());
  }
  await staff.context.close();
});

function call(method, path, body) {
  return api(demo, organisation, method, path, body);
}

/** A customer who owes an invoice. */
async function makeCustomer(language) {
  makeCustomer.made = (makeCustomer.made ?? 0) + 1;
  const name = `LINK-${makeCustomer.made}`;
  const email = `${name.toLowerCase()}@payer.example`;
  const { id } = await call("POST", "/customers", { name, email, language, currency: "EUR" });
  const invoice = await call("POST", "/invoices", {
    external_id: name, number: name, customer_id: id, status: "open", currency: "EUR", issued_on: "2026-11-01",
    due_on: "2026-11-15", lines: [{ description: "Hosting", quantity: "1", unit_price: "49.00", tax_rate: "21" }],
  });
  return { id, email, invoice: invoice.id };
}

/** Somebody who was never here. */
async function come({ locale, script }) {
  const { context, page, foreign, faults } = await visitor(browser, { locale, javaScriptEnabled: script });
  return {
    context, page,
    /** Looks at a page, where there is a script to look with. */
    look: async (name) => script && inspect(page, `${name} ${locale}`),
    leave: async () => {
      assert.deepEqual(foreign, []);
      assert.deepEqual(faults, []);
      await context.close();
    },
  };
}

/** Sends the form that is open, and arrives at the sandbox. */
async function pay(page) {
  await page.locator("main form button[type=submit]").click();
  await page.waitForURL((url) => url.pathname.startsWith("/linked/sandbox/"));
}

/** Has something happen there, and comes back. */
async function choose(page, word) {
  await page.locator(`button[name=choice][value=${word}]`).click();
  await page.waitForURL((url) => ATTEMPT.test(url.pathname));
}

/** The invoice was paid, and nothing else. */
async function paidOnce({ id }) {
  const payments = async () => (await call("GET", `/payments?customer_id=${id}`)).data;
  await until("the payment", async () => (await payments()).length > 0, 40);
  const made = (await payments()).map((it) => [it.amount_minor, it.status]);
  assert.deepEqual(made, [[TOTAL, "succeeded"]]);
}
