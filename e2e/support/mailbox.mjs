// The mailbox of the demonstration, where its mails end up.

/** The address with this path in the newest mail that has one; `to` says whose mail. */
export async function mailedLink(demo, path, to) {
  for (let tries = 0; tries < 100; tries += 1) {
    const list = decoded(await textOf(`${demo.panel_url}/mailbox`));
    for (const [, address, recipient] of list.matchAll(/href="(\/mailbox\/[0-9a-f-]+)"[^]*?<span>([^<]*)/g)) {
      if (!recipient.includes(to)) continue;
      const mail = decoded(await textOf(demo.panel_url + address));
      const link = mail.match(/https?:\/\/[^\s"<]+/g)?.find((url) => url.includes(path));
      if (link) return link;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no mail to ${to} with ${path}`);
}

async function textOf(url) {
  return (await fetch(url)).text();
}

function decoded(html) {
  return html
    .replaceAll(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16)))
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}
