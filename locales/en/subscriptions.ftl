# Subscriptions.

subscriptions-subtitle = The plans that you hold
subscriptions-table = Subscriptions
subscriptions-search = Search by plan
subscriptions-price = { $price } · { $interval }
subscriptions-interval = Billed
subscriptions-current-period = Current period
subscriptions-started-on = Started on
subscriptions-ended-on = Ended on
subscriptions-trial-ends-on = Trial ends on
subscriptions-details = Details
subscriptions-parts = What it consists of
subscriptions-payment-method = Payment method
subscriptions-payment-method-default = Charged to your default payment method.
subscriptions-payment-methods-view = Show payment methods
subscriptions-past-due-text = A payment for this subscription is late. Please check your open invoices.
subscriptions-trial-text = This is a trial until { $date }.
subscriptions-cancels-text = This subscription will end on { $date }.
subscriptions-empty-title = No subscriptions
subscriptions-empty-text = Plans that you subscribe to will appear here.
subscriptions-none-found-title = No subscriptions found
