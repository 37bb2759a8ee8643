# Vouchers in the portal: redeeming one, and those that were redeemed.

nav-vouchers = Vouchers
vouchers-subtitle = What you have redeemed, and what it brought
vouchers-table = Redeemed vouchers
vouchers-serial = Serial number
vouchers-gives = Gives
vouchers-redeemed-on = Redeemed
vouchers-credited = Credited
vouchers-pays-out-until = Pays out until { $date }
vouchers-empty-title = No vouchers yet
vouchers-empty-text = Vouchers that you redeem appear here with the credit that they brought.

vouchers-redeem = Redeem voucher
vouchers-redeem-text = Enter the code of your voucher to add its credit to your balance.
vouchers-code = Voucher code
vouchers-code-hint = Blanks, hyphens and small letters do not matter.
vouchers-too-many = Too many codes were tried. You can try again from { $time } on.
vouchers-not-permitted = You can look at vouchers here, but not redeem any. Ask the owner of the account to do so.

vouchers-done-credited = { $amount } has been added to your balance
vouchers-done-credited-text = Voucher { $serial } is redeemed.
vouchers-to-balance = Go to balance
vouchers-done-waiting = The voucher is redeemed and waits for your next payment
vouchers-waits = It pays out { $gain } with your next payment of at least { $minimum }.
vouchers-waits-until = It pays out { $gain } with your next payment of at least { $minimum } until { $date }.

## Kinds, followed by what they give
voucher-kind-free = Credit
voucher-kind-additional = Bonus
voucher-kind-multiplied = Percentage bonus

## What a voucher gives. $gain is an amount, or a share of the payment, or both.
voucher-gain-both = { $share } + { $amount }
voucher-terms-free = { $gain }
voucher-terms-payment = { $gain } with a payment of at least { $minimum }
voucher-terms-ceiling = { $gain } with a payment of at least { $minimum }, { $ceiling } at most

## States
voucher-state-live = Unused
voucher-state-waiting = Waiting
voucher-state-redeemed = Redeemed
voucher-state-void = Void
voucher-state-expired = Expired
