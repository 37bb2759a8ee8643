// The payment providers: tools/gateway-sim, and accounts of an organisation there.

import { api } from "./demo.mjs";
import { start, until } from "./program.mjs";

/** Of each provider: the account there, what proves its notices, and the settings of a gateway. */
const PROVIDERS = {
  stripe: {
    currency: "EUR",
    account: { dialect: "stripe", secret_key: "sk_test_journey" },
    endpoint: { secret: "whsec_journey" },
    settings: (sim) => ({ secret_key: "sk_test_journey", webhook_secret: "whsec_journey", base_url: `${sim}/stripe` }),
  },
  paypal: {
    currency: "EUR",
    account: { dialect: "paypal", client_id: "client-journey", client_secret: "secret-journey" },
    endpoint: { webhook_id: "3WH90127AB364715T" },
    settings: (sim) => ({
      client_id: "client-journey", client_secret: "secret-journey", webhook_id: "3WH90127AB364715T",
      base_url: `${sim}/paypal`,
    }),
  },
  authorize_net: {
    currency: "USD",
    posts: true,
    account: { dialect: "authorizenet", api_login_id: "journey", transaction_key: "0123456789abcdef", currency: "USD" },
    endpoint: { secret: "A1B2C3D4".repeat(16) },
    settings: (sim) => ({
      api_login_id: "journey", transaction_key: "0123456789abcdef", signature_key: "A1B2C3D4".repeat(16),
      currency: "USD", base_url: `${sim}/authorizenet`, hosted_url: `${sim}/authorizenet`,
    }),
  },
};

/** Starts the simulator: nothing goes wrong there but what a test asks for. */
export async function startSimulator() {
  const running = start("python3", ["tools/gateway-sim/main.py", "--port", "0"]);
  const port = await until("the gateway simulator", () => {
    if (running.isOver()) throw new Error(running.log());
    return running.output().match(/listening on http:\/\/127\.0\.0\.1:(\d+)/)?.[1];
  }, 20);
  // A name, not a number: the browser of the tests is let out to nothing else.
  const url = `http://localhost:${port}`;
  const control = async (path, wish) => {
    const body = wish === undefined ? {} : { method: "POST", body: JSON.stringify(wish) };
    const response = await fetch(`${url}/control/${path}`, body);
    const answer = await response.json();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };
  return { url, control, stop: running.stop };
}

/** A gateway of an organisation, with an account at the simulator that sends its notices there. */
export async function makeGateway(demo, organisation, simulator, provider) {
  const { currency, account, endpoint, posts, settings } = PROVIDERS[provider];
  const id = `journey_${provider}`;
  const register = (webhooks) =>
    simulator.control("accounts", { ...account, account: id, org: "journey", base: simulator.url, webhooks });
  await register([]);
  const gateway = await api(demo, organisation, "POST", "/gateways", {
    provider, name: `Pay by ${provider}`, enabled: true, test: true,
    currencies: [{ currency }], settings: settings(simulator.url),
  });
  const notices = gateway.notice_url;
  const { port } = new URL(notices);
  await register([{ ...endpoint, url: notices, connect: `127.0.0.1:${port}` }]);
  const { outcome, message } = await api(demo, organisation, "POST", `/gateways/${gateway.id}/test`);
  if (outcome !== "good") throw new Error(`${provider}: ${outcome}, ${message}`);
  return {
    id: gateway.id, currency, notices,
    /** Whether the browser gets there by a form, and not by an address. */
    posts,
    /** What was really charged there. */
    charges: async () => (await simulator.control(`truth?account=${id}`)).charges,
    /** What it told, with how that was taken. */
    events: async () => (await simulator.control(`events?account=${id}`)).events,
  };
}
