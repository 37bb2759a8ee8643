// Chromium, and what every page must be.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const TIMEOUT = 15_000;
/** A folder for pictures of each page that is inspected; none are made without it. */
const PICTURES = process.env.E2E_PICTURES;

/** The sizes of window in which a page is looked at. */
export const DEVICES = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
};
/** The themes in which it is looked at there. */
const BOTH = { desktop: ["light", "dark"], phone: ["light", "dark"] };
/** Smaller than any phone that is sold; also what 400 % zoom leaves of a common screen. */
const NARROWEST = { width: 320, height: 640 };

/**
 * Starts the browser of the system. `host` is a name that leads to this machine as well, and
 * `issuer` the hash of the key by which its certificate is signed.
 */
export function launch({ host, issuer } = {}) {
  const own = host ? `MAP ${host} 127.0.0.1, ` : "";
  return chromium.launch({
    executablePath: process.env.E2E_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
      "--no-first-run", "--disable-background-networking", "--disable-component-update",
      "--disable-sync", `--host-resolver-rules=${own}MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost`,
      ...(issuer ? [`--ignore-certificate-errors-spki-list=${issuer}`] : []),
    ],
  });
}

/** A visitor of its own: nothing but this machine is reachable, and what is asked for is noted. */
export async function visitor(browser, { host, ...options } = {}) {
  const context = await browser.newContext({ locale: "en-GB", bypassCSP: false, ...options });
  context.setDefaultTimeout(TIMEOUT);
  const foreign = [];
  const faults = [];
  await context.route(/.*/, (route) => {
    const url = new URL(route.request().url());
    const isHere = ["localhost", host].includes(url.hostname) || url.hostname.endsWith(".localhost");
    if (isHere) return route.continue();
    foreign.push(url.href);
    return route.fulfill({ status: 200, contentType: "text/html", body: "<title>elsewhere</title>" });
  });
  const page = await context.newPage();
  page.on("response", (response) => {
    if (response.status() >= 500) faults.push(`status ${response.status()}: ${response.url()}`);
  });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    // Refusals are part of the journeys; what is worse is noted above, with its address.
    const refused = /status of [45]\d\d/.test(text);
    if (message.type() === "error" && !refused) faults.push(`console: ${text}`);
  });
  return { context, page, foreign, faults };
}

/** Signs in with e-mail and password. */
export async function signIn(page, brand, contact) {
  await page.goto(`${brand.url}/sign-in`);
  await enter(page, contact);
}

/** Fills in the sign-in page that is open, and sends it. */
export async function enter(page, { email, password }) {
  await page.locator("input[name=email]").fill(email);
  await page.locator("input[name=password]").fill(password);
  await page.locator("button[type=submit]:not([formaction])", { hasText: /sign in|iniciar/i }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}

/** Presses what leads to another page, and waits for that page. */
export async function follow(page, control) {
  await Promise.all([page.waitForEvent("domcontentloaded"), control.click()]);
}

/** Presses a button of the language or theme switch, opening the account menu where it is in one. */
export async function switchTo(page, name, value) {
  const button = page.locator(`button[name=${name}][value=${value}]`);
  if (!(await button.isVisible())) await openAccountMenu(page);
  await follow(page, button);
}

/** Opens the menu at the top right. */
export async function openAccountMenu(page) {
  await page.locator("details.top-profile > summary").click();
}

/** Whether an element comes to be where the keyboard is, by Tab alone. */
export async function tabTo(page, selector) {
  for (let presses = 0; presses < 80; presses += 1) {
    const there = await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector);
    if (there) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${selector} cannot be reached by the keyboard`);
}

/**
 * What must hold on every page, in these themes and at every width: accessible, no wider than the
 * window, texts in place of their keys. `each` is called once per theme and device.
 */
export async function inspect(page, name, each = async () => {}, themes = BOTH) {
  const keys = await page.evaluate(
    () => document.body.innerText.match(/\b(fault|notice|error|entry|nav|label|action)-[a-z-]+\b/g) ?? [],
  );
  assert.deepEqual(keys, [], `${name}: message keys in place of texts`);
  for (const [device, size] of Object.entries(DEVICES)) {
    await page.setViewportSize(size);
    await page.evaluate(settle);
    await fits(page, `${name} ${device}`);
    for (const theme of themes[device]) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.evaluate(settle);
      await each(theme, device);
      await picture(page, `${name} ${device} ${theme}`);
      assert.deepEqual(await violations(page), [], `${name} ${theme} ${device}: accessibility`);
    }
  }
  await page.setViewportSize(NARROWEST);
  await page.evaluate(settle);
  await fits(page, `${name} at ${NARROWEST.width} px`);
  await page.setViewportSize(DEVICES.desktop);
}

/** Keeps the whole page as people would see it, for whoever looks at it. */
async function picture(page, name) {
  if (!PICTURES) return;
  const language = await page.locator("html").getAttribute("lang");
  const file = `${name} ${language}`.replace(/[^\p{L}\p{N}]+/gu, "-");
  await page.screenshot({ path: `${PICTURES}/${file}.png`, fullPage: true });
}

/** In the page: until letters are there and colours at rest. The end of one transition may start another. */
async function settle() {
  await document.fonts.ready;
  return new Promise((resolve) => {
    let still = 0;
    const look = () => {
      const moving = document.getAnimations().filter((each) => each instanceof CSSTransition);
      for (const each of moving) each.finish();
      still = moving.length > 0 ? 0 : still + 1;
      if (still > 2) resolve();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

async function fits(page, name) {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.ok(overflow <= 0, `${name}: ${overflow} px wider than the window`);
}

/** Violations of WCAG 2.2 AA and of good practice, as texts. */
async function violations(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const result = await globalThis.axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
    return result.violations.map(
      (violation) =>
        `${violation.id} (${violation.impact}): ${violation.nodes.map((node) => node.target).join(" | ")}`,
    );
  });
}
