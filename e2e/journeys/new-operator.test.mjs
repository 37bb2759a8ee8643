// As a new operator: from the first start to a second brand on its own host name, with logo,
// colours, sections, style sheet, script, mail server, words and certificate. All in the control
// panel, by a browser; mail, names and certificates by real servers.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import tls from "node:tls";
import { keyHash } from "../support/authority.mjs";
import { enter, follow, inspect, launch, visitor } from "../support/browser.mjs";
import { startInstallation } from "../support/installation.mjs";
import { until } from "../support/program.mjs";

const HOST = "billing.brisa.test";
const OWNER = { email: "owner@aurora.example", password: "four lamps in a quiet harbour" };
const CONTACT = { email: "ines@marlin.example", password: "nine oranges under the bridge" };
const ACCENT = "#7a1fa2";
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="100">
  <rect width="400" height="100" rx="20" fill="#7a1fa2"/></svg>`;
const SCRIPT = "document.documentElement.dataset.brandScript = 'ran'";
const CSS = ".card { border-width: 3px }";

let site, browser, portalUrl;
let stopped = false;
/** The operator's window, and what went wrong in it. */
let page, faults, foreign;

before(async () => {
  site = await startInstallation();
  portalUrl = `https://${HOST}:${site.tls}`;
  browser = await launch({ host: HOST, issuer: keyHash(site.authority.issuer) });
  ({ page, faults, foreign } = await visitor(browser));
});

after(async () => {
  await browser?.close();
  assert.equal(await site?.stop(), 0, "an orderly end");
});

step("the link of the log sets up the owner, once", async () => {
  const [link] = site.log().match(/http:\/\/localhost:\d+\/set-up\/[\w-]+/);
  await page.goto(site.panelUrl);
  assert.equal(new URL(page.url()).pathname, "/sign-in", "nobody is let in without it");
  await page.goto(link);
  await inspect(page, "the set-up");
  await fill({ organisation: "Aurora Labs", name: "Olga Owner", email: OWNER.email, new_password: OWNER.password });
  await submit();
  assert.equal(page.url(), `${site.panelUrl}/`);
  await seen(page.locator("main"), /Aurora Labs/);
  await page.goto(link);
  assert.equal(await page.locator("input[name=new_password]").count(), 0, "it works once");
});

step("the organisation is described", async () => {
  await page.goto(site.panelUrl);
  await menu("Settings");
  await fill({ legal_name: "Aurora Labs, S.L.", line1: "Calle Mayor 1", city: "Madrid", invoice_prefix: "AL-" });
  await page.getByLabel("Country").selectOption({ label: "Spain" });
  await saved();
  assert.equal(await page.locator("[name=legal_name]").inputValue(), "Aurora Labs, S.L.");
});

step("a customer and somebody of it are added", async () => {
  await menu("Customers");
  await follow(page, page.getByRole("link", { name: "New customer" }));
  await fill({ name: "Marlin Boats" });
  await submit();
  await seen(page.locator("h1"), /Marlin Boats/);
  await tab("Contacts");
  await follow(page, page.locator(".page-actions > a"));
  await fill({ name: "Inés Marín", email: CONTACT.email });
  await submit();
  await seen(page.locator("main"), /Inés Marín/);
});

step("a second brand is added", async () => {
  await menu("Portals");
  await seen(page.locator("tbody"), /Aurora Labs|localhost/);
  await follow(page, page.getByRole("link", { name: "New portal" }));
  await fill({ name: "Brisa", host: HOST });
  await submit();
  await seen(page.locator(".tabs [aria-current=page]"), /Domains/);
});

step("Domains: the record to set is shown, and what the DNS says of it", async () => {
  const state = page.locator(".card", { hasText: HOST });
  await follow(page, page.getByRole("button", { name: `Check now ${HOST}` }));
  await page.locator(".toast[data-kind=warning]").waitFor();
  await seen(state, /portal\.example\.test/);
  const target = await page.locator(".domain-record .copy code").innerText();
  await site.dns.point(HOST, target);
  await follow(page, page.getByRole("button", { name: `Check now ${HOST}` }));
  await page.locator(".toast[data-kind=success]").waitFor();
});

step("Basic: addresses, and what customers may edit", async () => {
  await tab("Basic");
  await fill({ home_url: "https://brisa.example/account", return_origins: "https://brisa.example" });
  await page.locator("[name=field_phone]").uncheck();
  await saved();
  assert.equal(await page.locator("[name=field_phone]").isChecked(), false);
});

step("User access area: two sections are hidden", async () => {
  await tab("User access area");
  for (const section of ["contracts", "entitlements"]) await page.locator(`[name=${section}]`).uncheck();
  await saved();
});

