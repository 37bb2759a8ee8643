# The ledger, for the staff.

nav-ledger = Ledger
ledger-subtitle = What the accounts come to, over all customers
ledger-table = Accounts in { $currency }
ledger-account = Account
ledger-receivable = Owed by customers
ledger-in-credit = Owed to customers
ledger-account-customer = Customers
ledger-account-customer-text = What customers owe, and what they have in credit
ledger-account-sales = Invoiced
ledger-account-sales-text = Invoices that are in force
ledger-account-credit-notes = Credit notes
ledger-account-credit-notes-text = What was taken back of invoices
ledger-account-recorded = Payments recorded
ledger-account-recorded-text = Money that came in, less refunds
ledger-account-vouchers = Vouchers
ledger-account-vouchers-text = What vouchers gave to customers
ledger-account-paid-elsewhere = Paid elsewhere
ledger-account-paid-elsewhere-text = What invoices state as paid, without a payment
ledger-account-write-offs = Write-offs
ledger-account-write-offs-text = What invoices that were given up left unpaid
ledger-sum = Sum
ledger-empty-title = Nothing has been booked yet
ledger-empty-text = With the first invoice or payment, the accounts appear here.
ledger-customer-owes = The customer owes this amount
ledger-customer-in-credit = In the customer’s favour
ledger-customer-empty-text = Invoices, payments and credit notes will appear here with the balance after each.
