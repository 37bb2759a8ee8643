// Every page of the control panel, in both languages, light and dark, on a desktop and on a phone:
// accessible, no wider than the window, no foreign request, no fault in the console.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { api, startDemo } from "../support/demo.mjs";
import { follow, inspect, launch, visitor } from "../support/browser.mjs";
import { mailedLink } from "../support/mailbox.mjs";
import { authenticatorCode, makeRecords, operator } from "../support/panel.mjs";
import { PROGRAM } from "../support/program.mjs";

const SHOTS = process.env.E2E_SHOTS;
/** Windows that are looked at at once. */
const WINDOWS = 3;
/** Both themes on both devices, the one half in the one language and the other in the other. */
const THEMES = { en: { desktop: ["light"], phone: ["dark"] }, es: { desktop: ["dark"], phone: ["light"] } };
const LANGUAGES = Object.keys(THEMES);
/** Who may see pages, as the table of routes says; the others are for software. */
const PEOPLE = /^(Entrance|Waiting|Enrolling|SignedIn|Local|Operator\(.*\))$/;
/** What is no page but a file, or stands in a frame of one. */
const PARTS = [
  "/customers.csv", "/customers.xlsx", "/customers/{id}/files/{file}", "/invoices/{id}/pdf", "/credit-notes/{id}/pdf", "/settings/audit-log.csv", "/files/{id}",
  "/payment-attempts.csv", "/payment-attempts.xlsx",
  "/mailbox/{id}/body", "/brands/{id}/looks/preview", "/brands/{id}/mails/{kind}/{language}/preview",
];
/** Reached by ways of their own below. */
const WAYS_IN = [
  "/sign-in", "/sign-in/code", "/password/forgot", "/password/reset/{token}", "/invitation/{token}",
  "/set-up/{token}", "/account/second-factor/off", "/account/recovery-codes",
];
/** Forms, with a field that is emptied and must not be. */
const FORMS = (it) => [
  ["/customers/new", "name"], [`/customers/${it.customer}/edit`, "name"], ["/brands/new", "name"],
  [`/customers/${it.customer}/contacts/new`, "name"], [`/customers/${it.customer}/payments/new`, "amount"],
  [`/customers/${it.customer}/invoices/new`, "lines.0.description"], ["/settings", "name"],
  ["/settings/operators/invite", "email"], ["/settings/api-keys/new", "name"], ["/account", "name"], ["/voucher-batches/new", "series"],
  [`/settings/gateways/${it.gateway}`, "name"],
  [`/brands/${it.brand}`, "name"], [`/brands/${it.brand}/smtp`, "server"], [`/brands/${it.brand}/domains`, "host"],
  [`/brands/${it.brand}/mails/password-reset/en`, "subject"], [`/brands/${it.brand}/texts/en/overview-welcome`, "text"],
];

let demo, browser, organisation, owner, records;

