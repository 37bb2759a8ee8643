# The first page of the control panel.

home-start-title = Welcome
home-start-text = There are no customers yet. Begin here:
home-start-customer = Create the first customer
home-start-customer-text = By hand, with its contacts and a first invoice.
home-start-api = Connect your billing system
home-start-api-text = Customers, invoices and payments come in through the Management API.
home-open = To be paid
home-invoices = Invoices
home-overdue = Overdue
home-overdue-hint =
    { $count ->
        [one] in one invoice
       *[other] in { $count } invoices
    }
home-new-customers = New customers
home-new-customers-hint = in the last 30 days
home-waiting = Waiting for approval
home-or-more = { $count } or more
home-recent-payments = Latest recorded payments
home-no-payments-text = Payments of all customers appear here.
home-newest-customers = Newest customers
