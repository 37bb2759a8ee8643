// The mailbox of the demonstration, where its mails end up.

/** The address with this path in the newest mail to somebody that has one. */
export function mailedLink(demo, path, to) {
  const link = (mail) => mail.match(/https?:\/\/[^\s"<]+/g)?.find((url) => url.includes(path));
  return find(demo, to, link, path);
}

/** The temporary password in the newest mail to somebody that brings one. */
export function mailedPassword(demo, to) {
  return find(demo, to, (mail) => mail.match(/\b[0-9a-z]{4}(?:-[0-9a-z]{4}){3}\b/)?.[0], "a password");
}

/** The page of the newest mail to somebody. */
export function mailTo(demo, to) {
  return find(demo, to, (mail) => mail, "anything");
}

/** What `pick` finds in the mails to somebody, which may still be on their way. */
async function find(demo, to, pick, what) {
  for (let tries = 0; tries < 100; tries += 1) {
    const list = await textOf(`${demo.panel_url}/mailbox`);
    for (const [, address, about] of list.matchAll(/href="(\/mailbox\/[0-9a-f-]+)"[^]*?<span>([^<]*)/g)) {
      const found = about.includes(to) && pick(await textOf(demo.panel_url + address));
      if (found) return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no mail to ${to} with ${what}`);
}

async function textOf(url) {
  const html = await (await fetch(url)).text();
  return html
    .replaceAll(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16)))
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}
