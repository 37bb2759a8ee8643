// Paying with the play money of the demonstration: one invoice, several with another amount, the
// balance; what is declined, slow, or lost for a while; without JavaScript, in both languages, and twice.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, startDemo } from "../support/demo.mjs";
import { follow, inspect, launch, visitor } from "../support/browser.mjs";
import { until } from "../support/program.mjs";

const VISITS = [
  { locale: "en", script: true },
  { locale: "es", script: true },
  { locale: "en", script: false },
];
/** What an invoice of the tests comes to, in minor units. */
const TOTAL = 5929;
const ATTEMPT = /^\/pay\/att_[0-9a-f]+$/;

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

  test(`an invoice is paid from its page, ${name}`, async () => {
    const customer = await makeCustomer(1);
    const { page, look, leave } = await enter(customer, visit);
    await page.goto(`${brand.url}/invoices/${customer.invoices[0].id}`);
    await follow(page, page.locator("#page-actions a[href^='/pay?']"));
    assert.equal(await page.locator("html").getAttribute("lang"), visit.locale);
    assert.equal(await page.locator("input[name=invoices]:checked").count(), 1);
    await look("the form to pay");
    await pay(page);
    await look("the sandbox");
    await choose(page, "pay");
    await page.locator("main a[href^='/payments/pay_']").first().waitFor();
    await look("paid");
    assert.equal((await invoice(customer, 0)).status, "paid");
    await paidOnce(customer, TOTAL);
    await leave();
  });

  test(`two invoices are paid with another amount, ${name}`, async () => {
    const customer = await makeCustomer(3);
    const { page, look, leave } = await enter(customer, visit);
    await page.goto(`${brand.url}/invoices`);
    for (const { id } of customer.invoices.slice(0, 2)) await page.locator(`input[name=id][value=${id}]`).check();
    await follow(page, page.locator("button[formaction='/pay/selection']"));
    assert.equal(await page.locator("input[name=invoices]:checked").count(), 2);
    if (visit.script) {
      const sum = page.locator("[data-pay-sum] output");
      assert.match(await sum.innerText(), /118[.,]58/);
      await page.locator("input[name=invoices]").last().check();
      assert.match(await sum.innerText(), /177[.,]87/);
      await page.locator("input[name=invoices]").last().uncheck();
    }
    for (const typed of ["-5", "1e3", "0", "5,999"]) {
      await page.locator("input[name=amount]").fill(typed);
      await follow(page, page.locator("main form button[type=submit]"));
      assert.equal(await page.locator("input[name=amount]").getAttribute("aria-invalid"), "true", typed);
      assert.equal(await page.locator("input[name=invoices]:checked").count(), 2, "the choice is kept");
    }
    await look("an amount with a fault");
    await page.locator("input[name=amount]").fill("80,50");
    await pay(page);
    await choose(page, "pay");
    await paidOnce(customer, 8050);
    assert.equal((await invoice(customer, 2)).status, "open", "it was not selected");
    await leave();
  });

  test(`the balance is refilled, ${name}`, async () => {
    const customer = await makeCustomer(0);
    const { page, look, leave } = await enter(customer, visit);
    await page.goto(`${brand.url}/balance`);
    await follow(page, page.locator("#page-actions a[href^='/refill']"));
    await look("the form to refill");
    await page.locator("input[name=sum]").nth(1).check();
    await pay(page);
    await choose(page, "pay");
    await paidOnce(customer, 2000);
    await page.goto(`${brand.url}/balance`);
    assert.match(await page.locator("main .stats").innerText(), /20[.,]00/);
    await page.goto(`${brand.url}/pay`);
    await look("nothing to pay");
    await leave();
  });

  test(`what is declined can be tried again, ${name}`, async () => {
    const customer = await makeCustomer(1);
    const { page, look, leave } = await enter(customer, visit);
    for (const choice of ["decline", "cancel"]) {
      await page.goto(`${brand.url}/pay`);
      await pay(page);
      await choose(page, choice);
      await look(`after ${choice}`);
      assert.deepEqual(await payments(customer), []);
    }
    await follow(page, page.locator("main a[href^='/pay?invoices=']"));
    await pay(page);
    await choose(page, "pay");
    await paidOnce(customer, TOTAL);
    await leave();
  });

  test(`what is slow or lost is waited for, and paid once, ${name}`, async () => {
    const customer = await makeCustomer(2);
    const { page, look, leave } = await enter(customer, visit);
    for (const [place, choice] of ["delay", "lose"].entries()) {
      await page.goto(`${brand.url}/pay?invoices=${customer.invoices[place].id}`);
      await pay(page);
      await choose(page, choice);
      assert.equal(await page.locator("main a[href^='/pay?']").count(), 0, "nobody is asked to pay again");
      if (place === 0) await look("waiting");
      // The page turns by itself.
      await page.locator("main a[href^='/payments/pay_']").first().waitFor({ timeout: 90_000 });
    }
    await paidOnce(customer, TOTAL, TOTAL);
    await leave();
  });
}

