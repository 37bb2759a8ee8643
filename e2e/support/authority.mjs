// A DNS server and a certificate authority that speaks ACME: Debian's package `pebble`.

import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, start, until } from "./program.mjs";

const LOOPBACK = "127.0.0.1";

/** Starts a DNS server without any records. */
export async function startDns() {
  const [port, management] = [await freePort(), await freePort()];
  const address = `${LOOPBACK}:${port}`;
  const url = `http://${LOOPBACK}:${management}`;
  const running = start("pebble-challtestsrv", [
    "-dns01", address, "-management", `${LOOPBACK}:${management}`,
    "-defaultIPv4", "", "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", "",
  ]);
  const set = async (what, record) => {
    const { ok } = await fetch(`${url}/${what}`, { method: "POST", body: JSON.stringify(record) });
    if (!ok) throw new Error(`the DNS server does not take ${what}`);
    return ok;
  };
  await until("the DNS server", () => set("clear-cname", { host: "nobody.test" }), 10);
  return {
    address,
    stop: running.stop,
    /** `host` becomes a CNAME of `target`, which is this machine. */
    async point(host, target) {
      await set("set-cname", { host, target });
      await set("add-a", { host: target, addresses: [LOOPBACK] });
    },
  };
}

/** Starts an authority that asks this DNS server, and its questions at these ports. */
export async function startAuthority(folder, dns, { httpPort, tlsPort }) {
  const [port, management] = [await freePort(), await freePort()];
  const file = (name) => join(folder, name);
  certify(file);
  const pebble = {
    listenAddress: `${LOOPBACK}:${port}`, managementListenAddress: `${LOOPBACK}:${management}`,
    certificate: file("api.pem"), privateKey: file("api.key"), httpPort, tlsPort,
  };
  writeFileSync(file("pebble.json"), JSON.stringify({ pebble }));
  const args = ["-config", file("pebble.json"), "-dnsserver", dns.address, "-strict"];
  const running = start("pebble", args, { env: { ...process.env, PEBBLE_VA_NOSLEEP: "1" } });
  const rootFile = file("root.pem");
  const get = (path) =>
    execFileSync("curl", ["-sSf", "--cacert", rootFile, `https://${LOOPBACK}:${management}${path}`], {
      stdio: ["ignore", "pipe", "pipe"], encoding: "utf8",
    });
  // What it issues by, and the root above that.
  const [issuer, root] = await until("the authority", () => [get("/intermediates/0"), get("/roots/0")], 10);
  return { directory: `https://${LOOPBACK}:${port}/dir`, rootFile, issuer, root, stop: running.stop };
}

/** The hash of a certificate's key, by which the browser is told to trust it. */
export function keyHash(certificate) {
  const key = new X509Certificate(certificate).publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(key).digest("base64");
}

/** The authority's own addresses have a certificate of an authority: clients refuse what certifies itself. */
function certify(file) {
  const openssl = (...args) => execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  openssl("req", "-x509", ...key, "-keyout", file("root.key"), "-out", file("root.pem"), "-subj", "/CN=Root of tests");
  openssl(
    "req", "-x509", ...key, "-keyout", file("api.key"), "-out", file("api.pem"), "-subj", "/CN=Authority",
    "-CA", file("root.pem"), "-CAkey", file("root.key"),
    "-addext", `subjectAltName=IP:${LOOPBACK}`, "-addext", "basicConstraints=critical,CA:FALSE",
  );
}
