# The first page.

overview-welcome = Welcome, { $name }
overview-subtitle = Your account at a glance
overview-overdue =
    { $count ->
        [one] One invoice is overdue: { $amount }
       *[other] { $count } invoices are overdue: { $amount } in total
    }
overview-overdue-at-least = At least { $count } invoices are overdue: { $amount } or more in total
overview-overdue-view = Show overdue invoices
overview-due = Amount due
overview-due-in = Amount due in { $currency }
overview-due-hint =
    { $count ->
        [one] On one open invoice
       *[other] On { $count } open invoices
    }
overview-due-nothing = Nothing to pay
overview-due-later = Nothing to pay yet, { $amount } later
overview-due-view = Show invoices
overview-next-due = Next due date
overview-next-due-hint = { $amount } to be paid
overview-next-due-nothing = No upcoming payment
overview-balance-in = Balance in { $currency }
overview-balance-owed = You owe this amount
overview-balance-credit = No outstanding debt
overview-balance-view = Show statement
overview-available = Available
overview-available-hint = Balance plus your credit limit
overview-chart-title = Invoiced and paid, last twelve months
overview-chart-description = For each month one bar for what was invoiced and one for what was paid, less refunds.
overview-chart-empty-title = No activity yet
overview-chart-empty-text = Once invoices are issued or payments arrive, you will see them here month by month.
overview-invoiced = Invoiced
overview-paid = Paid
overview-recent = Recent invoices
overview-invoice-due = Due on { $date }

overview-quiet-title = Welcome
overview-quiet-text = Choose a section from the menu to see more of your account.
