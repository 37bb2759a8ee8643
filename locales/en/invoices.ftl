# Invoices and credit notes, and what all lists say of their filters.

## The list
invoices-subtitle = Everything that was invoiced to you
invoices-table = Invoices
invoices-id = Invoice ID
invoices-generated-on = Generated on

## Its columns
invoices-column-id = Invoice ID
invoices-column-status = Status
invoices-column-total = Invoice Total
invoices-column-due-date = Due Date
invoices-column-amount-due = Amount Due
invoices-column-period = Billing Period
invoices-column-generated-on = Generated On

## Its search and what it can do
invoices-search = Search by invoice ID
invoices-issued-from = Issued from
invoices-issued-until = Issued until
invoices-download-zip = Download as ZIP
invoices-empty-title = No invoices yet
invoices-empty-text = Your invoices will appear here as soon as they are issued.
invoices-none-found-title = No invoices found

## One invoice
invoices-one = Invoice { $number }
invoices-issued = Issued on { $date }
invoices-issue-date = Issue date
invoices-overdue-since = This invoice was due on { $date }. { $amount } is still to be paid.
invoices-instalment-overdue = An instalment of this invoice was due on { $date }. { $amount } should have been paid by now.
invoices-void-text = This invoice was cancelled. Nothing has to be paid.
invoices-details = Details
invoices-summary = Summary
invoices-purchase-order = Purchase order
invoices-prepaid = Paid in advance
invoices-credited = Credited
invoices-remaining = Still to be paid
invoices-lines = Items
invoices-taxes = Taxes
invoices-taxable = Taxable amount
invoices-how-to-pay = How to pay
invoices-means = Means of payment
invoices-account-name = Account holder
invoices-terms = Payment terms
invoices-settled-by = Payments and credits
invoices-instalments = Instalments
invoices-instalment-due = Due on { $date }
invoices-instalment-open = { $amount } of it still to be paid
invoices-by-voucher = Voucher { $serial }
invoices-by-a-voucher = Voucher
invoices-from = From
invoices-to = Billed to

## Credit notes
credit-notes-one = Credit note { $number }
credit-notes-issued = Issued on { $date }
credit-notes-issue-date = Issue date
credit-notes-details = Details
credit-notes-summary = Summary
credit-notes-reason = Reason
credit-notes-free = Not tied to an invoice

## Filters of all lists
list-none-found-text = Nothing matches your search and filters. Change them, or clear them to see everything.
filter-fault-day = One of the dates could not be understood and was left out. Write it as year-month-day, for example 2026-11-21.
filter-fault-days-order = The first date lies after the last one, so nothing can be found.
filter-fault-amount = One of the amounts could not be understood and was left out. Write it as a plain number, for example 1250.00.

## Notices
notice-nothing-selected = Select at least one invoice first.
notice-too-many-selected = At most 100 invoices fit into one download. Please select fewer.
