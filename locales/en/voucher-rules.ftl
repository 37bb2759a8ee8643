# What stands against something with vouchers, for the staff.

notice-vouchers-exported = The codes of this batch were exported already. They are kept nowhere: where they are lost, void the batch and make another one.
notice-vouchers-spent = This voucher gave its credit already.
notice-vouchers-void = These vouchers are void. Their codes are not given out any more.

## The file of codes
vouchers-file-serial = Serial number
vouchers-file-code = Code
