// Programs that run beside a test, on free ports of the loopback.

import { spawn } from "node:child_process";
import { createServer } from "node:net";

/** The program under test. */
export const PROGRAM = process.env.E2E_PORTICO ?? "target/debug/portico";
const PAUSE_MS = 50;

/** A port that is free at this moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts a program. What it says is kept; `stop` ends it and answers its code. */
export function start(program, args, options = {}) {
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let [out, err, isOver] = ["", "", false];
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (err += data));
  child.once("error", (error) => (err += error.message));
  const ended = new Promise((resolve) => child.once("close", resolve));
  // Where a test ends before it can stop it.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  ended.then(() => {
    isOver = true;
    process.off("exit", kill);
  });
  return {
    output: () => out,
    log: () => err,
    isOver: () => isOver,
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

/** What `look` finds, as soon as it finds something. A look that fails is a look too early. */
export async function until(what, look, seconds = 60) {
  let last = "";
  for (let tries = 0; tries < (seconds * 1000) / PAUSE_MS; tries += 1) {
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      last = `: ${error.message}`;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`waited in vain for ${what}${last}`);
}

/** Waits until a program that was started answers at this address. */
export async function untilReady(running, url) {
  await until(url, async () => running.isOver() || (await fetch(url)).ok, 120).catch((error) => {
    throw new Error(`${error.message}\n${running.log()}`);
  });
  if (running.isOver()) throw new Error(`the program ended:\n${running.log()}`);
}
