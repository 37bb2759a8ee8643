# Payments in the control panel: given back, released, allocated, confirmed, cancelled; and money that was taken.

label-reason = Reason

## Through the gateway
panel-return-new = Refund to method
panel-return-text = The money goes back to where it came from, through the payment gateway. What it settled is due again, the newest invoice first, unless a part of the payment was free.
panel-return-most = At most { $most }.
panel-return-most-on-top = At most { $most }. Of that, { $extra } were paid on top (a surcharge) and go back last.
panel-return-reason-hint = The customer reads what stands before the first #.
panel-return-go = Continue
panel-return-sure = The gateway is asked to give this money back. It cannot be undone.
panel-return-do = Refund now
panel-return-orders = Refunds that are not done
panel-return-order-sent = The gateway is being asked
panel-return-order-processing = The gateway works on it
panel-return-order-unknown = The gateway has not answered; it is asked again
panel-return-order-failed = Not refunded
panel-return-differs = Does not match: { $what }
panel-return-mismatch = The gateway gave back something else than was asked for
panel-return-mismatch-text = Nothing was booked yet. Compare it with what the provider shows; then book it as it is.
panel-return-accept = Book as the provider says
panel-return-decline-declined = The bank or the provider refused it ({ $code })
panel-return-decline-insufficient-funds = There is not enough on the account at the provider ({ $code })
panel-return-decline-expired = The card has expired ({ $code })
panel-return-decline-wrong-details = The details of the method are not right ({ $code })
panel-return-decline-not-authenticated = The bank did not confirm it ({ $code })
panel-return-decline-customer-needed = The bank needs the customer ({ $code })
panel-return-decline-abandoned = It was not finished ({ $code })
panel-return-decline-method-gone = The method is no longer there ({ $code })
panel-return-decline-too-much = More than can be refunded ({ $code })
panel-return-decline-unavailable = The gateway did not take it; nothing moved ({ $code })
notice-return-made = The refund was made.
notice-return-refused = The refund was not made. The page says why.
notice-return-under-way = The refund is on its way. The page shows when it is done.
notice-return-not-possible = This payment cannot be refunded through a gateway.
notice-return-accepted = It was booked as the provider says.

## Money that was taken
panel-taken = Money that went back through the gateway
panel-taken-by-refund = Refund
panel-taken-by-dispute = Chargeback
panel-taken-back = Came back
panel-taken-look = To be looked at
panel-taken-ask = Ask the provider for refunds and chargebacks
panel-taken-flagged = Money went back that nobody here gave back
panel-taken-flagged-text = A bank took it, or a refund did not arrive. Look at it with the provider, and at what the customer owes now.
panel-taken-seen = I have looked at it
notice-return-seen = Noted that it was looked at.
notice-return-nothing-new = The provider tells of nothing new.
notice-return-found = The provider told of something new; it was booked.
notice-return-not-told = The provider could not be asked, or tells of something that cannot be booked.
home-returns-title = Money went back that needs a look
home-returns-text = See chargebacks, refunds that came back, and what does not match
panel-returns-title = Chargebacks and refunds to look at
panel-returns-subtitle = Money that banks took back, refunds that came back, and what does not match
panel-returns-odd = What does not match
panel-returns-taken = Money that went back
panel-returns-older = Older
panel-returns-empty-title = Nothing to look at
panel-returns-empty-text = Chargebacks, and refunds that did not arrive, will appear here.

## To the balance
panel-release-new = Refund to balance
panel-release-text = The money stays here as credit of the customer: what the payment settled is due again, and the credit can settle other invoices. No money moves, and the balance stays as it is. To let the customer off an invoice, issue a credit note.
panel-release-hint = The newest invoice is freed first.
panel-release-nothing = This payment settles no invoice: all of it is credit already.
panel-release-do = Make it credit
notice-payment-released = The payment is credit of the customer again.

## Invoices that it settles
panel-allocate-new = Allocate
panel-allocate-text = { $left } can be allocated. Leave a field empty to take the payment off that invoice; what is left over is credit.
panel-allocate-settled = { $settled } settled by this payment
panel-allocate-settled-due = { $settled } settled by this payment, { $due } still due
panel-allocate-nothing = The customer has no open invoice in this currency.
panel-allocate-sure = The payment settles these invoices and no others. Invoices that it is taken off are due again.
panel-allocate-do = Allocate payment
notice-payment-allocated = The payment was allocated.

## Confirming, cancelling, giving up
panel-confirm-new = Confirm receipt
panel-confirm-text = The payment has arrived. It counts from then on, and settles what you enter here.
panel-confirm-do = Confirm receipt
notice-payment-confirmed = The payment counts now.
panel-cancel-new = Cancel payment
panel-cancel-text = The payment never arrived, or was recorded by mistake. It counts no more, and invoices that it settled are due again. The ledger keeps both.
panel-cancel-reason-hint = For the staff.
panel-cancel-do = Cancel payment
notice-payment-cancelled = The payment was cancelled.
panel-write-off-new = Write off
panel-write-off-text = What is due of this invoice is given up: the customer owes it no more, and the ledger books it as a loss. Later payments of it become credit.
panel-write-off-reason-hint = For the staff, in the audit log.
panel-write-off-refused = Nothing is due of this invoice any more.
panel-write-off-do = Write off invoice
notice-invoice-written-off = The invoice was written off.
panel-credit-use = Use credit
panel-credit-use-text = The customer has { $credit } of credit. What is used settles this invoice, the oldest credit first. No money moves, and the balance stays as it is.
panel-credit-use-hint = In { $currency }. Leave it empty to use as much as there is, or as the invoice needs.
panel-credit-use-nothing = There is nothing to settle
panel-credit-use-nothing-text = The customer has no credit in this currency, or the invoice is settled.
panel-credit-use-do = Use credit
panel-credit-there = Credit of the customer
notice-credit-used = Credit settled the invoice.

## What is wrong
fault-more-than-left = This must be more than 0, and no more than what is left.
fault-no-gateway = This payment cannot be refunded through a gateway. Record the refund instead.
fault-payment-state = This cannot be done with the payment as it stands now. Open it again to see how it stands.
fault-settles-too-much = This is more than is left of the payment, or than is due of the invoice.
