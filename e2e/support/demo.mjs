// A running demonstration with data of its own, on free ports of the loopback.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, PROGRAM, start, untilReady } from "./program.mjs";

/** Starts `portico demo`; `database` is a PostgreSQL URL, or absent for SQLite. */
export async function startDemo({ database } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "portico-e2e-"));
  const [portal, panel] = [await freePort(), await freePort()];
  const args = [
    "demo", "--data-dir", folder,
    "--portal-addr", `127.0.0.1:${portal}`, "--panel-addr", `127.0.0.1:${panel}`,
  ];
  if (database) args.push("--database", database);
  const running = start(PROGRAM, args);
  await untilReady(running, `http://localhost:${panel}/readyz`);
  const sheet = JSON.parse(readFileSync(join(folder, "demo.json"), "utf8"));
  return {
    ...sheet,
    folder,
    log: running.log,
    async stop() {
      const code = await running.stop();
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}

/** Sends JSON to the Management API as the organisation's software. */
export async function api(demo, organisation, method, path, body) {
  const response = await fetch(`${demo.panel_url}/api/v1${path}`, {
    method,
    headers: { "X-API-KEY": organisation.api_key, "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

/** A database of its own on the PostgreSQL server of the tests, by psql. */
export async function freshDatabase(server) {
  const name = `portico_e2e_${process.pid}_${Date.now()}`;
  await new Promise((resolve, reject) => {
    const psql = spawn("psql", [server, "-qc", `CREATE DATABASE ${name}`], { stdio: "inherit" });
    psql.once("exit", (code) => (code === 0 ? resolve() : reject(new Error("psql failed"))));
  });
  return server.replace(/\/[^/]*$/, `/${name}`);
}
