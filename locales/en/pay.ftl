# Paying in the portal: invoices that are due, the balance beforehand, and how an attempt to pay stands.

pay-title = Pay invoices
pay-due-in-all = { $amount } is due in all
pay-due-and-remaining = { $due } is due now, of { $remaining } in all
pay-credit = You have { $amount } of credit. You can use it when you pay invoices.
pay-left-out = Some of the invoices that you chose are not listed here: they are paid already, or in another currency.
pay-nothing-title = Nothing is due
pay-nothing-text = All your invoices are paid.
pay-no-way-title = Nothing can be paid online yet
pay-no-way-text = Please pay as your invoices say, or ask { $brand }.
pay-look-only-title = You can look, but not pay
pay-look-only-text = Ask the owner of the account, or somebody who looks after its bills, to pay.

## Ways in
pay-invoice = Pay
pay-selected = Pay selected
pay-what-is-due = Pay what is due
notice-too-many-to-pay = At most 100 invoices can be paid at once. Please select fewer.

## The form
pay-invoices = Invoices
pay-without-number = Without a number
pay-due-on = Due on { $date }
pay-of-total = of { $amount }
pay-remaining = { $amount } remains in all
pay-not-due-yet = Not due yet
pay-more = There are more invoices to pay. They appear here once these are paid.
pay-selected-sum = Selected:
pay-how-much = How much of them
pay-scope-next = What comes next
pay-scope-next-hint = What is due by today, or the next instalment where nothing is due yet.
pay-scope-all = All that remains
pay-scope-all-hint = Instalments that fall due later, too.
pay-other-amount = Another amount
pay-other-amount-hint = In { $currency }. Leave it empty to pay all that is selected.
pay-use-credit = Use my credit of { $amount } first
pay-use-credit-hint = Whatever it does not cover is paid as you choose below.
pay-use-credit-alone = Nothing else can be paid with here, so it has to cover all that you pay.
pay-by = Pay by
pay-paid-by = Paid by
pay-test = Test: no money moves
pay-way-new = { $way }: enter new details
pay-way-silent = { $provider } does not answer just now. Choose another way, or try again in a few minutes.
pay-surcharge = Surcharge: { $surcharge }
pay-surcharge-both = Surcharge: { $share } + { $amount }
pay-minimum = At least { $amount }
pay-minimum-or-due = At least { $amount }, or all that is due
pay-maximum = At most { $amount }
pay-keep = Keep this method for later
pay-keep-hint = { $provider } stores it. We never see the number.
pay-submit = Pay
pay-too-many = You have tried to pay too often. You can try again from { $time } on.

pay-fault-amount =
    { $decimals ->
        [0] Type a whole amount above zero, in digits alone.
       *[other] Type an amount above zero, in digits and with at most { $decimals } decimal places.
    }
pay-fault-two-amounts = You chose an amount and typed another one. Keep one of them.
pay-fault-no-invoices = Choose at least one invoice.
pay-fault-no-way = Choose how you want to pay.
pay-fault-form = The form was not complete. Please check it and send it again.
pay-fault-sent-before = This form was sent before, with other entries. See what was paid by it before you send it again.

## Paying in beforehand
refill-title = Refill balance
refill-subtitle = What you pay in is credited to your balance.
refill-own-amount = Another amount in { $currency }
refill-own-amount-hint = Only where none of the amounts above suits you.

## How it stands
pay-title-away = Continue your payment
pay-title-waiting = Your payment is being processed
pay-title-paid = Thank you, your payment has arrived
pay-title-failed = Your payment did not go through
pay-away-text = The next step is on the pages of { $provider }. Afterwards you come back here.
pay-waiting-text = { $provider } is working on your payment. That mostly takes seconds, with bank debits up to some days. Please do not pay again. This page changes by itself, and you can close it.
pay-back-text = We are waiting for { $provider }, and this page changes by itself. If you did not finish there, you can continue: nothing is paid twice.
pay-paid-invoices = We have received { $amount } for your invoices.
pay-paid-refill = We have received { $amount } and added it to your balance.
pay-failed-text = Nothing was charged
pay-dismissed-text = This payment does not count
pay-way-of = { $way } ({ $provider })
pay-surcharge-label = Surcharge
pay-charged = This payment
pay-credit-used = Settled by your credit besides
pay-credit-beside = Your credit settles besides, once it is paid
pay-continue = Continue to { $provider }
pay-look-again = Look again
pay-to-payment = Go to payment
pay-to-balance = Go to balance
pay-to-invoices = Go to invoices

## What credit settled
credit-use-title = Thank you, it is settled
credit-use-text = { $amount } of your credit has settled your invoices. No money was moved.
credit-use-list = Credit used for invoices
credit-use-one = Credit used on { $date }

## Why it was not paid
decline-declined = The bank declined the payment. Try another method, or ask your bank.
decline-insufficient-funds = There is not enough money on the account. Try another method or a smaller amount.
decline-expired = The card has expired. Try another method.
decline-wrong-details = The number, the security code or the name is not right. Check them and try again.
decline-not-authenticated = Your bank's check was not passed. Try again and confirm the payment with your bank.
decline-customer-needed = Your bank wants you to confirm this payment yourself. Try again and enter the details anew.
decline-abandoned = The payment was cancelled, or not finished in time.
decline-method-gone = The stored method is no longer valid. Choose another one.
decline-too-much = The amount is more than can be paid at once. Try a smaller amount or another method.
decline-unavailable = The payment provider cannot be reached at the moment. Try again later, or pay in another way.
decline-dismissed = What we received does not match this payment. If money has left your account and does not come back within a few days, please ask us.

## The sandbox
sandbox-title = Sandbox: play money
sandbox-money = You would pay { $amount }.
sandbox-store = You would store a payment method.
sandbox-text = This is no real payment page. No money moves, and no card is asked for. Choose what shall happen.
sandbox-over = A choice has been made already.
sandbox-back = Back to the payment
sandbox-choice-pay = Pay
sandbox-choice-decline = Have it declined
sandbox-choice-challenge = Have the bank ask first
sandbox-choice-delay = Pay, after a while
sandbox-choice-lose = Pay, but lose the answer for a while
sandbox-choice-cancel = Go back without paying