for (const report of ["Breakout", "CDR"]) {
  step(`${report}: columns are chosen and put in order`, async () => {
    await tab(report);
    const names = page.locator("tbody .cell-title");
    const [first, second] = await names.allInnerTexts();
    await follow(page, page.locator("[value^='down:']").first());
    await page.locator("tbody [type=checkbox]:checked").last().uncheck();
    await saved();
    assert.deepEqual((await names.allInnerTexts()).slice(0, 2), [second, first]);
  });
}

step("Advanced: a logo, a colour, a style sheet and a script, seen beside the form and published", async () => {
  await tab("Advanced");
  await follow(page, page.getByRole("link", { name: "Upload pictures" }));
  await page.setInputFiles("#f-file", { name: "brisa.svg", mimeType: "image/svg+xml", buffer: Buffer.from(LOGO) });
  await submit("form[enctype] button[type=submit]");
  await page.goto(await brandPage("looks"));
  const preview = page.frameLocator("iframe[data-preview-frame]");
  await page.locator("input[name=logo]").nth(1).check();
  await preview.locator(".side .brand-logo").waitFor();
  await fill({ accent: ACCENT, css: CSS, script: SCRIPT });
  await until("the colour in the preview", () => isInAccent(page.locator("iframe[data-preview-frame]")));
  await saved("Save draft");
  await follow(page, page.getByRole("link", { name: "Publish" }));
  await submit();
  await page.locator(".toast[data-kind=success]").waitFor();
});

step("SMTP: a test mail arrives, and the settings are saved", async () => {
  await tab("SMTP");
  const server = { server: "127.0.0.1", port: String(site.mail.port), from_address: "pay@brisa.example", from_name: "Brisa" };
  await fill(server);
  await page.locator("[name=security][value=unencrypted]").check();
  await follow(page, page.getByRole("button", { name: "Send a test mail" }));
  await page.locator(".alert[data-kind=success]").waitFor();
  const mail = await site.mail.mail(OWNER.email, "Test mail");
  assert.deepEqual([mail.from, mail.name], ["pay@brisa.example", "Brisa"]);
  await saved();
});

step("Mail templates: a mail gets its own words, with a preview", async () => {
  await tab("Mail templates");
  await follow(page, page.getByRole("link", { name: /New password.*English/ }));
  await fill({ subject: "Your key to {{brand}}" });
  const body = await page.locator("[name=body]").inputValue();
  await fill({ body: `Ahoy!\n\n${body}` });
  await page.frameLocator("iframe[name=mail-preview]").getByText("Ahoy!").waitFor();
  await saved();
});

step("Texts: one of the portal's texts gets its own words", async () => {
  await page.goto(await brandPage("texts"));
  await page.getByLabel("Search by words or key").fill("overview-welcome");
  await follow(page, page.locator("#texts tr", { hasText: "overview-welcome" }).locator("a"));
  await fill({ text: "Ahoy, { $name }" });
  await saved();
});

step("the customer is attached to the brand, and its contact is mailed by it", async () => {
  await menu("Customers");
  await follow(page, page.getByRole("link", { name: "Marlin Boats" }));
  await page.locator("summary[aria-label]", { has: page.locator("svg") }).last().click();
  await follow(page, page.getByRole("link", { name: "Edit customer" }));
  await page.locator("[name=brand_id]").selectOption({ label: "Brisa" });
  await submit();
  await tab("Contacts");
  await follow(page, page.getByRole("link", { name: "Inés Marín" }));
  await follow(page, page.locator("form[action$='/password-link'] button"));
  const mail = await site.mail.mail(CONTACT.email, "Your key to Brisa");
  assert.equal(mail.from, "pay@brisa.example");
  assert.ok(mail.text.startsWith("Ahoy!"), mail.text);
  CONTACT.link = mail.text.match(/https?:\/\/\S+/)[0];
  assert.equal(new URL(CONTACT.link).origin, portalUrl, "the link leads to the brand's own name");
});

step("Domains: the certificate is there by itself", async () => {
  await page.goto(await brandPage("domains"));
  // The page renews itself while the certificate is waited for.
  await page.getByText(/Valid until/).waitFor({ timeout: 60_000 });
  assert.deepEqual(faults, []);
  assert.deepEqual(foreign, []);
});

step("the portal answers by HTTPS with a certificate of the authority for the brand's name", async () => {
  const certificate = await until("the certificate", handshake);
  assert.equal(certificate.subjectaltname, `DNS:${HOST}`);
  assert.match(certificate.issuer.CN, /^Pebble Intermediate/);
  await assert.rejects(handshake("localhost"), "no certificate for another name");
});

