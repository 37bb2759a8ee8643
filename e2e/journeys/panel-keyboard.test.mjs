// The staff's main tasks with the keyboard alone. Wherever the keyboard goes, one sees where it is.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, startDemo } from "../support/demo.mjs";
import { launch, tabTo, visitor } from "../support/browser.mjs";

const CUSTOMER = "Aurora Robotics";
const KEBAB = "#page-actions > details > summary[aria-label]";
let demo, browser, page, context, faults;

before(async () => {
  demo = await startDemo();
  browser = await launch();
  await api(demo, demo.organisations[0], "POST", "/brands", { name: "Brisa", host: "brisa.localhost" });
  ({ context, page, faults } = await visitor(browser, { locale: "en-GB" }));
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

test("signing in", async () => {
  const [{ email, password }] = demo.organisations[0].operators;
  await page.goto(`${demo.panel_url}/sign-in`);
  await to("input[name=email]");
  await page.keyboard.type(email);
  await to("input[name=password]");
  await page.keyboard.type(password);
  await enter();
  assert.equal(page.url(), `${demo.panel_url}/`);
});

test("the first stop leads past the menu", async () => {
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.matches(".skip-link")), "the first stop");
  await shown();
  const { x, y } = await page.locator(".skip-link").boundingBox();
  assert.ok(x >= 0 && y >= 0, "it is in the window");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "main");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.closest("main")), "on to the content");
});

test("a customer is found and opened", async () => {
  await page.goto(demo.panel_url);
  await to("#top-search");
  await page.keyboard.type(CUSTOMER.slice(0, 6));
  await enter();
  assert.equal(new URL(page.url()).pathname, "/search");
  await to("main a[href^='/customers/']:not([href*='?'])");
  await enter();
  assert.match(await page.locator("h1").innerText(), new RegExp(CUSTOMER));
});

test("the menu of the customer opens, closes on Escape, and opens its portal", async () => {
  const customer = page.url();
  await to(KEBAB);
  await page.keyboard.press("Enter");
  await to("a[href$='/portal']");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#page-actions > details[open]").count(), 0, "it is closed");
  assert.ok(await page.evaluate((kebab) => document.activeElement.matches(kebab), KEBAB), "and the keyboard is where it was");
  await page.keyboard.press("Space");
  await to("a[href$='/portal']");
  await enter();
  await to("input[name=mode]");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.locator("input[name=mode]:checked").getAttribute("value"), "act");
  await page.keyboard.press("ArrowUp");
  await to("main button[type=submit]");
  await enter();
  await page.locator(".staff-banner").waitFor();
  assert.match(await page.locator(".shell").first().innerText(), new RegExp(CUSTOMER));
  await page.goto(customer);
});

test("a customer is changed", async () => {
  await choose("a[href$='/edit']");
  await to("input[name=phone]");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("+49 30 901820");
  await enter();
  await page.locator(".toast[data-kind=success]").waitFor();
  await choose("a[href$='/edit']");
  assert.equal(await page.locator("input[name=phone]").inputValue(), "+49 30 901820");
  await page.goBack();
});

test("a faulty form leads to its faults, and from there to the field", async () => {
  await choose("a[href$='/payments/new']");
  await to("input[name=amount]");
  await enter();
  assert.equal(await page.evaluate(() => document.activeElement.role), "alert", "what is wrong comes first");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.name === "amount");
  await shown();
});

test("a payment is recorded, after a look at it", async () => {
  await page.keyboard.type("12.50");
  await to("input[name=reference]");
  await page.keyboard.type("KEYBOARD-1");
  await enter();
  await to("button[name=do][value=sure]");
  await enter();
  assert.match(new URL(page.url()).pathname, /^\/payments\//);
  assert.match(await page.locator("main").innerText(), /KEYBOARD-1/);
});

test("a question holds the keyboard until it is answered or left", async () => {
  await page.goto(`${demo.panel_url}/brands`);
  await page.getByRole("link", { name: "Brisa" }).focus();
  await enter();
  const opener = "[data-dialog='remove-brand']";
  await to(opener);
  await page.keyboard.press("Enter");
  const dialog = page.locator("dialog[open]");
  await dialog.waitFor();
  for (let presses = 0; presses < 8; presses += 1) {
    // Between its last stop and its first one is the browser's own frame.
    const where = await page.evaluate(() => document.activeElement.closest("dialog, body").localName);
    const isOut = where === "body" && !(await page.evaluate(() => document.activeElement === document.body));
    assert.ok(!isOut, "the keyboard left the question");
    await page.keyboard.press("Tab");
  }
  await to("dialog[open] button[formmethod=dialog]");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.ok(await page.evaluate((opener) => document.activeElement.matches(opener), opener), "back where it was opened");
  await page.keyboard.press("Enter");
  await to("dialog[open] button[data-kind=danger]");
  await enter();
  await page.locator(".toast[data-kind=success]").waitFor();
  assert.doesNotMatch(await page.locator("main").innerText(), /Brisa/);
});

test("in a list, rows are opened and columns sorted", async () => {
  await page.goto(`${demo.panel_url}/customers`);
  await to("#sort-name");
  await page.keyboard.press("Enter");
  await page.locator("th[aria-sort]:has(#sort-name)").waitFor();
  assert.ok(await page.evaluate(() => document.activeElement.id === "sort-name"), "the keyboard stays on the column");
  await to("a.row-link");
  await enter();
  assert.match(new URL(page.url()).pathname, /^\/customers\/./);
  assert.deepEqual(faults, []);
  await context.close();
});

/** Goes by Tab to what matches, and sees that one sees it. */
async function to(selector) {
  await tabTo(page, selector);
  await shown();
}

/** Opens the menu of the customer and takes what leads there. */
async function choose(link) {
  await to(KEBAB);
  await page.keyboard.press("Enter");
  await to(`details[open] ${link}`);
  await enter();
}

/** Presses Enter, and waits for the page that follows. */
async function enter() {
  await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press("Enter")]);
}

/** What has the keyboard is marked, and in the window. */
async function shown() {
  const it = await page.evaluate(() => {
    const element = document.activeElement;
    // Links of rows have their frame around the row.
    const isMarked = [null, "::after"].some((part) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element, part);
      return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    });
    const { top, bottom } = element.getBoundingClientRect();
    return { isMarked, isSeen: bottom > 0 && top < innerHeight, html: element.outerHTML.slice(0, 120) };
  });
  assert.ok(it.isMarked, `one does not see that the keyboard is on ${it.html}`);
  assert.ok(it.isSeen, `out of the window: ${it.html}`);
}
