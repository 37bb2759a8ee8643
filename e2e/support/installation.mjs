// An installation as an operator begins with it: an empty folder, and servers of its own for mail,
// names and certificates.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAuthority, startDns } from "./authority.mjs";
import { startMailServer } from "./mail-server.mjs";
import { freePort, PROGRAM, start, untilReady } from "./program.mjs";

/** Starts `portico serve` with nothing but a configuration. */
export async function startInstallation() {
  const folder = mkdtempSync(join(tmpdir(), "portico-e2e-"));
  const [portal, panel, tls] = [await freePort(), await freePort(), await freePort()];
  const [mail, dns] = await Promise.all([startMailServer(), startDns()]);
  const authority = await startAuthority(folder, dns, { httpPort: portal, tlsPort: tls });
  const config = join(folder, "portico.toml");
  writeFileSync(config, `
    data_dir = "${folder}/data"
    [portal]
    addr = "127.0.0.1:${portal}"
    public_port = ${tls}
    [panel]
    addr = "127.0.0.1:${panel}"
    [tls]
    addr = "127.0.0.1:${tls}"
    [domains]
    cname_target = "portal.example.test"
    resolver = "${dns.address}"
    [acme]
    directory_url = "${authority.directory}"
    root_certificates = "${authority.rootFile}"
    [mail]
    allowed_networks = ["127.0.0.0/8"]
  `);
  const running = start(PROGRAM, ["serve", "--config", config]);
  const panelUrl = `http://localhost:${panel}`;
  await untilReady(running, `${panelUrl}/readyz`);
  return {
    authority, dns, mail, panelUrl, tls,
    portalUrl: `http://localhost:${portal}`,
    log: running.log,
    async stop() {
      const code = await running.stop();
      await Promise.all([authority, dns, mail].map((server) => server.stop()));
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}