before(async () => {
  demo = await startDemo();
  browser = await launch();
  [organisation] = demo.organisations;
  [owner] = organisation.operators;
  records = await makeRecords(demo, organisation);
  if (SHOTS) mkdirSync(SHOTS, { recursive: true });
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Addresses of the pages, by their paths in the table of routes. */
function addresses(it) {
  const tabs = ["invoices", "payments", "credit-notes", "balance", "subscriptions", "contracts", "entitlements", "contacts", "configuration", "activity"];
  const ofCustomer = (path, ...more) => [[`/customers/{id}${path}`, [it.customer, ...more].map((id) => `/customers/${id}${path}`)]];
  const ofBrand = (path) => [[`/brands/{id}${path}`, [`/brands/${it.brand}${path}`]]];
  const ofInvoice = (path, ...ids) => [[`/invoices/{id}${path}`, ids.map((id) => `/invoices/${id}${path}`)]];
  const mail = `/brands/${it.brand}/mails/password-reset/en`;
  return new Map([
    ["/", ["/"]],
    ["/search", ["/search", "/search?q=a", "/search?q=nothing-like-this"]],
    ["/customers", ["/customers", "/customers?q=nothing-like-this", "/customers?status=active&sort=name"]],
    ["/customers/new", ["/customers/new"]],
    ...ofCustomer("", it.empty, it.waiting),
    ...tabs.flatMap((tab) => ofCustomer(`/${tab}`, it.empty)),
    ...["/edit", "/status", "/access", "/contacts/new", "/invoices/new", "/payments/new"].flatMap((path) => ofCustomer(path)),
    ...ofCustomer("/portal", it.waiting),
    ["/contacts/{id}", [`/contacts/${it.contact}`]],
    ["/contacts/{id}/switch", [`/contacts/${it.contact}/switch`]],
    ["/contacts/{id}/temporary-password", [`/contacts/${it.contact}/temporary-password`]],
    ...ofInvoice("", it.draft, it.open),
    ...ofInvoice("/edit", it.draft), ...ofInvoice("/approve", it.draft),
    ...ofInvoice("/void", it.open), ...ofInvoice("/credit-note", it.open), ...ofInvoice("/write-off", it.open),
    ...ofInvoice("/pay-link", it.open), ...ofInvoice("/use-credit", it.open),
    ["/credit-notes/{id}", [`/credit-notes/${it.creditNote}`]],
    ["/credit-notes/{id}/void", [`/credit-notes/${it.creditNote}/void`]],
    ["/payments/{id}", [`/payments/${it.payment}`]],
    ["/payment-attempts", ["/payment-attempts", "/payment-attempts?look=1", "/payment-attempts?from=x"]],
    ["/payment-attempts/{id}", it.attempts.map((id) => `/payment-attempts/${id}`)],
    // There is nothing to close: the attempt says so.
    ["/payment-attempts/{id}/dismiss", [`/payment-attempts/${it.attempts[0]}/dismiss`]],
    ["/payment-attempts/notices", ["/payment-attempts/notices", "/payment-attempts/notices?kind=nothing"]],
    ["/payment-attempts/notices/{id}", [`/payment-attempts/notices/${it.notice}`]],
    ...["refund", "return", "release", "allocations", "confirm", "cancel"].map((verb) => [
      `/payments/{id}/${verb}`, [`/payments/${it.payment}/${verb}`],
    ]),
    ["/returns", ["/returns"]],
    ["/account", ["/account"]],
    ["/account/second-factor", ["/account/second-factor"]],
    ["/settings", ["/settings"]],
    ["/settings/operators", ["/settings/operators"]],
    ["/settings/operators/invite", ["/settings/operators/invite"]],
    ["/settings/operators/{id}", [`/settings/operators/${it.operator}`]],
    ["/settings/operators/{id}/remove", [`/settings/operators/${it.operator}/remove`]],
    ["/settings/api-keys", ["/settings/api-keys"]],
    ["/settings/api-keys/new", ["/settings/api-keys/new"]],
    ["/settings/api-keys/{id}/revoke", [`/settings/api-keys/${it.key}/revoke`]],
    ["/settings/gateways", ["/settings/gateways"]],
    ["/settings/gateways/new", ["/settings/gateways/new", "/settings/gateways/new?provider=stripe"]],
    ["/settings/gateways/{id}", [it.gateway, it.provider].map((id) => `/settings/gateways/${id}`)],
    ["/settings/gateways/{id}/remove", [`/settings/gateways/${it.gateway}/remove`]],
    ["/settings/audit-log", ["/settings/audit-log"]],
    ["/brands", ["/brands"]],
    ["/brands/new", ["/brands/new"]],
    ...["", "/sections", "/breakout", "/cdr", "/remove", "/looks", "/looks/publish", "/looks/discard"].flatMap(ofBrand),
    ...["/smtp", "/smtp/remove", "/mails", "/domains"].flatMap(ofBrand),
    // Keys of texts stand on this page by right; those of this part do not look like mistakes.
    ["/brands/{id}/texts", [`/brands/${it.brand}/texts?area=overview`]],
    ["/brands/{id}/looks/{version}/roll-back", [`/brands/${it.brand}/looks/1/roll-back`]],
    ["/brands/{id}/mails/{kind}/{language}", [mail]],
    ["/brands/{id}/mails/{kind}/{language}/reset", [`${mail}/reset`]],
    ["/brands/{id}/texts/{language}/{key}", [`/brands/${it.brand}/texts/en/overview-welcome`]],
    ["/brands/{id}/domains/{host}/remove", [`/brands/${it.brand}/domains/brisa.localhost/remove`]],
    ["/files", ["/files"]],
    ["/files/{id}/remove", [it.file, it.unused].map((id) => `/files/${id}/remove`)],
    ["/ledger", ["/ledger"]],
    ["/voucher-batches", ["/voucher-batches", "/voucher-batches?q=nothing-like-this"]],
    ["/voucher-batches/new", ["/voucher-batches/new"]],
    ["/voucher-batches/{id}", [it.batch, it.bonus].map((id) => `/voucher-batches/${id}`)],
    ["/voucher-batches/{id}/codes", [`/voucher-batches/${it.batch}/codes`]],
    ["/voucher-batches/{id}/void", [`/voucher-batches/${it.batch}/void`]],
    ["/vouchers/{id}", [`/vouchers/${it.voucher}`]],
    ["/vouchers/{id}/void", [`/vouchers/${it.voucher}/void`]],
    ["/approvals", ["/approvals"]],
    ["/approvals/{id}", [`/approvals/${it.waiting}`]],
    ["/mailbox", ["/mailbox"]],
    ["/mailbox/{id}", it.mails],
  ]);
}

test("every page of the table of routes is looked at", async () => {
  await mailOperator("support");
  const list = await (await fetch(`${demo.panel_url}/mailbox`)).text();
  records.mails = [list.match(/\/mailbox\/[0-9a-f-]+/)[0]];
  const routes = execFileSync(PROGRAM, ["routes"]).toString().trim().split("\n").map((line) => line.split(/\s+/));
  const pages = routes.filter(([site, method, access]) => site === "panel" && method === "GET" && PEOPLE.test(access));
  const known = [...addresses(records).keys(), ...PARTS, ...WAYS_IN];
  assert.deepEqual(pages.map(([, , , path]) => path).toSorted(), known.toSorted());
});

for (const language of LANGUAGES) {
  test(`signed in, in ${language}`, async () => {
    const all = [...addresses(records).values()].flat();
    await together(language, [...all, "/customers/cus_00000000000000000000000000000000", "/nothing-here"], async (look, address) => {
      await look.page.goto(demo.panel_url + address);
      await look.at(address);
    });
  });

  test(`ways in, in ${language}`, async () => {
    const { context, page, faults } = await visitor(browser, { locale: language });
    const look = looker(page, language);
    const at = async (address) => {
      await page.goto(new URL(address, demo.panel_url).href);
      await look.at(new URL(page.url()).pathname.replace(/[\w-]{30,}/, "…"));
    };
    await at("/sign-in");
    await page.locator("[name=email]").fill(owner.email);
    await page.locator("[name=password]").fill("wrong");
    await follow(page, page.locator("main form button[type=submit]"));
    await look.at("/sign-in refused");
    await at("/password/forgot");
    await page.locator("[name=email]").fill(owner.email);
    await follow(page, page.locator("main form button[type=submit]"));
    await look.at("/password/forgot sent");
    await at(await mailedLink(demo, "/password/reset/", owner.email));
    await at(await mailedLink(demo, "/invitation/", await mailOperator(language)));
    for (const over of ["/set-up", "/invitation", "/password/reset"]) await at(`${over}/nothing`);
    assert.deepEqual([look.problems, faults], [[], []]);
    await context.close();
  });

  test(`a second factor, in ${language}`, async () => {
    const account = demo.organisations[1].operators[LANGUAGES.indexOf(language)];
    const { context, page, faults } = await operator(demo, browser, account, { locale: language });
    const look = looker(page, language);
    await page.goto(`${demo.panel_url}/account/second-factor`);
    const secret = await page.locator("code.secret").textContent();
    const code = () => page.locator("[name=code]").fill(authenticatorCode(secret));
    await code();
    await follow(page, page.locator("main form button[type=submit]"));
    await look.at("recovery codes");
    for (const path of ["/account", "/account/recovery-codes", "/account/second-factor/off"]) {
      await page.goto(demo.panel_url + path);
      await look.at(`${path} with a second factor`);
    }
    await context.clearCookies();
    await page.goto(`${demo.panel_url}/sign-in`);
    await page.locator("[name=email]").fill(account.email);
    await page.locator("[name=password]").fill(account.password);
    await follow(page, page.locator("main form button[type=submit]"));
    await look.at("/sign-in/code");
    assert.deepEqual([look.problems, faults], [[], []]);
    await context.close();
  });
}

test("forms with faults", async () => {
  await together("es", FORMS(records), async (look, [address, name]) => {
    await look.page.goto(demo.panel_url + address);
    const field = look.page.locator(`main [name='${name}']`);
    await field.fill("");
    // As the Enter key does: by the first button of the form.
    const press = () => field.evaluate(({ form }) => form.requestSubmit(form.querySelector("[type=submit]")));
    await Promise.all([look.page.waitForEvent("domcontentloaded"), press()]);
    assert.ok(await look.page.locator(".field-fault, .alert[data-kind=danger]").count(), "it takes anything");
    await look.at(`${address} with a fault`);
  });
});

test("what somebody may not do is refused in a page of its own", async () => {
  const support = organisation.operators.find(({ role }) => role === "support");
  const { context, page } = await operator(demo, browser, support, { locale: "en" });
  const look = looker(page, "en");
  for (const path of ["/brands", "/settings/operators"]) {
    assert.equal((await page.goto(demo.panel_url + path)).status(), 403, path);
    await look.at(`${path} refused`);
  }
  assert.deepEqual(look.problems, []);
  await context.close();
});

/** Shares pages among windows in which the owner has signed in. */
async function together(language, all, visit) {
  const left = [...all];
  const problems = await Promise.all(Array.from({ length: WINDOWS }, async () => {
    const { context, page, faults, foreign } = await operator(demo, browser, owner, { locale: language });
    const look = looker(page, language);
    for (let next = left.shift(); next; next = left.shift()) {
      await visit(look, next).catch((error) => look.problems.push(`${next}: ${error.message}`));
    }
    await context.close();
    return [...look.problems, ...faults, ...foreign];
  }));
  assert.deepEqual(problems.flat(), []);
}

/** Looks at what is open in a window, and keeps what is wrong with it. */
function looker(page, language) {
  const problems = [];
  const at = async (name) => {
    const spoken = await page.locator("html").getAttribute("lang");
    if (spoken !== language) problems.push(`${name} speaks ${spoken}, not ${language}`);
    const shoot = (theme, device) => {
      const path = `${SHOTS}/panel${name.replaceAll(/\W+/g, "_")}-${language}-${theme}-${device}.png`;
      return SHOTS && page.screenshot({ path, fullPage: true });
    };
    await inspect(page, `${name} ${language}`, shoot, THEMES[language]).catch((error) => {
      problems.push(`${error.message.split("\n")[0]} ${error.actual ?? ""}`);
    });
  };
  return { page, at, problems };
}

/** Invites an operator; the answer is where the mail goes. */
async function mailOperator(name) {
  const email = `${name}@new.example`;
  await api(demo, organisation, "POST", "/operators", { email, name, role: "support" });
  await mailedLink(demo, "/invitation/", email);
  return email;
}
