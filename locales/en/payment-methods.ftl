# Payment methods.

payment-methods-subtitle = Cards and accounts that can be charged
payment-methods-table = Payment methods
payment-methods-search = Search payment methods
payment-methods-ending = { $name } ending in { $last4 }
payment-methods-holder = Holder
payment-methods-expired = Expired
payment-methods-expired-text = This payment method has expired and cannot be charged any more.
payment-methods-details = Details
payment-methods-used-by = Used for
payment-methods-added-on = Added on
payment-methods-safe-text = The full number is kept by the payment provider and is never stored here.
payment-methods-empty-title = No payment methods
payment-methods-empty-text = Cards and accounts that are stored for your payments will appear here.
payment-methods-none-found-title = No payment methods found
