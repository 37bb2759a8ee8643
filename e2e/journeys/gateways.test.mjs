// Paying through providers, each played by the simulator: on their pages, by their notices alone, with
// notices that come often or are forged.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { api, startDemo } from "../support/demo.mjs";
import { follow, inspect, launch, visitor } from "../support/browser.mjs";
import { makeGateway, startSimulator } from "../support/gateway-sim.mjs";
import { PROGRAM, until } from "../support/program.mjs";

const VISITS = [
  { provider: "stripe", locale: "en", script: true },
  { provider: "paypal", locale: "es", script: true },
  { provider: "authorize_net", locale: "en", script: false },
];
/** What an invoice of the tests comes to, in minor units. */
const TOTAL = 5929;

let demo, browser, simulator, organisation;
let bills = 0;

before(async () => {
  [demo, simulator, browser] = await Promise.all([startDemo(), startSimulator(), launch()]);
  [organisation] = demo.organisations;
});

after(async () => {
  await browser?.close();
  await simulator?.stop();
  await demo?.stop();
});

for (const { provider, locale, script } of VISITS) {
  test(`${provider} in ${locale}, ${script ? "with" : "without"} JavaScript`, async (t) => {
    const gateway = await makeGateway(demo, organisation, simulator, provider);
    const visit = (bill) => enter(bill, { locale, script });

    await t.test("the customer pays on the provider's page, and comes back", async () => {
      const bill = await makeBill(gateway);
      const { context, page, foreign } = await visit(bill);
      await begin(page, bill, gateway);
      await press(page, "pay");
      await page.waitForURL(isAttempt);
      assert.equal(await page.locator("html").getAttribute("lang"), locale);
      if (script) await inspect(page, `paid by ${provider}`);
      await paidOnce(bill, gateway);
      await saysPaid(page);
      assert.deepEqual(await statement(page, bill), [-TOTAL, TOTAL]);
      assert.deepEqual(foreign, []);
      await context.close();
    });

    await t.test("a card that is declined pays nothing, and another one does", async () => {
      const bill = await makeBill(gateway);
      const { context, page } = await visit(bill);
      await begin(page, bill, gateway);
      await press(page, "decline");
      // PayPal leads back at once; the others let their customers try again, or leave.
      if (isAttempt(new URL(page.url()))) await page.locator(".alert[data-kind=danger]").waitFor();
      else await press(page, "cancel");
      await page.waitForURL(isAttempt);
      assert.equal((await invoice(bill)).status, "open");
      assert.deepEqual(await payments(bill), []);
      assert.deepEqual(await statement(page, bill), [-TOTAL]);
      await begin(page, bill, gateway);
      await press(page, "pay");
      await page.waitForURL(isAttempt);
      await paidOnce(bill, gateway);
      assert.deepEqual(await statement(page, bill), [-TOTAL, TOTAL]);
      await context.close();
    });

    await t.test("who pays and never comes back has paid, however often it is told", async () => {
      const bill = await makeBill(gateway);
      const { context, page } = await visit(bill);
      await begin(page, bill, gateway);
      const form = page.locator("input[name=token]");
      const hosted = (await form.count()) > 0 ? await form.first().inputValue() : pageOf(page.url());
      await context.close();
      const before = await told(gateway);
      // One of its notices is properly signed, and lies.
      await simulator.control("faults", { next: [{ fault: "wrong_event", times: 1 }] });
      await simulator.control("pages", { page: hosted, act: "pay" });
      await paidOnce(bill, gateway);
      const events = (await gateway.events()).filter(({ id }) => !before.has(id));
      assert.ok(events.some(({ lie }) => lie) && events.some(({ paid, lie }) => paid && !lie), "it told both");
      for (const manner of ["good", "good", "missing", "wrong", "empty_key"]) {
        for (const { id } of events) await simulator.control("deliver", { event: id, manner });
      }
      await until("all notices", async () => (await simulator.control("counters")).pending === 0, 20);
      for (const { deliveries } of await gateway.events()) {
        for (const { manner, status } of deliveries) {
          assert.equal(Math.floor(status / 100), manner === "good" ? 2 : 4, `${manner}: ${status}`);
        }
      }
      await paidOnce(bill, gateway);
      const back = await visit(bill);
      assert.deepEqual(await statement(back.page, bill), [-TOTAL, TOTAL]);
      await back.context.close();
    });

    await t.test("a notice that is forged changes nothing", async () => {
      const bill = await makeBill(gateway);
      const { context, page } = await visit(bill);
      const attempt = await begin(page, bill, gateway);
      const genuine = (await gateway.events()).find(({ paid }) => paid);
      const body = genuine.body.replaceAll(genuine.reference, referenceOf(attempt));
      assert.notEqual(body, genuine.body);
      for (const headers of [{}, ...FORGED[provider]]) {
        const { status } = await fetch(gateway.notices, { method: "POST", body, headers });
        assert.equal(Math.floor(status / 100), 4, JSON.stringify(headers));
      }
      const { status } = await fetch(`${gateway.notices.slice(0, -4)}AAAA`, { method: "POST", body });
      assert.equal(status, 404, "nobody's address");
      assert.equal((await invoice(bill)).status, "open");
      assert.deepEqual(await payments(bill), []);
      await context.close();
    });
  });
}

