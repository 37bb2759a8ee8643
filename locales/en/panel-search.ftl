# The search of the control panel.

panel-search-label = Search customers, contacts, invoices and vouchers
panel-search-title = Search
panel-search-for = Results for “{ $words }”
panel-search-nothing-asked = What are you looking for?
panel-search-hint = Names are found by how they begin; emails, invoice numbers, voucher serials and IDs when they are complete.
panel-nothing-found = Nothing found
