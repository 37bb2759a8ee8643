# The pages of port 9090.

panel-home-title = Control panel and APIs
panel-home-text = Billing systems and other software of your organisation talk to Portico here.
panel-home-docs = API documentation
panel-home-docs-text = Every operation, with examples that can be tried with a key.
panel-home-openapi = OpenAPI document
panel-home-openapi-text = The same for machines: generators, test tools, clients.
panel-home-mailbox-text = The mails of this demonstration, shown instead of being sent.

panel-docs-title = API documentation
panel-docs-text = The Management API takes in your billing data and opens portal sessions for your customers.
panel-docs-download = OpenAPI 3.1 document
panel-docs-noscript = The list of operations is drawn by a script. Without it, read the OpenAPI document.
panel-docs-problems = Problems
panel-docs-problems-text = Errors are problem details (RFC 9457). Their type is one of these:

panel-mailbox-title = Mailbox
panel-mailbox-text = The mails of this demonstration, newest first. Nothing of them was sent.
panel-mailbox-empty = No mail yet
panel-mailbox-empty-text = Ask for a sign-in link in the portal, and it will be here.
panel-mailbox-to = To { $recipient }
panel-mail-from = From
panel-mail-to = To
panel-mail-sent = Sent
panel-mail-body = The mail as it looks
panel-mail-text = As plain text

nav-panel-home = Home
