# Signing up, and the accounts of one person.

## The form
sign-up-question = New here?
sign-up-link = Create an account
sign-up-carrier-link = Sign up as a carrier
sign-up-customer-link = Sign up as a customer
sign-up-have-account = You have an account already?
sign-up-title = Create your account
sign-up-text = It takes a minute. See and manage everything about your { $brand } account in one place.
sign-up-carrier-title = Sign up as a carrier
sign-up-carrier-text = Open a carrier account with { $brand }.
sign-up-company = Company
sign-up-name = Your name
sign-up-email-hint = We send a link to this address to make sure that it is yours.
sign-up-currency = Currency
sign-up-currency-none = Choose a currency
sign-up-currency-hint = You are billed in this currency. It cannot be changed once anything was billed.
sign-up-submit = Create account

## A mail is on its way
sign-up-sent-text = We have sent a mail to { $email }. Open it to continue.
sign-up-sent-help = It works for 24 hours. If nothing arrives within a few minutes, look in your spam folder, or check the address and try again.

## The link
sign-up-confirm-title = Confirm your account
sign-up-confirm-text = Choose a password, and your { $brand } account is there.
sign-up-confirm-submit = Confirm and continue
sign-up-confirm-unasked = You did not ask for this account? Then close this page: unless you confirm it, there will be none.

## Waiting for the staff
sign-up-pending-title = Thank you, we will write to you
sign-up-pending-text = Your address is confirmed. { $brand } looks at every new account before it is opened, and writes to you as soon as yours is ready.
sign-up-pending-help = There is nothing more to do for you now. You can close this page.

## The choice between accounts
accounts-title = Choose an account
accounts-text = Your address belongs to more than one account here.
accounts-more = You can switch at any time in the menu at the top right.
accounts-switch = Switch account
accounts-current = Open now
accounts-role-owner = Owner
accounts-role-billing = Billing
accounts-role-viewer = Can look

## Notices
notice-welcome = Welcome! Your account is ready.
notice-sign-up-known = There is an account with this address already. Sign in to continue.

## Mails
mail-sign-up-confirm-subject = Confirm your account at { $brand }
mail-sign-up-confirm-text = Somebody, hopefully you, signed up at { $brand } with this address. Please confirm that it is yours and choose a password, and the account will be there.
mail-sign-up-confirm-action = Confirm the account
mail-sign-up-confirm-unasked = If you know nothing of this, ignore this mail: there will be no account.
mail-sign-up-known-subject = You have an account at { $brand } already
mail-sign-up-known-text = Somebody, hopefully you, signed up at { $brand } with this address. It belongs to an account already, so no new one was made. Sign in with it; if you do not know the password any more, have a link sent to you there.
mail-sign-up-known-action = Sign in
mail-sign-up-known-unasked = If that was not you, ignore this mail: nothing was changed.