test("a form that is sent twice is one attempt", async () => {
  const customer = await makeCustomer(1);
  const { context, page, leave } = await enter(customer, VISITS[0]);
  await page.goto(`${brand.url}/pay`);
  const form = await page.locator("main form").evaluate((it) => new URLSearchParams(new FormData(it)).toString());
  const send = () =>
    context.request.post(`${brand.url}/pay`, {
      data: form, maxRedirects: 0,
      headers: { "content-type": "application/x-www-form-urlencoded", origin: new URL(brand.url).origin },
    });
  const answers = [...(await Promise.all([send(), send(), send()])), await send()];
  assert.deepEqual(answers.map((answer) => answer.status()), [303, 303, 303, 303]);
  const places = new Set(answers.map((answer) => answer.headers().location));
  assert.equal(places.size, 1, [...places].join());
  await page.goto(new URL([...places][0], brand.url).href);
  await choose(page, "pay");
  await paidOnce(customer, TOTAL);
  // Its key is used: with other contents it is refused, and pays nothing.
  const altered = await context.request.post(`${brand.url}/pay`, {
    data: `${form}&amount=1`, maxRedirects: 0,
    headers: { "content-type": "application/x-www-form-urlencoded", origin: new URL(brand.url).origin },
  });
  assert.equal(altered.status(), 422);
  await paidOnce(customer, TOTAL);
  await leave();
});

test("those who may only look are not asked to pay", async () => {
  const customer = await makeCustomer(1);
  const viewer = { name: "Vera Viewer", email: `vera-${customer.id}@payer.example`, role: "viewer" };
  const contact = await call("POST", "/contacts", { customer_id: customer.id, ...viewer });
  const { page, look, leave } = await enter({ contact_id: contact.id }, VISITS[0]);
  for (const path of ["/", "/invoices", `/invoices/${customer.invoices[0].id}`, "/balance"]) {
    await page.goto(brand.url + path);
    const ways = page.locator("main :is(a[href^='/pay?'], a[href='/pay'], [formaction^='/pay'], a[href^='/refill'])");
    assert.equal(await ways.count(), 0, path);
  }
  await page.goto(`${brand.url}/pay`);
  await look("looking only");
  assert.equal(await page.locator("main form").count(), 0);
  await leave();
});

function call(method, path, body) {
  return api(demo, organisation, method, path, body);
}

/** A customer who owes so many invoices. */
async function makeCustomer(count) {
  makeCustomer.made = (makeCustomer.made ?? 0) + 1;
  const name = `PLAY-${makeCustomer.made}`;
  const { id } = await call("POST", "/customers", { name, email: `${name}@payer.example`, currency: "EUR" });
  const invoices = [];
  for (let number = 1; number <= count; number += 1) {
    invoices.push(await call("POST", "/invoices", {
      external_id: `${name}-${number}`, number: `${name}-${number}`, customer_id: id, status: "open", currency: "EUR",
      issued_on: "2026-11-01", due_on: "2026-11-15",
      lines: [{ description: "Hosting", quantity: "1", unit_price: "49.00", tax_rate: "21" }],
    }));
  }
  return { id, invoices };
}

/** The customer in the portal, by a link of the organisation's software. */
async function enter({ id, contact_id }, { locale, script }) {
  const whose = contact_id ? { contact_id } : { customer_id: id };
  const session = await call("POST", "/portal-sessions", { ...whose, locale });
  const { context, page, foreign, faults } = await visitor(browser, { locale, javaScriptEnabled: script });
  await page.goto(session.url);
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
  await page.waitForURL((url) => url.pathname.startsWith("/sandbox/"));
}

/** Has something happen there, and comes back. */
async function choose(page, word) {
  await page.locator(`button[name=choice][value=${word}]`).click();
  await page.waitForURL((url) => ATTEMPT.test(url.pathname));
}

const invoice = (customer, place) => call("GET", `/invoices/${customer.invoices[place].id}`);
const payments = async ({ id }) => (await call("GET", `/payments?customer_id=${id}`)).data;

/** So much was paid, and nothing else. */
async function paidOnce(customer, ...amounts) {
  await until("the payment", async () => (await payments(customer)).length >= amounts.length, 40);
  const made = (await payments(customer)).map((it) => [it.amount_minor, it.status]);
  assert.deepEqual(made, amounts.map((amount) => [amount, "succeeded"]));
}
