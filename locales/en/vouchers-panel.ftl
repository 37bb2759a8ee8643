# Vouchers in the control panel.

vouchers-batches-subtitle = Codes that add credit to whoever redeems them, made in batches
vouchers-batches-table = Batches of vouchers
vouchers-batches-empty-title = No vouchers yet
vouchers-batches-empty-text = Make a batch, download its codes and print or send them. What becomes of each voucher will be here.
vouchers-batches-no-more = No older batches
vouchers-search = Serial number or series
vouchers-missed = There is no voucher with the serial number { $name }, and no batch with this series.
vouchers-newest = Newest
vouchers-older = Older
vouchers-first = First page
vouchers-series = Series
vouchers-made-on = Made
vouchers-never = Never
vouchers-not-yet = Not yet
vouchers-without-end = Without end
vouchers-state-redeemed = Redeemed
vouchers-of-count = { $redeemed } of { $count }
vouchers-out-of = of { $count }
vouchers-days =
    { $count ->
        [one] One day
       *[other] { $count } days
    }

## States of a batch
vouchers-batch-live = In use
vouchers-batch-unexported = Codes not downloaded
vouchers-batch-spent = All redeemed
vouchers-batch-expired = Expired
vouchers-batch-void = Void

## One batch
vouchers-batch = Batch
vouchers-count = Vouchers
vouchers-by-state = Vouchers by state
vouchers-tab = { $state } ({ $count })
vouchers-of-batch = Vouchers of { $series }
vouchers-redeemed-by = Redeemed by
vouchers-exported-on = Codes downloaded
vouchers-voided-on = Made void
vouchers-none-found-title = No such vouchers
vouchers-none-found-text = None of this batch is in this state.
vouchers-history = History
vouchers-show-all = Show all
vouchers-unexported-title = The codes of this batch were not downloaded yet
vouchers-unexported-text = They can be downloaded once. Until then nobody knows them, so nobody can redeem them.

## A new batch
vouchers-new = New batch
vouchers-new-text = All vouchers of a batch give the same. What they give cannot be changed later.
vouchers-batch-hint = How many vouchers, and what they are called.
vouchers-series-hint = Serial numbers begin with it. Letters A to Z and digits, for example SUMMER26.
vouchers-count-hint = At most 10,000. Each can be redeemed once.
vouchers-expires-hint = The last day on which they can be redeemed. Empty if they never expire.
vouchers-credit = Credit
vouchers-credit-hint = At once, or together with a payment.
vouchers-kind = Kind
vouchers-kind-free-hint = The amount is credited as soon as the voucher is redeemed.
vouchers-kind-additional-hint = The amount is credited with the next payment that is large enough.
vouchers-kind-multiplied-hint = A share of the next payment that is large enough, and the amount, if one is given.
vouchers-amount-hint = What each voucher credits.
vouchers-percent = Share of the payment in percent
vouchers-percent-hint = For example 25 or 12.5.
vouchers-ceiling = Largest credit
vouchers-ceiling-hint = Empty if there is no limit.
vouchers-minimum = Smallest payment
vouchers-minimum-hint = Smaller payments leave the voucher waiting.
vouchers-wait-days = Days to wait for the payment
vouchers-wait-days-hint = From the day on which it is redeemed. Empty if without end.
vouchers-note = Note
vouchers-note-hint = For your staff alone: what the batch is for.
vouchers-make = Make batch
vouchers-fault-percent = This is not a percentage that fits here, for example 25 or 12.5.
vouchers-fault-past = This day is over. Choose a later one.
notice-vouchers-made = The batch was made.

## The codes
vouchers-codes = Download codes
vouchers-codes-title = Download the codes of { $series }?
vouchers-codes-once = The codes can be downloaded this once. Afterwards nobody can read them any more, not even here.
vouchers-codes-text =
    { $count ->
        [one] The file is a table with the serial number and the code of one voucher. Keep it as you would keep cash. The audit log says who downloaded it. If the file gets lost, make the batch void and make a new one.
       *[other] The file is a table with the serial numbers and codes of { $count } vouchers. Keep it as you would keep cash. The audit log says who downloaded it. If the file gets lost, make the batch void and make a new one.
    }
vouchers-back = Back to the batch

## Making void
vouchers-void-batch = Make batch void
vouchers-void-batch-title = Make the batch { $series } void?
vouchers-void-batch-text = Nobody can redeem its codes any more, and those that wait for a payment pay out nothing. This cannot be undone.
vouchers-void-unused = Unused, become void
vouchers-void-waiting = Waiting for a payment, become void
vouchers-void-kept = Redeemed, stay as they are
vouchers-void-one = Make void
vouchers-void-title = Make the voucher { $serial } void?
vouchers-void-text = Nobody can redeem its code any more. This cannot be undone.
vouchers-void-waiting-text = The customer who redeemed it will get no credit for it. This cannot be undone.
notice-vouchers-voided = The voucher is void.
notice-vouchers-batch-voided = The batch is void.

## One voucher
vouchers-waits-until-label = Waits until
vouchers-credited-on = Credited on
vouchers-payment = Payment
vouchers-payment-view = View payment
