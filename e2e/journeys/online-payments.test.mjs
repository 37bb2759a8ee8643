// What the staff does where a provider's payment does not match: it is told at home, has the provider
// asked, closes what was given back there, and has notices worked on again.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { api, startDemo } from "../support/demo.mjs";
import { follow, inspect, launch, visitor } from "../support/browser.mjs";
import { makeGateway, startSimulator } from "../support/gateway-sim.mjs";
import { operator } from "../support/panel.mjs";
import { PROGRAM, until } from "../support/program.mjs";

const VISITS = [
  { locale: "en", script: true },
  { locale: "es", script: false },
];
/** What an invoice of the tests comes to, in minor units. */
const TOTAL = 5929;
/** An account at the provider that is not the organisation's. */
const ANOTHERS = "AAAAAAAAAAAAA";

let demo, browser, simulator, organisation, gateway;
let bills = 0;

before(async () => {
  [demo, simulator, browser] = await Promise.all([startDemo(), startSimulator(), launch()]);
  [organisation] = demo.organisations;
  gateway = await makeGateway(demo, organisation, simulator, "paypal");
});

after(async () => {
  await browser?.close();
  await simulator?.stop();
  await demo?.stop();
});

for (const { locale, script } of VISITS) {
  const name = `in ${locale}, ${script ? "with" : "without"} JavaScript`;

  test(`a payment that does not match is told at home, and credited once it does, ${name}`, async () => {
    const bill = await mismatch(locale);
    const { page, look, leave } = await desk({ locale, script });
    await page.goto(demo.panel_url);
    await follow(page, page.locator("main a[href='/payment-attempts?look=1']").first());
    assert.equal(await page.locator("html").getAttribute("lang"), locale);
    assert.equal(await page.locator("tbody a.row-link").count(), 1);
    await look("attempts to look at");
    await follow(page, page.locator("tbody a.row-link"));
    await page.locator("main .alert[data-kind=danger]").first().waitFor();
    await look("an attempt that does not match");
    await ask(page);
    await page.locator("main .alert[data-kind=danger]").first().waitFor();
    assert.deepEqual(await payments(bill), [], "asking alone credits nothing");
    await recipient(null);
    await ask(page);
    await follow(page, page.locator("main a[href^='/payments/']").first());
    await follow(page, page.locator("main a[href^='/payment-attempts/']").first());
    await look("an attempt that was paid");
    assert.deepEqual((await payments(bill)).map((it) => it.amount_minor), [TOTAL]);
    assert.equal((await invoice(bill)).status, "paid");
    await leave();
  });

  test(`one that was given back at the provider is closed, and credited to nobody, ${name}`, async () => {
    const bill = await mismatch(locale);
    const { page, look, leave } = await desk({ locale, script });
    const address = `${demo.panel_url}/payment-attempts/${bill.attempt}`;
    await page.goto(address);
    await follow(page, page.locator("main a[href$='/dismiss']"));
    await look("closing an attempt");
    await page.locator("[name=reason]").fill("Given back at the provider");
    await follow(page, page.locator("main form button[type=submit]"));
    assert.match(await page.locator("main").innerText(), /Given back at the provider/);
    await look("a closed attempt");
    await recipient(null);
    const looked = await api(demo, organisation, "POST", `/payment-attempts/${bill.attempt}/look`);
    assert.deepEqual([looked.state, looked.reason, looked.payment_id ?? null], ["failed", "dismissed", null]);
    assert.deepEqual(await payments(bill), []);
    assert.equal((await invoice(bill)).status, "open");
    await page.goto(demo.panel_url);
    assert.equal(await page.locator("main a[href='/payment-attempts?look=1']").count(), 0);
    await leave();
  });

  test(`a notice is worked on again, ${name}`, async () => {
    const done = await until("a notice that is done", async () => (await notices()).find(isDone), 30);
    const { page, look, leave } = await desk({ locale, script });
    await page.goto(`${demo.panel_url}/payment-attempts`);
    await follow(page, page.locator("a[href='/payment-attempts/notices']").first());
    await look("notices");
    await page.goto(`${demo.panel_url}/payment-attempts/notices?q=${encodeURIComponent(done.event_id)}`);
    await follow(page, page.locator("tbody a.row-link"));
    await look("a notice");
    await follow(page, page.locator("form[action$='/replay'] button"));
    // It was set back to wait, without any tries.
    const again = async () => (await notices()).some((it) => it.id === done.id && isDone(it) && it.tries === 1);
    await until("the notice again", again, 30);
    await leave();
  });
}

test("the ledger adds up after all of it", () => {
  execFileSync(PROGRAM, ["--data-dir", demo.folder, "ledger", "check"]);
});

/** Says whose account at the provider the money has to arrive at. */
const recipient = (merchant_id) =>
  api(demo, organisation, "PATCH", `/gateways/${gateway.id}`, { settings: { merchant_id } });

const invoice = (bill) => api(demo, organisation, "GET", `/invoices/${bill.invoice}`);
const payments = async (bill) => (await api(demo, organisation, "GET", `/payments?customer_id=${bill.customer}`)).data;
const notices = async () => (await api(demo, organisation, "GET", "/gateway-notices?limit=200")).data;

/** Whether a notice was worked on, and was about an attempt. */
const isDone = (notice) => notice.state === "done" && Boolean(notice.attempt_id);

/** Has the provider asked. */
const ask = (page) => follow(page, page.locator("form[action$='/look'] button"));

/** Somebody of the staff. */
async function desk({ locale, script }) {
  const options = { locale, javaScriptEnabled: script };
  const { context, page, faults, foreign } = await operator(demo, browser, organisation.operators[0], options);
  return {
    page,
    // Looking takes JavaScript in the page.
    look: (name) => script && inspect(page, name),
    async leave() {
      assert.deepEqual([faults, foreign], [[], []]);
      await context.close();
    },
  };
}

/** A customer of its own, whose payment arrives at another account than the organisation says. */
async function mismatch(locale) {
  bills += 1;
  const number = `LOOK-${bills}`;
  const make = (noun, record) => api(demo, organisation, "POST", `/${noun}`, record);
  const customer = await make("customers", { name: `Payer ${bills}`, email: `${number}@payer.example`, currency: "EUR" });
  const { id } = await make("invoices", {
    external_id: number, number, customer_id: customer.id, status: "open", currency: "EUR",
    issued_on: "2026-11-01", due_on: "2026-11-15",
    lines: [{ description: "Hosting", quantity: "1", unit_price: "49.00", tax_rate: "21" }],
  });
  await recipient(ANOTHERS);
  const session = await make("portal-sessions", { customer_id: customer.id, locale });
  const { context, page } = await visitor(browser);
  await page.goto(session.url);
  const site = new URL(organisation.brands[0].url).origin;
  await page.goto(`${site}/pay?invoices=${id}`);
  await page.locator(`input[name=way][value="${gateway.id}"]`).check();
  await page.locator(".pay-form button[type=submit]").click();
  await page.waitForURL((url) => url.origin === simulator.url);
  await follow(page, page.locator("button[name=act][value=pay]"));
  await page.waitForURL((url) => url.origin === site && /^\/pay\/[^/]+$/.test(url.pathname));
  const attempt = new URL(page.url()).pathname.split("/").at(-1);
  await context.close();
  const find = () => api(demo, organisation, "GET", `/payment-attempts/${attempt}`);
  await until(`${number} seen`, async () => (await find()).needs_a_look, 30);
  return { customer: customer.id, invoice: id, attempt };
}
