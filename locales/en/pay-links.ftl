# Paying one invoice by a link, without signing in: what whoever follows it reads.

pay-link-title = Invoice { $number }
pay-link-subtitle = You can pay it to { $brand } here, without signing in.
pay-link-lines = What it is for
pay-link-more = There are more lines on the invoice.
pay-link-submit = Pay { $amount }
pay-link-next = { $amount }, which comes next
pay-link-all = { $amount }, which is all that remains
pay-link-fault-changed = What is due has changed meanwhile. Check the amount, and pay if it is right.
pay-link-invoice = Invoice
pay-link-paid = We have received { $amount }. There is nothing else for you to do.
pay-link-back = Back to the invoice
pay-link-over-title = This link cannot be used
pay-link-over-text = It may have ended, there may be nothing left to pay, or a part of the address is missing.
pay-link-over-ask = Ask { $brand } for a new link, or sign in to see your invoices.
