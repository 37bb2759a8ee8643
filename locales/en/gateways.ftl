# Payment gateways in the control panel.

settings-gateways = Payment gateways
gateways-subtitle = The accounts at payment providers that customers pay by, in the order in which they see them
gateways-new = New gateway
gateways-new-at = New { $provider } gateway
gateways-choose-text = Choose the provider that you have an account with.
gateways-provider = Provider
gateways-offers = What it is for
gateways-empty-title = No payment gateways yet
gateways-empty-text = With a gateway, customers can pay invoices and refill their balance in the portal.
gateways-general = General
gateways-name-hint = What customers read, for example “Card”.
gateways-brand = Portal
gateways-brand-all = All portals
gateways-brand-hint = Where it is offered.
gateways-position = Position
gateways-position-hint = Small numbers come first. Left empty, it comes last.
gateways-mode = Mode
gateways-mode-test = Test
gateways-mode-test-hint = Play money: nothing is charged. Needs the provider’s test keys.
gateways-mode-live = Live
gateways-mode-live-hint = Real money. Needs the provider’s live keys.
gateways-enabled = Customers can pay by it
gateways-enabled-hint = You can save it first and switch it on once everything is entered.
gateways-deducts-fees = Credit what is left after the provider’s fee
gateways-deducts-fees-hint = Otherwise customers are credited with all that they paid.
gateways-account = Account at { $provider }
gateways-secret-set = A value is stored; leave this empty to keep it.
gateways-needed-to-enable = Needed before the gateway can be enabled.
gateways-notices = Notices
gateways-notice-url = Address for the provider’s notices (webhooks)
gateways-currencies = Currencies
gateways-currencies-text = What can be paid in which currency, and what is paid on top. Amounts that are left empty have no bound; rows without a currency are left out.
gateways-currency-row = Currency { $row }
gateways-currency-none = None
gateways-minimum = Minimum payment
gateways-maximum = Maximum payment
gateways-surcharge = Fixed surcharge
gateways-surcharge-percent = Surcharge in percent
gateways-make = Create gateway
gateways-enable = Enable
gateways-disable = Disable
gateways-state-enabled = Enabled
gateways-state-disabled = Disabled
gateways-state-lost = Keys lost
gateways-lost-title = The keys of this gateway cannot be read
gateways-lost-text = They were sealed with another key of this installation. Enter them again.

gateways-test = Test
gateways-test-text = Asks { $provider } whether the saved settings are good. No money is moved.
gateways-test-act = Test the settings
gateways-test-good = { $provider } accepts the settings.
gateways-test-failed = The settings could not be confirmed
gateways-test-refused = { $provider } refuses them. It says:
gateways-test-not-reached = { $provider } was not reached:
gateways-test-unknown = { $provider } gave no answer that could be understood:
gateways-test-too-many = { $provider } asks to be asked less often. Try again in some minutes.
gateways-test-lost = The stored keys cannot be read. Enter them again.

gateways-remove = Remove gateway
gateways-remove-title = Remove this gateway
gateways-remove-text = A gateway that something was paid by cannot be removed, only disabled.
gateways-remove-sure = The gateway and its keys are deleted here. Your account at the provider stays as it is.

notice-gateways-made = The gateway has been created.
notice-gateways-saved = The gateway has been saved.
notice-gateways-enabled = Customers can pay by the gateway now.
notice-gateways-disabled = The gateway is disabled. Payments that are under way are still completed.
notice-gateways-incomplete = The gateway cannot be enabled yet. Tick “Customers can pay by it” and save to see what is missing.
notice-gateways-removed = The gateway has been removed.
notice-gateways-in-use = Payments or stored payment methods refer to this gateway, so it cannot be removed. Disable it instead.

## What can be wrong with a field
gateways-fault-malformed = This does not look like the value that the provider gives. Check that it was copied completely, and that it belongs to the chosen mode.
gateways-fault-provider-stays = A gateway stays with its provider. Create another gateway.
gateways-fault-not-live = This provider has no live mode.
gateways-fault-needed-to-enable = This is needed before the gateway can be enabled.
gateways-fault-no-currency = Choose at least one currency before you enable the gateway.
gateways-fault-too-many = These are more than { $max }.
gateways-fault-currency-twice = This currency is in another row already.
gateways-fault-maximum = The maximum must not be below the minimum.
gateways-fault-percent = Type a percentage from 0 to 100 with at most four decimal places.
gateways-fault-not-https = The address must begin with https:// while the gateway is enabled and live.
gateways-fault-secret-again = Enter this again, because an address of the provider changed.

