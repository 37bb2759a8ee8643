// Money that goes back: the staff refunds what a customer paid with play money, and the customer sees
// it; a refund that is slow; a payment that becomes credit; a chargeback that is won. In both
// languages, and without JavaScript.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, startDemo } from "../support/demo.mjs";
import { follow, inspect, launch, visitor } from "../support/browser.mjs";
import { operator } from "../support/panel.mjs";
import { until } from "../support/program.mjs";

const VISITS = [
  { locale: "en", script: true },
  { locale: "es", script: true },
  { locale: "en", script: false },
];

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

  test(`a payment is refunded in part, and the customer sees it, ${name}`, async () => {
    const { customer, staff, leave } = await paid("59.29", visit);
    await staff.open();
    await follow(staff.page, staff.page.locator("#page-actions a[href$='/return']"));
    await staff.look("the form to refund");
    const amount = staff.page.locator("input[name=amount]");
    assert.equal(await amount.inputValue(), visit.locale === "es" ? "59,29" : "59.29", "all that is left");
    await amount.fill("59.30");
    await staff.page.locator("input[name=reason]").fill("Broken # seen by Bo");
    await staff.sure();
    assert.equal(await amount.getAttribute("aria-invalid"), "true");
    await amount.fill("20,00");
    await staff.sure();
    assert.match(await staff.page.locator("main").innerText(), /20[.,]00/);
    await staff.look("a payment that was refunded");
    assert.equal((await stored("payments", customer.payment)).refunded_minor, 2_000);
    assert.equal((await stored("invoices", customer.invoice)).due_minor, 2_000);

    await customer.page.goto(`${brand.url}/payments/${customer.payment}`);
    assert.match(await customer.page.locator("main").innerText(), /20[.,]00/);
    await customer.look("their payment");
    const shown = customer.page.url();
    const others = `main a[href^='/payments/pay_']:not([href*='${customer.payment}'])`;
    await customer.page.locator(others).first().click();
    await customer.page.waitForURL((url) => url.href !== shown);
    const refund = await customer.page.locator("main").innerText();
    assert.ok(refund.includes("Broken") && !refund.includes("seen by"), refund);
    await customer.look("their refund");
    await leave();
  });

  test(`a refund that is slow is said to be on its way until it is done, ${name}`, async () => {
    const { customer, staff, leave } = await paid("59.29", visit);
    await staff.open("/return");
    await staff.page.locator("input[name=amount]").fill("10.92");
    await staff.sure();
    await staff.look("a refund under way");
    await customer.page.goto(`${brand.url}/payments/${customer.payment}`);
    assert.match(await customer.page.locator("main .alert").first().innerText(), /10[.,]92/);
    await customer.look("a refund on its way");
    const refunded = async () => (await stored("payments", customer.payment)).refunded_minor === 1_092;
    await until("the refund", refunded, 120);
    await customer.page.reload();
    assert.equal(await customer.page.locator("main .alert").count(), 0, "it has arrived");
    await leave();
  });

  test(`a payment becomes credit, and settles again, ${name}`, async () => {
    const { customer, staff, leave } = await paid("59.29", visit);
    await staff.open("/release");
    await staff.look("the form to release");
    await staff.sure();
    assert.equal((await stored("invoices", customer.invoice)).due_minor, 5_929);
    await staff.open("/allocations");
    await staff.look("the form to allocate");
    await staff.page.locator("input[name^='settle.']").first().fill("50");
    await staff.sure();
    assert.equal((await stored("invoices", customer.invoice)).due_minor, 929);
    assert.equal((await stored("payments", customer.payment)).refunded_minor, 0, "no money moved");
    await leave();
  });

  test(`a chargeback is flagged, and won, ${name}`, async () => {
    // What ends in 83 is disputed in the sandbox, and won the next time that it is asked.
    const { customer, staff, leave } = await paid("10.83", visit);
    await staff.open();
    await follow(staff.page, staff.page.locator("form[action$='/look'] button"));
    await staff.look("a payment with a chargeback");
    assert.equal((await stored("invoices", customer.invoice)).due_minor, 1_083);
    await staff.page.goto(demo.panel_url);
    await follow(staff.page, staff.page.locator("main a[href='/returns']"));
    await staff.look("what is to be looked at");
    await customer.page.goto(`${brand.url}/payments/${customer.payment}`);
    await customer.look("a payment that was charged back");
    await staff.open();
    await follow(staff.page, staff.page.locator("form[action$='/look'] button"));
    await follow(staff.page, staff.page.locator("form[action$='/seen'] button"));
    assert.equal(await staff.page.locator("form[action$='/seen']").count(), 0);
    await staff.look("a chargeback that was won");
    assert.equal((await stored("invoices", customer.invoice)).due_minor, 0);
    assert.equal((await stored("payments", customer.payment)).refunded_minor, 0);
    await leave();
  });
}

const call = (method, path, body) => api(demo, organisation, method, path, body);
const stored = (noun, id) => call("GET", `/${noun}/${id}`);

/** A customer who has paid an invoice over so much with play money, and the staff beside them. */
async function paid(price, { locale, script }) {
  const customer = await makeCustomer(price);
  const session = await call("POST", "/portal-sessions", { customer_id: customer.id, locale });
  const options = { locale, javaScriptEnabled: script };
  const theirs = await visitor(browser, options);
  const ours = await operator(demo, browser, organisation.operators[0], options);
  const look = (page) => async (name) => script && inspect(page, `${name} ${locale}`);
  const { page } = theirs;
  await page.goto(session.url);
  await page.goto(`${brand.url}/pay?invoices=${customer.invoice}`);
  await page.locator("main form button[type=submit]").click();
  await page.waitForURL((url) => url.pathname.startsWith("/sandbox/"));
  await page.locator("button[name=choice][value=pay]").click();
  await page.waitForURL((url) => url.pathname.startsWith("/pay/att_"));
  const payments = async () => (await call("GET", `/payments?customer_id=${customer.id}`)).data;
  const [payment] = await until("the payment", async () => (await payments()).length > 0 && (await payments()), 40);
  return {
    customer: { ...customer, payment: payment.id, page, look: look(page) },
    staff: {
      page: ours.page,
      look: look(ours.page),
      open: (verb = "") => ours.page.goto(`${demo.panel_url}/payments/${payment.id}${verb}`),
      /** Sends the form that is open, and says yes where that is asked. */
      sure: async () => {
        await follow(ours.page, ours.page.locator("main form button[type=submit]").first());
        const yes = ours.page.locator("main button[name=do][value=sure]");
        if ((await yes.count()) > 0) await follow(ours.page, yes);
      },
    },
    leave: async () => {
      for (const { context, foreign, faults } of [theirs, ours]) {
        assert.deepEqual([foreign, faults], [[], []]);
        await context.close();
      }
    },
  };
}

async function makeCustomer(price) {
  makeCustomer.made = (makeCustomer.made ?? 0) + 1;
  const name = `BACK-${makeCustomer.made}`;
  const { id } = await call("POST", "/customers", { name, email: `${name}@payer.example`, currency: "EUR" });
  const invoice = await call("POST", "/invoices", {
    external_id: name, number: name, customer_id: id, status: "open", currency: "EUR",
    issued_on: "2026-11-01", due_on: "2026-11-15",
    lines: [{ description: "Hosting", quantity: "1", unit_price: price }],
  });
  return { id, invoice: invoice.id };
}
