# The balance and its statement.

balance-subtitle = What was charged and what was paid, one after the other
balance-table = Statement
balance-search = Search by number
balance-charges = Charges
balance-payments = Payments
balance-movement = Movement
balance-in-credit = In your favour
balance-even = Nothing is owed
balance-limit-credit = Your balance may go down to { $amount } below zero
balance-limit-prepaid = There is no credit limit
balance-limit-buffer = Prepaid: { $amount } has to be left
balance-opening = Balance before { $date }
balance-closing = Balance after { $date }
balance-pdf = Statement as PDF
notice-statement-not-made = A statement on paper holds at most 5,000 movements. Choose fewer days, the first one before the last.
balance-empty-title = Nothing has moved yet
balance-empty-text = Invoices, payments and credit notes will appear here with the balance after each.
balance-none-found-title = No movements found

## Movements, followed by the number of the document
statement-invoice = Invoice
statement-invoice-lowered = Correction of invoice
statement-credit-note = Credit note
statement-credit-note-void = Cancelled credit note
statement-payment = Payment
statement-refund = Refund
statement-voucher = Voucher
statement-paid-before = Paid before, invoice
statement-paid-before-replaced = Replaced by a payment, invoice
statement-write-off = Waived, invoice
statement-write-off-undone = No longer waived, invoice