step("the contact signs in there, and finds the brand", async () => {
  const visit = await visitor(browser, { host: HOST });
  const portal = visit.page;
  const ran = () => portal.evaluate(() => document.documentElement.dataset.brandScript);
  await portal.goto(CONTACT.link);
  await portal.locator("[name=new_password]").fill(CONTACT.password);
  await follow(portal, portal.locator("main form button[type=submit]"));
  await portal.goto(`${portalUrl}/sign-in`);
  if (portal.url().endsWith("/sign-in")) {
    assert.equal(await ran(), undefined, "no script where one signs in");
    await enter(portal, CONTACT);
  }
  assert.equal(portal.url(), `${portalUrl}/`);
  await seen(portal.locator("h1"), /^Ahoy, /);
  await portal.waitForFunction(() => document.documentElement.dataset.brandScript === "ran");
  const logo = portal.locator(".side .brand-logo");
  assert.ok(await logo.evaluate((image) => image.complete && image.naturalWidth > 0), "the logo");
  assert.equal(await logo.getAttribute("alt"), "Brisa");
  assert.ok(await isInAccent(portal.locator("html")), "the colour");
  assert.equal(await portal.locator(".card").first().evaluate((card) => getComputedStyle(card).borderTopWidth), "3px");
  const links = await portal.locator(".side-nav a").evaluateAll((all) => all.map((link) => link.pathname));
  assert.ok(links.includes("/invoices") && links.includes("/subscriptions"), links.join());
  for (const hidden of ["/contracts", "/entitlements"]) {
    assert.ok(!links.includes(hidden), `${hidden} in the menu`);
    assert.equal((await portal.goto(portalUrl + hidden)).status(), 404, hidden);
  }
  await portal.goto(`${portalUrl}/profile`);
  assert.equal(await portal.locator("input[name=phone]:enabled").count(), 0, "the phone is not theirs to edit");
  await portal.goto(portalUrl);
  await inspect(portal, "the brand's overview");
  assert.deepEqual([visit.faults, visit.foreign], [[], []]);
});

step("the first brand is as it was", async () => {
  const visit = await visitor(browser);
  await visit.page.goto(`${site.portalUrl}/sign-in`);
  assert.equal(await visit.page.locator(".brand-logo").count(), 0);
  await visit.page.locator("input[name=email]").fill(CONTACT.email);
  await visit.page.locator("input[name=password]").fill(CONTACT.password);
  await submit("main form button[type=submit]:not([formaction])", visit.page);
  assert.equal(new URL(visit.page.url()).pathname, "/sign-in", "contacts of one brand are strangers to another");
});

/** One step of the journey. There is none after one that failed. */
function step(name, walk) {
  test(name, async (t) => {
    if (stopped) return t.skip("the step before failed");
    stopped = true;
    await walk();
    stopped = false;
  });
}

/** Types into fields of the page, by their names. */
async function fill(values) {
  for (const [name, value] of Object.entries(values)) await page.locator(`main [name='${name}']`).fill(value);
}

/** Sends a form; without a fault that it would come back with. */
async function submit(button = "main form.form button[type=submit]:not([tabindex])", at = page) {
  await follow(at, at.locator(button).first());
  const refused = await at.locator("[aria-invalid=true], .field-fault").allInnerTexts();
  assert.deepEqual(refused, []);
}

/** Saves a form, and sees that it says so. */
async function saved(name = "Save changes") {
  await follow(page, page.locator("main").getByRole("button", { name, exact: true }));
  assert.deepEqual(await page.locator(".field-fault").allInnerTexts(), []);
  await page.locator(".toast[data-kind=success]").waitFor();
}

function menu(name) {
  return follow(page, page.locator(".side-nav").getByRole("link", { name, exact: true }));
}

function tab(name) {
  return follow(page, page.locator(".tabs").getByRole("link", { name, exact: true }));
}

/** The address of another tab of the brand, where the page that is open has no tabs. */
async function brandPage(name) {
  await menu("Portals");
  await follow(page, page.getByRole("link", { name: "Brisa", exact: true }));
  return `${page.url()}/${name}`;
}

async function seen(locator, pattern) {
  assert.match(await locator.innerText(), pattern);
}

/** Whether a page, or that of a frame, is in the colour that was chosen. */
function isInAccent(locator) {
  return locator.evaluate((element, accent) => {
    const root = element.contentDocument?.documentElement ?? element;
    return getComputedStyle(root).getPropertyValue("--accent").includes(accent);
  }, ACCENT);
}

/** The certificate that a name is answered with, if the authority's root is all that is trusted. */
function handshake(servername = HOST) {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: site.tls, servername, ca: site.authority.root };
    const socket = tls.connect(options, () => {
      const certificate = socket.getPeerCertificate(true);
      socket.end();
      resolve({ ...certificate, issuer: certificate.issuer });
    });
    socket.once("error", reject);
  });
}