test("the ledger adds up after all of it", () => {
  execFileSync(PROGRAM, ["--data-dir", demo.folder, "ledger", "check"]);
});

/** Signatures by nobody who knows the secret. */
const FORGED = {
  stripe: [{ "stripe-signature": `t=${Math.floor(Date.now() / 1000)},v1=${"0".repeat(64)}` }],
  paypal: [{
    "paypal-auth-algo": "SHA256withRSA", "paypal-cert-url": "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1",
    "paypal-transmission-id": "1", "paypal-transmission-sig": "AAAA", "paypal-transmission-time": new Date().toISOString(),
  }],
  authorize_net: [{ "x-anet-signature": `sha512=${"0".repeat(128)}` }],
};

/** Where the portal is. */
const site = () => new URL(organisation.brands[0].url).origin;

/** A customer of its own, who owes one invoice. */
async function makeBill(gateway) {
  const { currency } = gateway;
  bills += 1;
  const number = `PAY-${bills}`;
  const make = (noun, record) => api(demo, organisation, "POST", `/${noun}`, record);
  const customer = await make("customers", { name: `Payer ${bills}`, email: `${number}@payer.example`, currency });
  const { id } = await make("invoices", {
    external_id: number, number, customer_id: customer.id, status: "open", currency,
    issued_on: "2026-11-01", due_on: "2026-11-15",
    lines: [{ description: "Hosting", quantity: "1", unit_price: "49.00", tax_rate: "21" }],
  });
  const charges = (await gateway.charges()).map((charge) => charge.id);
  return { customer: customer.id, invoice: id, number, currency, charges };
}

/** The customer in the portal, by a link of the organisation's software. */
async function enter(bill, { locale, script }) {
  const session = await api(demo, organisation, "POST", "/portal-sessions", { customer_id: bill.customer, locale });
  const visit = await visitor(browser, { javaScriptEnabled: script });
  await visit.page.goto(session.url);
  return visit;
}

/** From the invoice to the provider's page. */
async function begin(page, bill, gateway) {
  await page.goto(`${site()}/invoices/${bill.invoice}`);
  await follow(page, page.locator("main a[href^='/pay?']"));
  await page.locator(`input[name=way][value="${gateway.id}"]`).check();
  const [attempt] = await Promise.all([
    page.waitForRequest((request) => request.isNavigationRequest() && isAttempt(new URL(request.url()))),
    page.locator(".pay-form button[type=submit]").click(),
  ]);
  // Where the browser brings a form along, the customer presses its button.
  if (gateway.posts) await page.locator("main form button[type=submit]").click();
  await page.waitForURL((url) => url.origin === simulator.url);
  return new URL(attempt.url()).pathname.split("/").at(-1);
}

/** Presses a button of the provider's page. */
const press = (page, act) => follow(page, page.locator(`button[name=act][value=${act}]`));

/** Whether it is the page of an attempt. */
function isAttempt(url) {
  return url.origin === site() && /^\/pay\/[^/]+$/.test(url.pathname);
}

/** The provider's name of a page, by its address. */
function pageOf(address) {
  const url = new URL(address);
  return url.searchParams.get("token") ?? url.pathname.split("/").at(-1);
}

/** The reference of an attempt at the provider: 100 bits of its identifier in Crockford's base 32. */
function referenceOf(attempt) {
  const bits = BigInt(`0x${attempt.split("_")[1]}`);
  const letter = (_, place) => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[Number((bits >> BigInt(5 * (19 - place))) & 31n)];
  return Array.from({ length: 20 }, letter).join("");
}

/** The identifiers of what was told already. */
async function told(gateway) {
  return new Set((await gateway.events()).map(({ id }) => id));
}

const invoice = (bill) => api(demo, organisation, "GET", `/invoices/${bill.invoice}`);
const payments = async (bill) => (await api(demo, organisation, "GET", `/payments?customer_id=${bill.customer}`)).data;

/** The invoice is paid, by one payment, and so much was really charged, once. */
async function paidOnce(bill, gateway) {
  await until(`${bill.number} paid`, async () => (await invoice(bill)).status === "paid", 30);
  const made = await payments(bill);
  assert.deepEqual(made.map((it) => [it.amount_minor, it.currency, it.status]), [[TOTAL, bill.currency, "succeeded"]]);
  const charges = (await gateway.charges()).filter(({ id }) => !bill.charges.includes(id));
  assert.deepEqual(charges.map(({ amount }) => amount), [TOTAL]);
}

/** The page of an attempt that succeeded links the payment. */
async function saysPaid(page) {
  await page.reload();
  await page.locator("main a[href^='/payments/']").first().waitFor();
}

/** The amounts of the customer's statement in minor units, oldest first. */
async function statement(page, bill) {
  const query = new URLSearchParams({ currency: bill.currency, sort: "date", direction: "asc" });
  const response = await page.request.get(`${site()}/balance/export.csv?${query}`);
  const [, ...lines] = (await response.text()).trim().split("\r\n");
  return lines.map((line) => Math.round(Number(line.split(",").at(-2)) * 100));
}
