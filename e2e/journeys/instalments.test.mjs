// An invoice in instalments: one is paid with the play money of the demonstration, the rest with credit; credit alone;
// credit that the staff uses. In both languages, with and without JavaScript.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, startDemo } from "../support/demo.mjs";
import { follow, inspect, launch, signIn, visitor } from "../support/browser.mjs";
import { until } from "../support/program.mjs";

const VISITS = [
  { locale: "en", script: true },
  { locale: "es", script: true },
  { locale: "en", script: false },
];
const ATTEMPT = /^\/pay\/att_[0-9a-f]+$/;
const CREDIT_USE = /^\/credit-uses\/cru_[0-9a-f]+$/;

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

  test(`one instalment is paid, and the rest with credit, ${name}`, async () => {
    const customer = await makeCustomer();
    const { page, look, leave } = await enter(customer, visit);
    await page.goto(`${brand.url}/invoices/${customer.invoice}`);
    assert.equal(await page.locator("html").getAttribute("lang"), visit.locale);
    assert.match(await page.locator("main").innerText(), /30[.,]00[\s\S]*90[.,]00/);
    await look("an invoice in instalments");
    await follow(page, page.locator("#page-actions a[href^='/pay?']"));
    assert.equal(await page.locator("input[name=scope]:checked").getAttribute("value"), "next");
    assert.equal(await page.locator("input[name=credit]").count(), 0, "there is no credit yet");
    await look("the form to pay an instalment");
    await pay(page);
    await choose(page, "pay");
    await until("the payment", async () => (await invoice(customer)).remaining_minor === 6000, 40);
    const after = await invoice(customer);
    assert.deepEqual(after.instalments.map((it) => it.state), ["paid", "upcoming", "upcoming"]);
    assert.equal(after.due_minor, 0, "nothing is due until the next one");

    await payIn(customer, 4000);
    await page.goto(`${brand.url}/pay`);
    assert.equal(await page.locator("input[name=invoices]:checked").count(), 0, "nothing is due yet");
    await page.goto(`${brand.url}/pay?invoices=${customer.invoice}`);
    await page.locator("input[name=scope][value=all]").check();
    if (visit.script) assert.match(await page.locator("[data-pay-sum] output").innerText(), /60[.,]00/);
    await page.locator("input[name=credit]").check();
    await look("the form to pay the rest with credit");
    await pay(page);
    await choose(page, "pay");
    await page.locator("main a[href^='/payments/pay_']").first().waitFor({ timeout: 60_000 });
    await look("paid with credit");
    assert.match(await page.locator("main .sums").innerText(), /20[.,]00[\s\S]*40[.,]00/);
    assert.equal((await invoice(customer)).status, "paid");
    assert.deepEqual(await paid(customer), [2000, 3000, 4000]);

    await page.goto(`${brand.url}/payments`);
    await look("payments with a use of credit");
    await follow(page, page.locator("#list-lead a[href^='/credit-uses/']"));
    assert.match(await page.locator("main").innerText(), /40[.,]00/);
    await look("a use of credit");
    await leave();
  });

  test(`credit settles alone what it covers, ${name}`, async () => {
    const customer = await makeCustomer();
    await payIn(customer, 9500);
    const { page, look, leave } = await enter(customer, visit);
    await page.goto(`${brand.url}/pay`);
    await page.locator("input[name=scope][value=all]").check();
    await page.locator("input[name=credit]").check();
    await page.locator("main form button[type=submit]").click();
    await page.waitForURL((url) => CREDIT_USE.test(url.pathname));
    await look("settled by credit alone");
    assert.equal((await invoice(customer)).status, "paid");
    assert.deepEqual(await paid(customer), [9500]);
    await leave();
  });
}

test("the staff uses credit of a customer", async () => {
  const customer = await makeCustomer();
  await payIn(customer, 4500);
  const staff = await visitor(browser, { locale: "en" });
  await signIn(staff.page, { url: demo.panel_url }, organisation.operators[0]);
  const id = customer.invoice.split("_").pop();
  const uuid = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  await staff.page.goto(`${demo.panel_url}/invoices/${uuid}`);
  await inspect(staff.page, "an invoice in instalments, for the staff");
  await follow(staff.page, staff.page.locator("a[href$='/use-credit']"));
  await staff.page.locator("input[name=amount]").fill("45,01");
  await follow(staff.page, staff.page.locator("main form button[type=submit]"));
  assert.equal(await staff.page.locator("input[name=amount]").getAttribute("aria-invalid"), "true");
  await inspect(staff.page, "more credit than there is");
  await staff.page.locator("input[name=amount]").fill("");
  await follow(staff.page, staff.page.locator("main form button[type=submit]"));
  assert.equal((await invoice(customer)).remaining_minor, 4500);
  assert.deepEqual(staff.foreign, []);
  assert.deepEqual(staff.faults, []);
  await staff.context.close();
});

function call(method, path, body) {
  return api(demo, organisation, method, path, body);
}

/** A day, so many days from now. */
const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** A customer who owes 90.00 in three parts, of which the first is overdue. */
async function makeCustomer() {
  makeCustomer.made = (makeCustomer.made ?? 0) + 1;
  const name = `PARTS-${makeCustomer.made}`;
  const { id } = await call("POST", "/customers", { name, email: `${name}@payer.example`, currency: "EUR" });
  const invoice = await call("POST", "/invoices", {
    external_id: name, number: name, customer_id: id, status: "open", currency: "EUR", issued_on: day(-30),
    lines: [{ description: "Project", quantity: "1", unit_price: "90.00" }],
    instalments: [-10, 30, 60].map((days) => ({ due_on: day(days), amount_minor: 3000 })),
  });
  return { id, invoice: invoice.id };
}

/** Pays in what settles nothing. */
function payIn({ id }, amount) {
  return call("POST", "/payments", {
    customer_id: id, status: "succeeded", amount_minor: amount, currency: "EUR", method: "cash",
    paid_at: new Date().toISOString(),
  });
}

/** The customer in the portal, by a link of the organisation's software. */
async function enter({ id }, { locale, script }) {
  const session = await call("POST", "/portal-sessions", { customer_id: id, locale });
  const { context, page, foreign, faults } = await visitor(browser, { locale, javaScriptEnabled: script });
  await page.goto(session.url);
  return {
    page,
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
  await page.waitForURL((url) => url.pathname.startsWith("/sandbox/"));
}

/** Has something happen there, and comes back. */
async function choose(page, word) {
  await page.locator(`button[name=choice][value=${word}]`).click();
  await page.waitForURL((url) => ATTEMPT.test(url.pathname));
}

const invoice = (customer) => call("GET", `/invoices/${customer.invoice}`);

/** What was paid, the smallest first. */
async function paid({ id }) {
  const { data } = await call("GET", `/payments?customer_id=${id}`);
  return data.map((it) => it.amount_minor).sort((one, other) => one - other);
}
