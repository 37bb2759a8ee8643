# Words that every section uses. Sections keep their own texts in their own files.

## Actions
action-apply = Apply
action-back = Back
action-cancel = Cancel
action-change = Change
action-choose = Choose
action-clear-filters = Clear filters
action-close = Close
action-confirm = Confirm
action-continue = Continue
action-copy = Copy
action-delete = Delete
action-details = Details
action-download = Download
action-download-csv = Download CSV
action-download-pdf = Download PDF
action-download-selected = Download selected
action-download-xlsx = Download XLSX
action-edit = Edit
action-export = Export
action-filter = Filter
action-hide = Hide
action-next = Next
action-open-navigation = Open navigation
action-previous = Previous
action-print = Print
action-remove = Remove
action-reset = Reset
action-save = Save
action-save-changes = Save changes
action-search = Search
action-select-all = Select all
action-send = Send
action-show = Show
action-show-as-table = Show as table
action-show-password = Show password
action-sign-in = Sign in
action-sign-out = Sign out
action-skip-to-content = Skip to content
action-try-again = Try again
action-view = View
action-view-all = View all

## Labels
label-account-menu = Account menu
label-address = Address
label-all = All
label-amount = Amount
label-amount-due = Amount due
label-amount-from = Amount from
label-amount-to = Amount to
label-balance = Balance
label-billing-period = Billing period
label-breadcrumbs = Breadcrumbs
label-company = Company
label-country = Country
label-currency = Currency
label-customer = Customer
label-date = Date
label-default = Default
label-description = Description
label-due-date = Due date
label-email = Email
label-ends-on = Ends on
label-expires-on = Expires on
label-filters = Filters
label-from = From
label-id = ID
label-invoice = Invoice
label-language = Language
label-main-navigation = Main navigation
label-method = Method
label-month = Month
label-name = Name
label-no = No
label-none = None
label-notes = Notes
label-number = Number
label-optional = Optional
label-overdue = Overdue
label-page-size = Page size
label-pages = Pages
label-paid = Paid
label-password = Password
label-period = Period
label-phone = Phone
label-plan = Plan
label-price = Price
label-quantity = Quantity
label-reference = Reference
label-rows-per-page = { $count } per page
label-selected = Selected
label-selection = Selection
label-starts-on = Starts on
label-state = State
label-status = Status
label-subtotal = Subtotal
label-tax = Tax
label-tax-id = Tax ID
label-theme = Appearance
label-time-zone = Time zone
label-total = Total
label-type = Type
label-unit-price = Unit price
label-until = Until
label-yes = Yes

## A span of days. $start and $end are formatted dates.
label-span = { $start }{ "\u00A0" }– { $end }

## How often something is billed
interval-day =
    { $count ->
        [one] daily
       *[other] every { $count } days
    }
interval-week =
    { $count ->
        [one] weekly
       *[other] every { $count } weeks
    }
interval-month =
    { $count ->
        [one] monthly
       *[other] every { $count } months
    }
interval-year =
    { $count ->
        [one] yearly
       *[other] every { $count } years
    }

## Forms
form-errors-title =
    { $count ->
        [one] One entry needs your attention
       *[other] { $count } entries need your attention
    }
notice-saved = Your changes were saved.
form-working = Working…

## Navigation
nav-overview = Overview
nav-invoices = Invoices
nav-payments = Payments
nav-balance = Balance
nav-entitlements = Entitlements
nav-subscriptions = Subscriptions
nav-contracts = Contracts
nav-payment-methods = Payment methods
nav-profile = Profile
nav-billing-information = Billing information
nav-security = Security
nav-help = Help

## Appearance
theme-auto = Same as device
theme-light = Light
theme-dark = Dark

## States of an invoice
status-draft = Draft
status-open = Open
status-partially-paid = Partially paid
status-overdue = Overdue
status-paid = Paid
status-void = Void
status-uncollectible = Uncollectible
instalment-state-paid = Paid
instalment-state-overdue = Overdue
instalment-state-due = Due today
instalment-state-upcoming = Later
instalment-state-closed = Not expected

## States of a payment or refund
payment-status-processing = Processing
payment-status-succeeded = Succeeded
payment-status-failed = Failed
payment-status-cancelled = Cancelled

## Payment and refund
payment-kind-payment = Payment
payment-kind-refund = Refund
payment-kind-dispute = Chargeback

## Ways of payment
method-card = Card
method-bank-transfer = Bank transfer
method-bank-account = Bank account
method-direct-debit = Direct debit
method-paypal = PayPal
method-cash = Cash
method-check = Check
method-other = Other

## States of a subscription
subscription-status-pending = Starts later
subscription-status-trialing = Trial
subscription-status-active = Active
subscription-status-past-due = Past due
subscription-status-paused = Paused
subscription-status-cancelled = Cancelled

## States of a contract
contract-status-draft = Draft
contract-status-active = In force
contract-status-paused = Paused
contract-status-expired = Expired
contract-status-disputed = Disputed

## States and kinds of an entitlement
entitlement-status-active = Active
entitlement-status-inactive = Inactive
entitlement-status-expired = Expired
entitlement-kind-feature = Feature
entitlement-kind-quantity = Quantity
entitlement-kind-credits = Credits

## States of a credit note
credit-note-status-issued = Issued
credit-note-status-void = Void

## Roles of a contact
role-owner = Owner
role-billing = Billing
role-viewer = Viewer

## Tables to download
export-truncated = There are more rows than one file holds. Narrow the filters to get the rest.
