// An operator in the control panel of a demonstration, and records in every state for it to look at.

import { createHmac } from "node:crypto";
import { api } from "./demo.mjs";
import { enter, visitor } from "./browser.mjs";

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="100"><rect width="400" height="100" fill="#d62976"/></svg>`;

/** The browser of an operator who has signed in. */
export async function operator(demo, browser, account, options = {}) {
  const visit = await visitor(browser, options);
  await visit.page.goto(`${demo.panel_url}/sign-in`);
  await enter(visit.page, account);
  return visit;
}

/** Six digits as an authenticator shows them now (RFC 6238). */
export function authenticatorCode(secret) {
  const bits = [...secret.replaceAll(" ", "").toUpperCase()]
    .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const seed = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", seed).update(step).digest();
  const number = hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** Identifiers of records in the states that pages of the control panel ask for. */
export async function makeRecords(demo, organisation) {
  const make = (noun, record) => api(demo, organisation, "POST", `/${noun}`, record);
  const first = async (noun, filter = "") => (await api(demo, organisation, "GET", `/${noun}?limit=1${filter}`)).data[0].id;
  const [contact] = organisation.brands[0].contacts;
  const customer = contact.customer_id;
  const invoice = (status, number) =>
    make("invoices", {
      external_id: number, number: status === "draft" ? undefined : number, customer_id: customer, status,
      currency: "EUR", issued_on: "2026-11-01", due_on: "2026-11-15",
      lines: [{ description: "Hosting", quantity: "1", unit_price: "49.00", tax_rate: "21" }],
    });
  const empty = await make("customers", { name: "Fresh Start" });
  const waiting = await make("customers", { name: "Waiting Room", status: "pending_approval" });
  await make("contacts", { customer_id: waiting.id, name: "Walter Wait", email: "walter@waiting.example" });
  return {
    customer, empty: empty.id, waiting: waiting.id,
    contact: await first("contacts", `&customer_id=${customer}`),
    payment: await first("payments", `&customer_id=${customer}`),
    draft: (await invoice("draft", "E2E-1")).id,
    open: (await invoice("open", "E2E-2")).id,
    creditNote: (await make("credit-notes", {
      number: "E2E-CN", customer_id: customer, issued_on: "2026-11-02", reason: "Goodwill",
      lines: [{ description: "Hosting, one day", unit_price: "1.50" }],
    })).id,
    operator: await first("operators"),
    gateway: await first("gateways"),
    provider: await makeProvider(demo, organisation),
    attempts: (await api(demo, organisation, "GET", "/payment-attempts?limit=3")).data.map(({ id }) => id),
    notice: await first("gateway-notices"),
    key: (await make("api-keys", { name: "Shop" })).id,
    ...(await makeVouchers(demo, organisation)),
    ...(await makeBrand(demo, organisation)),
  };
}

/** A gateway at a payment provider, which has told something already. */
async function makeProvider(demo, organisation) {
  const secret = "whsec_e2e";
  const gateway = await api(demo, organisation, "POST", "/gateways", {
    provider: "stripe", name: "Card", test: true, settings: { secret_key: "sk_test_e2e", webhook_secret: secret },
  });
  const object = { object: "payment_intent", id: "pi_e2e" };
  const body = JSON.stringify({ id: "evt_e2e", type: "payment_intent.succeeded", livemode: false, data: { object } });
  const at = Math.floor(Date.now() / 1000);
  const proof = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
  const headers = { "stripe-signature": `t=${at},v1=${proof}` };
  const { status } = await fetch(gateway.notice_url, { method: "POST", body, headers });
  if (status !== 200) throw new Error(`a notice of ${gateway.id}: ${status}`);
  return gateway.id;
}

/** Two batches of vouchers, one of them without its codes downloaded. */
async function makeVouchers(demo, organisation) {
  const call = (method, path, body) => api(demo, organisation, method, path, body);
  const make = (batch) => call("POST", "/voucher-batches", { currency: "EUR", count: 60, ...batch });
  const batch = await make({ series: "E2ESUMMER", addition_minor: 2_500, note: "Summer fair" });
  const bonus = await make({ series: "E2EBONUS", minimum_minor: 2_000, multiplier: "0.25", ceiling_minor: 5_000, wait_days: 90 });
  await call("POST", `/voucher-batches/${bonus.id}/export`);
  const { data } = await call("GET", `/vouchers?batch=${batch.id}&limit=1`);
  return { batch: batch.id, bonus: bonus.id, voucher: data[0].id };
}

/** A second brand that has something in each of its tabs. */
async function makeBrand(demo, organisation) {
  const call = (method, path, body) => api(demo, organisation, method, path, body);
  const file = await call("POST", "/files", { name: "logo.svg", content: Buffer.from(LOGO).toString("base64") });
  const unused = await call("POST", "/files", { name: "unused.svg", content: Buffer.from(LOGO).toString("base64") });
  const brand = await call("POST", "/brands", { name: "Brisa", host: "brisa.localhost" });
  const at = `/brands/${brand.id}`;
  for (const accent of ["#ffd400", "#d62976", "#ffd400"]) {
    const { base, looks } = await call("GET", `${at}/looks`);
    const drafted = await call("PUT", `${at}/looks`, { base, looks: { ...looks, accent, logo: file.id, script: "0" } });
    // The last one stays a draft.
    if (drafted.published < 2) await call("POST", `${at}/looks/publish`, { base: drafted.base });
  }
  await call("PUT", `${at}/smtp`, { server: "mail.brisa.example", port: 587, security: "starttls", from_address: "pay@brisa.example" });
  for (const language of ["en", "es"]) {
    await call("PUT", `${at}/mail-templates/password-reset/${language}`, { subject: "Key", body: "{{action_button}}" });
    await call("PUT", `${at}/texts/${language}/overview-welcome`, { text: "Ahoy, { $name }" });
  }
  return { brand: brand.id, file: file.id, unused: unused.id };
}
