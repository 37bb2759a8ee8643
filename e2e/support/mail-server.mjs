// A real SMTP server (Debian's python3-aiosmtpd), whose mails a real reader of mails has read.

import { freePort, start, until } from "./program.mjs";

/** Prints each mail that comes, as a line of JSON. */
const SERVER = `
import email, email.policy, json, signal, sys
from aiosmtpd.controller import Controller

class Printer:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        sender = mail["from"].addresses[0]
        text = mail.get_body(("plain",)).get_content()
        print(json.dumps({
            "from": sender.addr_spec, "name": sender.display_name, "to": envelope.rcpt_tos,
            "subject": mail["subject"], "text": text,
        }), flush=True)
        return "250 OK"

Controller(Printer(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
print(json.dumps({"to": [], "subject": "ready"}), flush=True)
signal.pause()
`;

/** Starts one. */
export async function startMailServer() {
  const port = await freePort();
  const running = start("/usr/bin/python3", ["-c", SERVER, String(port)]);
  const mails = () => running.output().split("\n").slice(0, -1).map((line) => JSON.parse(line));
  await until("the mail server", () => running.isOver() || mails().length > 0);
  if (running.isOver()) throw new Error(`the mail server ended:\n${running.log()}`);
  return {
    port,
    stop: running.stop,
    /** The first mail to somebody with this in its subject. */
    mail: (to, subject) =>
      until(`a mail to ${to}: ${subject}`, () =>
        mails().find((mail) => mail.to.includes(to) && mail.subject.includes(subject))),
  };
}
