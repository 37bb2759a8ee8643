// The looks of a portal: a logo is uploaded, a draft is seen beside its form, published, and shown;
// the brand's own script runs where it may, and nowhere else; its style sheet leaves the portal's own
// notices alone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, startDemo } from "../support/demo.mjs";
import { enter, inspect, launch, visitor } from "../support/browser.mjs";
import { HOSTILE_SHEETS } from "../support/hostile-sheets.mjs";

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="100">
  <script>alert(1)</script><rect width="400" height="100" rx="20" fill="#d62976"/></svg>`;
const SCRIPT = "document.documentElement.dataset.brandScript = 'ran'";
let demo, browser, brand, looks;

before(async () => {
  demo = await startDemo();
  browser = await launch();
  [brand] = demo.organisations[0].brands;
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** An operator's browser in the control panel. */
async function operator(options = {}) {
  const visit = await visitor(browser, options);
  await visit.page.goto(`${demo.panel_url}/sign-in`);
  await enter(visit.page, demo.organisations[0].operators[0]);
  await visit.page.waitForURL(/\/$/);
  return visit;
}

test("a logo is drawn anew and can be chosen", async () => {
  const { context, page, faults } = await operator();
  await page.goto(`${demo.panel_url}/files`);
  const buffer = Buffer.from(LOGO);
  await page.setInputFiles("#f-file", { name: "logo.svg", mimeType: "image/svg+xml", buffer });
  await page.locator("form[enctype] button[type=submit]").click();
  await page.locator(".gallery-item").waitFor();
  await inspect(page, "the gallery");
  const address = await page.locator(".gallery-item img").getAttribute("src");
  const picture = await page.request.get(`${demo.panel_url}${address}`);
  assert.equal(picture.headers()["content-type"], "image/png");
  assert.deepEqual(faults, []);
  await context.close();
});

test("the preview follows the form, and what is published is shown", async () => {
  const { context, page, faults, foreign } = await operator();
  await page.goto(`${demo.panel_url}/brands`);
  await page.locator("main a[href^='/brands/brd_']").first().click();
  await page.locator(".tabs a[href$='/looks']").click();
  looks = page.url();
  const preview = page.frameLocator("iframe[data-preview-frame]");
  await preview.locator("h1").waitFor();
  await page.locator("input[name=logo]").nth(1).check();
  await preview.locator(".side .brand-logo").waitFor();
  await page.locator("#f-accent").fill("#ffd400");
  await page.locator("#f-script").fill(SCRIPT);
  await page.locator("#f-css").fill(".card { border-width: 3px }");
  await page.locator("button[name=then]").click();
  await page.waitForURL(/\/publish$/);
  await inspect(page, "the question");
  await page.locator("main form.form button[type=submit]").click();
  await page.waitForURL(looks);
  await inspect(page, "the tab");
  assert.deepEqual(faults, []);
  assert.deepEqual(foreign, []);
  await context.close();
});

test("the script runs where nobody signs in, proves or pays", async () => {
  const { context, page, faults } = await visitor(browser);
  const ran = () => page.evaluate(() => document.documentElement.dataset.brandScript);
  await page.waitForTimeout(1_100);
  await page.goto(`${brand.url}/sign-in`);
  assert.equal(await ran(), undefined);
  await enter(page, brand.contacts[0]);
  await page.locator(".side .brand-logo").waitFor();
  await page.waitForFunction(() => document.documentElement.dataset.brandScript === "ran");
  assert.equal(await page.evaluate(() => document.cookie), "");
  for (const path of ["/security", "/payment-methods", "/profile"]) {
    const fetched = await page.evaluate(async (path) => (await fetch(path)).status, path);
    assert.equal(fetched, 403, `a script could read ${path}`);
  }
  for (const path of ["/security", "/payment-methods", "/profile"]) {
    await page.goto(`${brand.url}${path}`);
    assert.equal(await ran(), undefined, path);
  }
  assert.deepEqual(faults, []);
  await context.close();
});

test("without JavaScript the preview shows what is typed as well", async () => {
  const { context, page } = await operator({ javaScriptEnabled: false });
  await page.goto(looks);
  await page.locator("#f-footer").fill("Seen before it is saved");
  await page.locator("[data-preview-button]").click();
  const preview = page.frameLocator("iframe[data-preview-frame]");
  await preview.getByText("Seen before it is saved").first().waitFor();
  assert.equal(page.url(), looks);
  await context.close();
});

/** The window of an operator who looks into a customer's portal. */
async function staffVisit() {
  const visit = await operator({ reducedMotion: "reduce" });
  await visit.page.goto(`${demo.panel_url}/customers/${brand.contacts[0].customer_id}/portal`);
  await visit.page.locator("main form.form button[type=submit]").click();
  await visit.page.locator(".staff-banner").waitFor();
  return visit;
}

/** A sign-in that was refused. */
async function refused() {
  const visit = await visitor(browser, { reducedMotion: "reduce" });
  await visit.page.goto(`${brand.url}/sign-in`);
  await visit.page.locator("input[name=email]").fill("nobody@example.com");
  await visit.page.locator("input[name=password]").fill("not the password");
  await visit.page.keyboard.press("Enter");
  await visit.page.locator(".alert").waitFor();
  return visit;
}

/** A form that came back with faults. */
async function faulty() {
  const visit = await visitor(browser, { reducedMotion: "reduce" });
  await visit.page.goto(`${brand.url}/sign-in`);
  await enter(visit.page, brand.contacts[0]);
  await visit.page.goto(`${brand.url}/security`);
  await visit.page.locator("main form.form button[type=submit]").first().click();
  await visit.page.locator(".field-fault").first().waitFor();
  return visit;
}

/** In the page: puts on the sheet that the route answers next. */
function dress(number) {
  return new Promise((resolve, reject) => {
    const link = document.querySelector("link[href*='/brand/custom.css']");
    const next = link.cloneNode();
    Object.assign(next, { href: `/brand/custom.css?${number}`, onload: resolve, onerror: reject });
    link.replaceWith(next);
  });
}

/** In the page: what somebody sees of each notice. */
function seen() {
  return [...document.querySelectorAll(".notice")].map((notice) => {
    const shown = notice.firstElementChild;
    scrollTo(0, 0);
    if (!("stays" in notice.dataset)) shown.scrollIntoView({ block: "center", behavior: "instant" });
    const box = shown.getBoundingClientRect();
    const around = [];
    for (let each = shown; each; each = each.parentElement) around.push(getComputedStyle(each));
    const looks = [shown, ...shown.querySelectorAll("*")].map((each) => {
      const style = getComputedStyle(each);
      return [style.color, style.backgroundColor, style.fontSize, style.fontFamily, style.display].join();
    });
    const steps = [0.1, 0.3, 0.5, 0.7, 0.9];
    const points = steps.flatMap((x) => steps.map((y) => [box.left + x * box.width, box.top + y * box.height]));
    return {
      text: shown.innerText,
      looks,
      isLarge: box.width >= 100 && box.height >= 16,
      isInWindow: box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight,
      isOnTop: points.every(([x, y]) => notice.contains(document.elementFromPoint(x, y))),
      isClear: around.every(
        (style) => style.opacity === "1" && style.filter === "none" && style.visibility === "visible" &&
          style.transform === "none" && style.clipPath === "none" && style.maskImage === "none",
      ),
    };
  });
}

test("no style sheet of a brand hides, covers or changes the portal's own notices", async () => {
  const organisation = demo.organisations[0];
  const [{ id }] = (await api(demo, organisation, "GET", "/brands")).data;
  const path = `/brands/${id}/looks`;
  const save = async (css) => {
    const { base, looks } = await api(demo, organisation, "GET", path);
    return api(demo, organisation, "PUT", path, { base, looks: { ...looks, css, script: "" } });
  };
  const { base } = await save("a{color:inherit}");
  await api(demo, organisation, "POST", `${path}/publish`, { base });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const visits = { visit: await staffVisit(), refusal: await refused(), form: await faulty() };
  let sheet = "";
  const body = () => `@layer brand{${sheet}}`;
  const before = {};
  for (const [name, { context, page }] of Object.entries(visits)) {
    await context.route(/\/brand\/custom\.css/, (route) =>
      route.fulfill({ contentType: "text/css", body: body() }));
    await page.evaluate(dress, "none");
    before[name] = await page.evaluate(seen);
    assert.ok(before[name].length > 0, name);
    for (const { isLarge, isInWindow, isOnTop, isClear } of before[name]) {
      assert.ok(isLarge && isInWindow && isOnTop && isClear, `${name} without a sheet`);
    }
  }
  for (const [number, css] of HOSTILE_SHEETS.entries()) {
    // The cage lets it pass: what is tried here can be on a page.
    await save(css);
    sheet = css;
    for (const [name, { page }] of Object.entries(visits)) {
      await page.evaluate(dress, number);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      assert.deepEqual(await page.evaluate(seen), before[name], `${name}: ${css}`);
    }
  }
  for (const { context } of Object.values(visits)) await context.close();
});
