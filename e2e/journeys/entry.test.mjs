// Ways in and out: mailed links, passwords, links that ended, brands that stay apart, and secrets
// that stay out of addresses.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { api, startDemo } from "../support/demo.mjs";
import { enter, launch, signIn, visitor } from "../support/browser.mjs";
import { mailedLink, mailedPassword } from "../support/mailbox.mjs";

let demo, browser, organisation, brand;

before(async () => {
  demo = await startDemo();
  browser = await launch();
  [organisation] = demo.organisations;
  [brand] = organisation.brands;
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

test("a mailed link signs in by its button, and scanners neither burn it nor get a session", async () => {
  const contact = brand.contacts[2];
  const { context, page } = await visitor(browser);
  await askForLink(page, contact.email);
  const link = await mailedLink(demo, "/sign-in/link?token=", contact.email);
  for (let scans = 0; scans < 5; scans += 1) {
    for (const method of ["HEAD", "GET"]) {
      const response = await fetch(link, { method, redirect: "manual" });
      const cookies = response.headers.getSetCookie().filter((cookie) => /^(__Host-)?portico=/.test(cookie));
      assert.deepEqual(cookies, [], "a scanner got a session");
    }
  }
  await page.goto(link);
  await page.locator("main form button[type=submit]").click();
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto(link);
  assert.equal(await page.locator("main form[action*='enter']").count(), 0, "used links offer no button");
  await context.close();
});

test("a forgotten password is replaced, and other sessions end", async () => {
  const contact = brand.contacts[3];
  const { context, page } = await visitor(browser);
  await signIn(page, brand, contact);
  const other = await visitor(browser);
  await other.page.goto(`${brand.url}/password/forgot`);
  await other.page.locator("input[name=email]").fill(contact.email);
  await other.page.locator("main form button[type=submit]").click();
  await other.page.waitForLoadState();
  await other.page.goto(await mailedLink(demo, "/password/reset?token=", contact.email));
  const fresh = "a longer walk by the sea 7";
  await other.page.locator("input[name=password], input[name=new_password]").fill(fresh);
  await other.page.locator("main form button[type=submit]").click();
  await other.page.waitForURL((url) => !url.pathname.startsWith("/password/reset"));
  await page.goto(`${brand.url}/invoices`);
  assert.equal(await page.locator("table").count(), 0, "the older session is over");
  await signIn(page, brand, { ...contact, password: fresh });
  await context.close();
  await other.context.close();
});

test("a temporary password is mailed, and lets nobody in before another one is chosen", async () => {
  const contact = brand.contacts[2];
  const query = `/contacts?email=${encodeURIComponent(contact.email)}`;
  const [{ id }] = (await api(demo, organisation, "GET", query)).data;
  await api(demo, organisation, "POST", `/contacts/${id}/temporary-password`, {});
  const temporary = { ...contact, password: await mailedPassword(demo, contact.email) };
  const { context, page } = await visitor(browser);
  await page.goto(`${brand.url}/invoices`);
  await enter(page, temporary);
  await page.waitForURL((url) => url.pathname === "/password/reset");
  await page.locator(".alert, .toast").getByText("choose a password of your own").waitFor();
  const cookies = (await context.cookies()).map((cookie) => cookie.name);
  assert.ok(!cookies.some((name) => /^(__Host-)?portico$/.test(name)), "no session before that");
  await page.locator("input[name=new_password]").fill("a longer walk by the lake 8");
  await page.locator("main form button[type=submit]").click();
  await page.waitForURL(`${brand.url}/invoices`);
  await context.clearCookies();
  await page.goto(`${brand.url}/sign-in`);
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await page.locator("input[name=email]").fill(temporary.email);
  await page.locator("input[name=password]").fill(temporary.password);
  await page.locator("input[name=password]").press("Enter");
  assert.equal((await answer).status(), 401, "it worked once");
  await context.close();
});

test("the same answer whether an address is known or not", async () => {
  const { context, page } = await visitor(browser);
  const answers = [];
  for (const email of [brand.contacts[4].email, "nobody@nowhere.example"]) {
    await askForLink(page, email);
    answers.push((await page.locator("main").innerText()).replaceAll(email, "…"));
  }
  assert.equal(answers[0], answers[1]);
  await context.close();
});

test("signed out, a deep link leads through signing in to its page", async () => {
  const { context, page } = await visitor(browser);
  await page.goto(`${brand.url}/invoices?status=paid&sort=total`);
  assert.equal(new URL(page.url()).pathname, "/sign-in");
  await enter(page, brand.contacts[0]);
  assert.equal(page.url(), `${brand.url}/invoices?status=paid&sort=total`);
  assert.equal(await page.locator("select[name=status]").inputValue(), "paid");
  await context.close();
});

test("a session that was revoked ends with a page that leads on", async () => {
  const { context, page } = await visitor(browser);
  const session = await openSession(page, brand.contacts[0]);
  await api(demo, organisation, "DELETE", `/portal-sessions/${session.id}`);
  await page.locator("nav a[href='/invoices']").first().click();
  await page.waitForURL(/\/invoices$/);
  const main = page.locator("main");
  assert.match(await main.innerText(), /session has ended/i);
  assert.equal(await main.locator(`a[href='${session.return_url}']`).count(), 1, "a way back");
  await main.locator("a[href^='/sign-in']").click();
  await enter(page, brand.contacts[0]);
  assert.equal(page.url(), `${brand.url}/invoices`, "on to where one wanted to go");
  await context.close();
});

test("the token of a link stays out of addresses, referrers and pages", async () => {
  const { context, page, foreign } = await visitor(browser);
  const asked = [];
  context.on("request", async (request) => asked.push([request.url(), (await request.allHeaders()).referer ?? ""]));
  const session = await openSession(page, brand.contacts[0]);
  const token = new URL(session.url).pathname.split("/").pop();
  assert.equal(page.url(), `${brand.url}/`);
  assert.ok(!(await page.content()).includes(token));
  await page.locator("nav a[href='/invoices']").first().click();
  await page.waitForURL(/\/invoices$/);
  await page.locator(".brand:visible").click();
  await page.waitForURL(session.return_url);
  const own = (address) => address.includes(token);
  assert.deepEqual(asked.filter(([url]) => own(url)).map(([url]) => url), [session.url], "asked for once");
  assert.deepEqual(asked.filter(([, referrer]) => own(referrer)), [], "told to nobody");
  const outside = asked.filter(([url]) => foreign.includes(url)).map(([, referrer]) => referrer);
  assert.deepEqual(outside.filter((referrer) => new URL(referrer || brand.url).pathname !== "/"), [], "no paths to strangers");
  await page.goBack();
  assert.ok(!page.url().includes(token), "not in the history either");
  await context.close();
});

test("brands stay apart", async () => {
  const [voxtel] = demo.organisations[1].brands;
  const { context, page } = await visitor(browser);
  await signIn(page, brand, brand.contacts[0]);
  const cookies = await context.cookies(brand.url);
  const session = cookies.find((cookie) => cookie.name === "portico");
  assert.ok(session.httpOnly && session.sameSite === "Lax" && session.domain === "localhost");
  await context.addCookies([{ ...session, domain: "voxtel.localhost" }]);
  for (const address of ["/", "/invoices", "/profile"]) {
    await page.goto(voxtel.url + address);
    const html = await page.content();
    assert.ok(!html.includes("Aurora") && !html.includes(brand.name), `${address} shows the other brand`);
    assert.equal(await page.locator(".shell").count(), 0, `${address} opens with the other brand's cookie`);
  }
  await page.goto(`${brand.url}/invoices`);
  assert.ok(await page.locator("table").count(), "and where it belongs it still works");
  await context.close();
});

test("an unknown host gets nobody's brand", () => {
  const answer = execFileSync("curl", ["-si", "-H", "Host: unknown.example", `${demo.portal_url}/invoices`]).toString();
  assert.match(answer, /^HTTP\/1\.1 421 /);
  for (const { name } of demo.organisations) assert.ok(!answer.includes(name), `it names ${name}`);
});

async function askForLink(page, email) {
  await page.goto(`${brand.url}/sign-in`);
  await page.locator("input[name=email]").fill(email);
  await page.locator("button[formaction='/sign-in/link']").click();
  await page.waitForURL(/\/sign-in\/link$/);
}

/** A session of the organisation's making, opened by its link. */
async function openSession(page, { customer_id }) {
  const wanted = { customer_id, return_url: `${new URL(brand.return_url).origin}/account/billing` };
  const session = await api(demo, organisation, "POST", "/portal-sessions", wanted);
  await page.goto(session.url);
  await page.waitForURL((url) => url.pathname === "/");
  return session;
}
