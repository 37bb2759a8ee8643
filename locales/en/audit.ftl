# The audit log.

audit-subtitle = Every change with who, when, from where, before and after. Nothing in it can be changed.
audit-when = When
audit-who-kind = Kind
audit-who = Who
audit-who-id = ID of who
audit-address = Address
audit-action = Action
audit-subject = Record ID
audit-customer = Customer ID
audit-field = Field
audit-before = Before
audit-after = After
audit-of-customer = Customer
audit-changes =
    { $count ->
        [one] One field
       *[other] { $count } fields
    }
audit-kind-operator = Operator
audit-kind-api-key = API key
audit-kind-contact = Contact
audit-kind-system = System
audit-newest = Newest
audit-older = Older
audit-none-found-title = No such entries
audit-empty-title = Nothing was changed yet
audit-empty-text = Each change by operators, API keys and contacts will be here.
