# Words on PDF documents.

## Headings
documents-invoice = Invoice
documents-credit-note = Credit note
documents-receipt = Receipt
documents-refund-receipt = Refund receipt

## Who
documents-from = From
documents-bill-to = Bill to
documents-issued-to = Issued to
documents-tax-id = Tax ID

## Facts
documents-issued-on = Issued
documents-due-on = Due
documents-period = Billing period
documents-purchase-order = Purchase order
documents-corrects = Corrects invoice
documents-reason = Reason

## Lines
documents-description = Description
documents-quantity = Quantity
documents-unit-price = Unit price
documents-tax = Tax
documents-amount = Amount

## Totals
documents-subtotal = Subtotal
documents-lines-total = Sum of lines
# Between the rate of a tax and what it is taken of: "VAT 21% of €100.00".
documents-tax-of = of
documents-total = Total
documents-paid = Paid
documents-prepaid = Paid in advance
documents-credited = Credited
documents-amount-due = Amount due
documents-remaining = Still to be paid
documents-instalments = Instalments
documents-instalment-open = Still to be paid
documents-amount-credited = Amount credited
documents-amount-paid = Amount paid
documents-amount-refunded = Amount refunded

## Stamps
documents-stamp-paid = Paid
documents-stamp-void = Void
documents-stamp-draft = Draft

## How to pay
documents-how-to-pay = How to pay
documents-iban = IBAN
documents-bic = BIC
documents-account-name = Account holder
documents-payment-reference = Reference
documents-payment-terms = Terms
documents-notes = Notes

## Receipts
documents-paid-on = Date
documents-method = Method
documents-settled = Applied to
documents-invoice-number = Invoice
documents-invoice-date = Invoice date
documents-unallocated = Not applied to an invoice

## Statements of account
documents-statement = Statement of account
documents-statement-period = Period
documents-statement-until = Up to
documents-currency = Currency
documents-amount-owed = Amount owed
documents-in-your-favour = In your favour
documents-balance = Balance
documents-day = Date
documents-movement = Movement
documents-charges = Charges
documents-payments = Payments
documents-opening-balance = Opening balance
documents-closing-balance = Closing balance
# As in "Open invoices on 31 May 2026".
documents-ageing = Open invoices on
documents-overdue-by = Overdue by
documents-invoices = Invoices
documents-age-current = Not overdue
documents-age-to-30 = 1 to 30 days
documents-age-to-60 = 31 to 60 days
documents-age-to-90 = 61 to 90 days
documents-age-older = More than 90 days
documents-due-in-all = Due in all
documents-credit-left = Paid, not applied to an invoice

## Foot of the page
# As in "Page 1 / 3".
documents-page = Page