## Stripe
gateway-stripe-about = Cards, wallets and what else you enable at Stripe, on Stripe’s own pages
gateway-stripe-notices = In the Stripe Dashboard, open Developers, Webhooks, add a destination for the events of Checkout, payment intents, setup intents, charges, refunds and disputes, and enter this address.
gateway-stripe-secret-key = Secret key
gateway-stripe-secret-key-help = In the Stripe Dashboard under Developers, API keys. Begins with sk_test_ or sk_live_; a restricted key (rk_…) works as well.
gateway-stripe-webhook-secret = Webhook signing secret
gateway-stripe-webhook-secret-help = Shown by Stripe once the address for notices is added there; begins with whsec_. While you replace it, enter both with a space between.
gateway-stripe-account-id = Connected account
gateway-stripe-account-id-help = Only for platforms with Stripe Connect: the account that is charged for, acct_…, from Connect, Accounts.
gateway-stripe-statement-descriptor = Statement descriptor
gateway-stripe-statement-descriptor-help = What stands on card statements after your account’s prefix: at most 22 letters, digits and spaces. Stripe’s own is under Settings, Business, Public details.
gateway-stripe-base-url = API address
gateway-stripe-base-url-help = Leave it empty for Stripe’s own, https://api.stripe.com.

## PayPal
gateway-paypal-about = PayPal accounts, on PayPal’s own pages
gateway-paypal-notices = In the PayPal Developer Dashboard, open Apps & Credentials, your app, Webhooks, add this address for the events of checkout orders, payments, the vault and disputes.
gateway-paypal-client-id = Client ID
gateway-paypal-client-id-help = In the PayPal Developer Dashboard under Apps & Credentials, in your app. Sandbox and Live have their own.
gateway-paypal-client-secret = Secret
gateway-paypal-client-secret-help = Beside the client ID, in the same app.
gateway-paypal-webhook-id = Webhook ID
gateway-paypal-webhook-id-help = In the same app under Webhooks, once the address for notices is added there.
gateway-paypal-merchant-id = Merchant ID
gateway-paypal-merchant-id-help = In PayPal under Account Settings, Business information. Only where several accounts use the same app.
gateway-paypal-base-url = API address
gateway-paypal-base-url-help = Leave it empty for PayPal’s own, https://api-m.paypal.com or, in test mode, https://api-m.sandbox.paypal.com.

## Authorize.Net
gateway-authorize-net-about = Cards, on the hosted pages of Authorize.Net; one currency for each account
gateway-authorize-net-notices = In the Merchant Interface, open Account, Settings, Webhooks, add an endpoint with this address for all events of payments and customers, and make it active.
gateway-authorize-net-api-login-id = API login ID
gateway-authorize-net-api-login-id-help = In the Merchant Interface under Account, Settings, API Credentials & Keys.
gateway-authorize-net-transaction-key = Transaction key
gateway-authorize-net-transaction-key-help = On the same page: choose New Transaction Key. It is shown once.
gateway-authorize-net-signature-key = Signature key
gateway-authorize-net-signature-key-help = On the same page: choose New Signature Key. It proves the provider’s notices.
gateway-authorize-net-currency = Currency of the account
gateway-authorize-net-currency-help = The one currency that the account takes, for example USD. It is in the Merchant Interface under Account, Merchant Profile.
gateway-authorize-net-base-url = API address
gateway-authorize-net-base-url-help = Leave it empty for the provider’s own, https://api.authorize.net or, in test mode, https://apitest.authorize.net.
gateway-authorize-net-hosted-url = Address of the hosted pages
gateway-authorize-net-hosted-url-help = Leave it empty for the provider’s own, https://accept.authorize.net or, in test mode, https://test.authorize.net.

## The sandbox
gateway-sandbox-about = Play money, to try everything out without a provider
gateway-sandbox-notices = The sandbox sends no notices.
