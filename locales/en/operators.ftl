# Operators: how they sign in to the control panel, their own account, and who else there is.

## Signing in to the control panel
entry-panel-title = Sign in to the control panel
entry-panel-text = For the people who run the billing portal.
entry-panel-refused = The email address and the password do not match. Check both and try again.
entry-panel-insecure-help = Open the control panel with https:// at the beginning, or on the machine that it runs on by http://localhost.
entry-panel-link-over-help = Ask a colleague for another invitation, or have a link for a new password sent to you from the sign-in page. A set-up link is made anew at each start of the program, until somebody has used one.

## Several organisations
entry-choose-title = Where do you want to sign in?
entry-choose-text = You are an operator of more than one organisation.

## The second factor
entry-code-title = Enter your code
entry-code-text = You are signing in as { $email }. Open your authenticator app and enter the code that it shows for this account.
entry-code-label = Code
entry-code-hint = Six digits. If you do not have your device, enter one of your recovery codes.

## An invitation
entry-invitation-title = Join { $organisation }
entry-invitation-text = You were invited to the control panel. Choose a password, and you are in.
entry-invitation-accept = Join

## The first operator
entry-set-up-title = Welcome to Portico
entry-set-up-text = Set up the owner of this installation. From then on this link is of no use to anybody.
entry-set-up-organisation = Name of your organisation
entry-set-up-organisation-hint = Customers read it. It can be changed later.
entry-set-up-save = Create account and sign in

notice-signed-out = You are signed out.
notice-sign-in-again = That took a while. Please sign in again.

operators-own-name = Your name

## The own account
nav-own-account = My account
account-subtitle = How you are named here, and how you sign in.
account-who = About you
account-language-browser = As the browser asks for it
account-factor = Second factor
account-factor-on = On
account-factor-off = Off
account-factor-text = An authenticator app on your phone shows a new code every 30 seconds. With it, a stolen password alone is of no use.
account-factor-needed = Your organisation asks everybody for a second factor.
account-factor-due = Your organisation asks everybody for a second factor. Set yours up to go on.
account-factor-set-up = Set up a second factor
account-factor-switch-off = Switch the second factor off
account-factor-off-text = From then on your password alone lets you in. Enter it to confirm.
account-enrol-scan = 1. Scan the picture
account-enrol-scan-text = Open an authenticator app (Aegis, Google Authenticator, 1Password and others) and scan this picture with it.
account-enrol-picture = QR code for the authenticator app
account-enrol-by-hand = You cannot scan it?
account-enrol-by-hand-text = Enter this key into the app. The type is time-based, with six digits.
account-enrol-confirm = 2. Enter the first code
account-enrol-code-hint = The six digits that the app shows now.
account-enrol-save = Switch it on
account-codes = Your recovery codes
account-codes-text = Each of them lets you in once if you lose your device. Keep them where you keep your passwords, or print them.
account-codes-once = These codes are shown this once.
account-codes-kept = I have kept them
account-codes-left =
    { $count ->
        [0] No recovery codes are left.
        [one] One recovery code is left.
       *[other] { $count } recovery codes are left.
    }
account-codes-renew = Make new recovery codes
account-codes-renew-text = The earlier ones will be void. Enter your password to confirm.

notice-account-saved = Your account was saved.
notice-account-password-changed = Your password was changed. All your other sessions have ended.
notice-account-session-ended = The session has ended.
notice-account-sessions-ended = All your other sessions have ended.
notice-account-factor-off = The second factor is off.
notice-account-factor-required = Your organisation asks for a second factor, so it cannot be switched off.

## The organisation's people
operators-subtitle = Who may sign in to this control panel, and what they may do.
operators-you = (you)
operators-role = Role
operators-factor = Second factor
operators-last-seen = Last sign-in
operators-since = Operator since
operators-permissions = What this role may do
operators-invite = Invite operator
operators-invite-text = We send a link to this address that works once, within three days. Behind it your colleague chooses a password.
operators-invite-send = Send invitation
operators-invite-again = Send another invitation
operators-enable = Switch on
operators-disable = Switch off
operators-remove = Remove
operators-remove-title = Remove { $name }?
operators-remove-text = All sessions end at once. What was done stays in the audit log. This cannot be undone.
operators-factor-remove = Take second factor away
operators-factor-remove-text = For colleagues who lost their device and their recovery codes. They sign in with the password alone until they set up another one.

operator-state-active = Active
operator-state-invited = Invited
operator-state-disabled = Switched off

operator-role-owner = Owner
operator-role-owner-hint = Everything, other owners included.
operator-role-admin = Administrator
operator-role-admin-hint = Everything but owners.
operator-role-billing = Billing
operator-role-billing-hint = Customers, contacts, and all that is billed to them.
operator-role-support = Support
operator-role-support-hint = Contacts and their access; looks into customers’ portals.
operator-role-read-only = Read only
operator-role-read-only-hint = Sees customers and documents, and changes nothing.

permission-read = See customers and everything that is billed to them
permission-edit-customers = Create and change customers
permission-edit-contacts = Create and change contacts and their access
permission-edit-billing = Create and change invoices, payments and what customers hold
permission-edit-vouchers = Make, export and void vouchers
permission-open-portal = Open the portal as a customer, to look
permission-act-in-portal = Act in a portal that was opened as a customer
permission-approve-sign-ups = Approve and refuse sign-ups
permission-edit-brands = Change brands: looks, sections, mail, texts, domains
permission-edit-gateways = Set up payment gateways
permission-edit-organisation = Change the organisation’s settings
permission-edit-operators = Invite, change and remove operators
permission-edit-api-keys = Make and revoke API keys
permission-read-audit = Read the audit log

notice-operators-invited = The invitation is on its way.
notice-operators-saved = The operator was saved.
notice-operators-enabled = The operator can sign in again.
notice-operators-disabled = The operator is switched off. All their sessions have ended.
notice-operators-removed = The operator was removed.
notice-operators-factor-removed = The second factor was taken away. All their sessions have ended.
notice-operators-owners-only = Only owners may make, change or remove owners.
notice-operators-last-owner = This is the last owner who can sign in. Make somebody else an owner first.
notice-operators-own-record = Nobody changes their own role, switches themselves off or removes themselves. Ask a colleague.

## Mails
mail-operator-invitation-subject = Join { $organisation } on Portico
mail-operator-invitation-text = { $inviter } invites you to the control panel of { $organisation }. Choose a password there:
mail-operator-invitation-action = Join
mail-operator-invitation-unasked = If you do not know what this is about, ignore this mail: nothing happens without you.
mail-operator-password-reset-subject = Choose a new password for the control panel of { $organisation }
mail-operator-password-reset-text = Somebody asked for a new password for your operator account at { $organisation }. Choose one here:
mail-operator-password-reset-action = Choose a new password
mail-operator-password-reset-unasked = If that was not you, ignore this mail: your password stays as it is.
mail-operator-security-subject = How you sign in to { $organisation } was changed
mail-operator-security-password = The password of your operator account at { $organisation } was changed on { $time }.
mail-operator-security-second-factor-on = A second factor was set up for your operator account at { $organisation } on { $time }.
mail-operator-security-second-factor-off = The second factor of your operator account at { $organisation } was switched off on { $time }.
mail-operator-security-unasked = If that was not you, choose a new password at once, and tell another operator.
