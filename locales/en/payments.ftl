# Payments and refunds.

payments-subtitle = What you paid, and what was given back
payments-table = Payments and refunds
payments-search = Search by reference or method
payments-settled = Invoices
payments-of-payment = Original payment
payments-empty-title = No payments yet
payments-empty-text = Your payments and refunds will appear here.
payments-none-found-title = No payments found

payments-one-payment = Payment of { $date }
payments-one-refund = Refund of { $date }
payments-one-dispute = Chargeback of { $date }
payments-receipt = Download receipt
payments-processing-text = This payment is on its way. It counts as soon as it has arrived.
payments-failed-text = This payment did not go through. Nothing was charged.
refunds-failed-text = This refund did not arrive, and does not count. The money is on your balance again.
refunds-disputed-text = Your bank took this money back. What it had paid is due again.
refunds-dispute-won-text = Your bank took this money back and returned it. The payment counts again.
refunds-returning-text = { $amount } of this payment are on their way back to you.
payments-details = Details
payments-summary = Summary
payments-refund-of = Refund of
payments-refunded = Refunded
payments-unallocated = Not yet applied to an invoice
payments-settled-invoices = Invoices paid
payments-settled-nothing-title = Not applied to an invoice
payments-settled-nothing-text = This payment counts towards your balance.
payments-refunds = Refunds
payments-payer = Paid by
