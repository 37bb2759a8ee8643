# Sections of the portal with their switches, and columns of its reports.

section-group-billing = Billing
section-group-holdings = What customers hold
section-group-account = Account
section-group-features = Features

section-balance = Balance
section-balance-text = What is due, what was paid and the balance: on the first page, and with every movement.
section-invoices = Invoices
section-invoices-text = Invoices and credit notes, with their PDFs.
section-payments = Payments
section-payments-text = Payments, refunds and receipts.
section-vouchers = Vouchers
section-vouchers-text = Redeeming voucher codes, and what they gave.
section-subscriptions = Subscriptions
section-subscriptions-text = Plans in use, with prices and periods.
section-entitlements = Entitlements
section-entitlements-text = What may be used, and how much of it is left.
section-contracts = Contracts
section-contracts-text = Signed agreements and their revisions.
section-payment_methods = Payment methods
section-payment_methods-text = Stored cards and accounts that charges go to.
section-billing_information = Billing information
section-billing_information-text = Company, addresses and tax IDs, to read and, where allowed, to change.
section-exports = Downloads of lists
section-exports-text = Lists as CSV and XLSX files. PDFs of single documents belong to their sections.

## One customer's exceptions
access-title = Portal access
access-subtitle = What this customer sees, where it differs from { $brand }.
access-shown-by-brand = As the portal: shown
access-hidden-by-brand = As the portal: hidden
access-show = Show
access-hide = Hide
access-shows = Shown: { $names }
access-hides = Hidden: { $names }

## Columns
column-acd = ACD
column-asr = ASR
column-attempts = Attempts
column-billed_duration = Billed duration
column-call_id = Call ID
column-call_time = Call time
column-card_id = Card ID
column-charge = Charge
column-connect_cost = Connect cost
column-connected = Connected
column-customer = Customer
column-customer_charge = Customer charge
column-customer_destination_name = Customer destination name
column-customer_duration = Customer duration
column-destination = Destination
column-destination_code = Destination code
column-destination_name = Destination name
column-direction = Direction
column-dtmf = DTMF
column-dtmf_percent = DTMF percent
column-duration = Duration
column-lrn_number = LRN number
column-pdd = PDD
column-pdd_in = PDD in
column-play_audio = Play audio
column-rate = Rate
column-recording_file = Recording file
column-release_reason = Release reason
column-ring_duration = Ring duration
column-sdp = SDP
column-sip_code = SIP code
column-sip_reason = SIP reason
column-source_ip = Source IP
column-source_number = Source number
column-switch = Switch
column-tech_prefix = Tech prefix
