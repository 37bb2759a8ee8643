# What goes through gateways, in the control panel: attempts to pay, and what payment providers told.

nav-payment-attempts = Online payments
payment-attempts-subtitle = Every attempt to pay through a gateway, and what came of it
payment-attempts-table = Attempts to pay
payment-attempts-search = Customer, reference or the provider’s identifier
payment-attempts-empty-title = No online payments yet
payment-attempts-empty-text = As soon as customers pay through a gateway, each attempt is listed here, whatever comes of it.
payment-attempts-none-found-title = No such attempts
payment-attempts-tab-attempts = Attempts
payment-attempts-tab-notices = Notices of providers
payment-attempts-look = Show
payment-attempts-look-only = Only those that need a look
payment-attempts-begun = Begun
payment-attempts-gateway = Gateway
payment-attempts-purpose = Purpose
payment-attempts-charged = Charged
payment-attempts-reason = Reason
payment-attempts-code = Provider’s code
payment-attempts-mismatch = What does not match
payment-attempts-handle = Provider’s identifier
payment-attempts-reference = Reference at the provider
payment-attempts-payment = Payment ID
payment-attempts-id = Attempt ID
payment-attempts-of-customer = Online payments
payment-attempts-of-payment = Paid online
payment-attempts-view = View the attempt

## One attempt
payment-attempts-stands = How it stands
payment-attempts-customer-reads = The customer reads
payment-attempts-became = It became
payment-attempts-view-payment = A payment
payment-attempts-next-look = The provider is asked again
payment-attempts-changed = Last change
payment-attempts-sum = What it comes to
payment-attempts-credits = Credited
payment-attempts-asked = What was asked for
payment-attempts-contact = Begun by
payment-attempts-method-stored = A stored method
payment-attempts-method-new = A new method
payment-attempts-method-kept = A new method, to be stored
payment-attempts-network = Network address
payment-attempts-site = Portal
payment-attempts-history = What happened
payment-attempts-was-begun = Begun

## What it is for
attempt-purpose-pay = Invoices
attempt-purpose-refill = Refill of the balance

## How it stands
attempt-state-created = Stored
attempt-state-sent = Being asked
attempt-state-needs-action = With the customer
attempt-state-processing = Processing
attempt-state-unknown = Not known
attempt-state-succeeded = Paid
attempt-state-failed = Failed
attempt-state-mismatch = Does not match
attempt-state-dismissed = Closed by staff
attempt-state-missing = For long

## What to do
attempt-mismatch-title = The provider has money that does not match, and nothing was credited
attempt-mismatch-text = Look it up at { $provider }. If a setting here was wrong, correct it and ask the provider again. Otherwise give the money back there, and then close the attempt here.
attempt-missing-text = { $provider } has not said how this ended for more than an hour. It is asked again every ten minutes. Look it up there as well if this lasts.
attempt-dismissed-title = Closed by staff
attempt-look = Ask the provider now
attempt-dismiss = Close the attempt
attempt-dismiss-title = Close this attempt?
attempt-dismiss-text = Do this after the money was given back at { $provider }. The customer then reads that the payment failed, and can pay again. Nothing that the provider says about this attempt is credited from then on. This cannot be undone.
attempt-dismiss-reason = Reason
attempt-dismiss-reason-hint = For your staff: what you found, and how the money was given back.
notice-attempt-paid = The provider says that it is paid. It has been credited.
notice-attempt-failed = The provider says that it was not paid.
notice-attempt-asked = The provider was asked. How it stands now is shown here.
notice-attempt-dismissed = The attempt has been closed.
notice-attempt-not-dismissed = Only an attempt for which the provider has money that does not match can be closed.

## Notices of providers
nav-gateway-notices = Notices of providers
gateway-notices-subtitle = What payment providers told by themselves. A notice proves nothing: it makes Portico ask the provider.
gateway-notices-table = Notices of payment providers
gateway-notices-search = Identifier of the event
gateway-notices-empty-title = No notices yet
gateway-notices-empty-text = As soon as a provider sends notices to the address of a gateway, they are listed here.
gateway-notices-none-found-title = No such notices
gateway-notices-one = Notice
gateway-notices-kind = Event
gateway-notices-event = Identifier of the event
gateway-notices-received = Received
gateway-notices-attempt = Attempt
gateway-notices-view-attempt = View
gateway-notices-subject = Is about
gateway-notices-tries = Worked on
gateway-notices-next-try = Worked on next
gateway-notices-result = Result
gateway-notice-state-waiting = Waiting
gateway-notice-state-done = Done
gateway-notice-state-ignored = Nothing of ours
gateway-notice-state-given-up = Given up
gateway-notice-replay = Work on it again
gateway-notice-replay-text = The provider is asked once more about what this notice names. Nothing can be credited twice by it.
notice-subject-payment = A payment
notice-subject-set-up = The storing of a method
notice-subject-reversal = A refund or a dispute
notice-subject-method = A stored method
notice-subject-none = Nothing to look up
notice-gateway-notice-replayed = The notice is worked on again within seconds.

## On the first page
home-attempts = Online payments to look at
home-attempts-hint = do not match, or are not known for long
home-notices = Notices without a result
home-notices-hint = of payment providers
