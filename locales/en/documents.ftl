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

## Foot of the page
# As in "Page 1 / 3".
documents-page = Page
