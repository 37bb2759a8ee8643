// Signing up: the form, the mail, the password, and an account with all that the template has; what
// the staff approves; and the choice between the accounts of one address.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, startDemo } from "../support/demo.mjs";
import { enter, inspect, launch, openAccountMenu, visitor } from "../support/browser.mjs";
import { mailTo, mailedLink } from "../support/mailbox.mjs";

const PASSWORD = "seven umbrellas on the moon";
let demo, browser, organisation, brand, brandId;

before(async () => {
  demo = await startDemo();
  browser = await launch();
  [organisation] = demo.organisations;
  [brand] = organisation.brands;
  brandId = (await api(demo, organisation, "GET", "/brands")).data[0].id;
  await makeTemplate();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

test("without a link and a page where the brand does not offer it", async () => {
  await offer({ customers: false });
  const { context, page } = await visitor(browser);
  await page.goto(`${brand.url}/sign-in`);
  assert.equal(await page.locator("a[href='/sign-up']").count(), 0);
  assert.equal((await page.goto(`${brand.url}/sign-up`)).status(), 404);
  await context.close();
});

test("a sign-up ends with a customer that has all that the template has", async () => {
  await offer({ customers: true });
  const { context, page, faults } = await visitor(browser);
  await page.goto(`${brand.url}/sign-in`);
  await page.locator("a[href='/sign-up']").click();
  await page.waitForURL(/\/sign-up$/);
  await inspect(page, "the form");
  assert.equal(await page.locator("input[type=password]").count(), 0, "whose address it is is not known yet");
  const email = "nadia@quillfeather.example";
  await fill(page, { company: "Quillfeather", name: "Nadia Quill", email });
  await inspect(page, "a mail is on its way");
  const link = await mailedLink(demo, "/sign-up/confirm?token=", email);
  for (const method of ["HEAD", "GET", "GET"]) {
    const response = await fetch(link, { method, redirect: "manual" });
    const cookies = response.headers.getSetCookie().filter((cookie) => /^(__Host-)?portico=/.test(cookie));
    assert.deepEqual(cookies, [], "a scanner got a session");
  }
  await page.goto(link);
  await inspect(page, "the password");
  for (const [password, fault] of [["", /at least 8/i], ["quillfeather", /easy to guess/i]]) {
    await choosePassword(page, password);
    await page.locator(".field-fault").waitFor();
    assert.match(await page.locator(".field-fault").innerText(), fault);
    assert.equal(await page.locator("input[name=username]").inputValue(), email);
    await inspect(page, "a password that cannot be");
    await page.goto(link);
  }
  await choosePassword(page);
  await page.waitForURL((url) => url.pathname === "/");
  assert.match(await page.locator(".toast").innerText(), /welcome/i);
  assert.match(await page.locator(".shell").innerText(), /Quillfeather/);
  await page.goto(`${brand.url}/payments`);
  const rows = page.locator("tbody tr");
  assert.equal(await rows.count(), 1);
  assert.match(await rows.innerText(), /5\.00/);
  for (const [section, name] of [["subscriptions", "Starter"], ["entitlements", "Minutes"], ["contracts", "Terms"]]) {
    await page.goto(`${brand.url}/${section}`);
    assert.match(await page.locator("tbody").innerText(), new RegExp(name), section);
  }
  await page.goto(link);
  assert.equal(await page.locator("main form[action*='confirm']").count(), 0, "used links offer no button");
  await page.context().clearCookies();
  await page.goto(`${brand.url}/sign-in`);
  await enter(page, { email, password: PASSWORD });
  assert.match(await page.locator(".shell").innerText(), /Quillfeather/);
  assert.deepEqual(faults, []);
  await context.close();
});

test("the same answer for an address that is known, which reads so in its mail", async () => {
  const { context, page } = await visitor(browser);
  const answers = [];
  for (const email of [brand.contacts[4].email, "nobody@nowhere.example"]) {
    await page.goto(`${brand.url}/sign-up`);
    await fill(page, { company: "Somebody", name: "Some Body", email });
    answers.push((await page.locator("main").innerText()).replaceAll(email, "…"));
  }
  assert.equal(answers[0], answers[1]);
  const mail = await mailTo(demo, brand.contacts[4].email);
  assert.match(mail, /already/);
  assert.ok(!mail.includes("/sign-up/confirm") && !mail.includes("Some Body"), "nothing that was typed");
  await context.close();
});

test("where the staff decides, the account waits and a page says so", async () => {
  await offer({ customers: true, needs_approval: true });
  const { context, page } = await visitor(browser);
  const email = "walter@waiting.example";
  await page.goto(`${brand.url}/sign-up`);
  await fill(page, { company: "Waiting Room", name: "Walter Wait", email });
  await page.goto(await mailedLink(demo, "/sign-up/confirm?token=", email));
  await choosePassword(page);
  await page.getByRole("heading", { name: /we will write to you/i }).waitFor();
  await inspect(page, "the account waits");
  const [operator] = organisation.operators;
  assert.match(await mailTo(demo, operator.email), /Waiting Room/);

  const staff = await visitor(browser);
  await staff.page.goto(`${demo.panel_url}/sign-in?next=%2Fapprovals`);
  await enter(staff.page, operator);
  await staff.page.goto(`${demo.panel_url}/approvals`);
  await inspect(staff.page, "the list of approvals");
  await staff.page.getByRole("link", { name: "Waiting Room" }).click();
  await inspect(staff.page, "an approval");
  await staff.page.getByRole("button", { name: /^approve/i }).click();
  await staff.page.waitForURL(/\/approvals$/);
  await mailedLink(demo, "/sign-in", email);
  await page.goto(`${brand.url}/sign-in`);
  await enter(page, { email, password: PASSWORD });
  assert.match(await page.locator(".shell").innerText(), /Waiting Room/);
  await staff.context.close();
  await context.close();
});

test("one address with two accounts chooses, and switches later", async () => {
  const [one, two] = brand.contacts;
  await api(demo, organisation, "POST", "/contacts", {
    customer_id: two.customer_id, name: "Same Person", email: one.email,
  });
  const { context, page } = await visitor(browser);
  await page.goto(`${brand.url}/sign-in`);
  await page.locator("input[name=email]").fill(one.email);
  await page.locator("button[formaction='/sign-in/link']").click();
  await page.waitForURL(/\/sign-in\/link$/);
  await page.goto(await mailedLink(demo, "/sign-in/link?token=", one.email));
  await page.locator("main form button[type=submit]").click();
  await page.waitForURL(/\/accounts/);
  await inspect(page, "the choice of accounts");
  const names = await page.locator(".choose-name").allInnerTexts();
  assert.equal(names.length, 2);
  const session = async () => (await context.cookies(brand.url)).find((cookie) => cookie.name === "portico").value;
  for (const name of names) {
    const before = await session();
    await page.locator(".choose-account", { hasText: name }).click();
    await page.waitForURL((url) => url.pathname === "/");
    assert.notEqual(await session(), before, "the session is another one");
    assert.match(await page.locator(".shell").innerText(), new RegExp(name.replaceAll(/\W/g, ".")));
    await openAccountMenu(page);
    await page.locator("a[href='/accounts']").click();
    await page.waitForURL(/\/accounts/);
  }
  await context.close();
});

/** Fills in the form that is open, and sends it. */
async function fill(page, { company, name, email }) {
  await page.locator("input[name=company]").fill(company);
  await page.locator("input[name=name]").fill(name);
  await page.locator("input[name=email]").fill(email);
  await page.locator("select[name=country]").selectOption("ES");
  const currency = page.locator("select[name=currency]");
  if (await currency.count()) await currency.selectOption("USD");
  await page.locator("main form.form button[type=submit]").click();
  await page.getByRole("heading", { name: /check your email/i }).waitFor();
}

/** Chooses the password on the page behind the mailed link. */
async function choosePassword(page, password = PASSWORD) {
  await page.locator("input[name=password]").fill(password);
  await page.locator("main form.form button[type=submit]").click();
}

/** What the brand offers. It is asked for again after a second. */
async function offer(wanted) {
  const sign_up = { customers: false, needs_approval: false, template_customer: "template", currencies: ["USD", "EUR"], ...wanted };
  await api(demo, organisation, "PATCH", `/brands/${brandId}`, { sign_up });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
}

/** A customer with one of everything, and $5.00. */
async function makeTemplate() {
  const make = (noun, record) => api(demo, organisation, "POST", `/${noun}`, record);
  const customer_id = "template";
  await make("customers", { external_id: customer_id, name: "Template", currency: "USD", debit_limit_minor: 2_500 });
  await make("payments", {
    customer_id, status: "succeeded", amount_minor: 500, currency: "USD", method: "other",
    method_label: "Starting credit", paid_at: "2026-01-01T00:00:00Z",
  });
  await make("subscriptions", {
    external_id: "template-s", customer_id, plan: "Starter", status: "active", currency: "USD",
    amount_minor: 900, interval_unit: "month", started_on: "2026-01-01",
  });
  await make("entitlements", {
    customer_id, subscription_id: "template-s", name: "Minutes", kind: "quantity", status: "active",
    unit: "min", used: "17", limit: "100",
  });
  await make("contracts", { customer_id, name: "Terms", status: "active", body: "The terms." });
}
