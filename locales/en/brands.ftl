# Portals as brands in the control panel.

nav-brands = Portals

notice-brand-created = The portal was created. Set up the rest of it in its tabs.
notice-brand-saved = Saved. The portal shows it within a second.
notice-brand-removed = The portal was removed.
notice-brand-has-customers = This portal has customers. Attach them to another one before you remove it.
notice-brand-has-gateways = This portal has payment gateways of its own. Remove them, or offer them in all portals, before you remove it.
notice-brand-is-default = This is the default portal. Make another one the default before you remove it.
notice-brand-is-now-default = New customers now belong to this portal.
notice-customer-access-saved = Saved. The customer sees it within a second.

## The list
brands-subtitle = Each portal has its own domain, looks, sections and mail for a group of your customers.
brands-table = Portals of the organisation
brands-new = New portal
brands-domains = Domains
brands-no-host = No domain yet
brands-customers = Customers
brands-sections-hidden = Hidden sections
brands-exceptions = Exceptions
brands-of-customers = Customers
brands-of-carriers = Carriers
brands-closed = Closed
brands-empty-title = No portal yet
brands-empty-text = Create the first one: a name and a domain are enough to begin with.

## Tabs
brands-tabs = Settings of the portal
brands-tab-basic = Basic
brands-tab-sections = User access area
brands-tab-breakout = Breakout
brands-tab-cdr = CDR
brands-open-portal = Open portal

## Basic
brands-new-subtitle = The looks, mail and further domains follow once it is there.
brands-create = Create portal
brands-brand = Brand
brands-name = Brand name
brands-name-hint = What customers read on every page and in every mail.
brands-host = Domain
brands-host-hint = The name that customers open, for example billing.example.com. What to set in the DNS is shown next.
brands-language = Default language
brands-language-hint = For visitors whose browser speaks none of the portal’s languages.
brands-sign-up = Sign-up
brands-sign-up-text = Whether new customers can register by themselves on this portal.
brands-sign-up-customers = Customers can sign up
brands-sign-up-carriers = Carriers can sign up
brands-needs-approval = Sign-ups need approval
brands-needs-approval-hint = Each one waits until your staff accepts it.
brands-template = Template customer
brands-template-hint = Its settings and records are copied to every customer who signs up. Type its ID or external ID.
brands-template-is = Set to { $name }
brands-currencies = Currencies for sign-up
brands-currencies-hint = Codes such as EUR, USD. Left empty: the organisation’s currency.
brands-addresses = Links with your own site
brands-home-url = Home page
brands-home-url-hint = Where the logo leads. It must be at one of the return origins.
brands-return-origins = Allowed return origins
brands-return-origins-hint = Sites that portal sessions may lead back to, one per line: https://example.com
brands-embed-origins = Allowed embed origins
brands-embed-origins-hint = Sites whose pages may show the portal in a frame, one per line.
brands-paying = Payments
brands-receipts = Receipts by mail
brands-receipts-hint = To whoever paid, else to the customer's contacts for bills.
brands-receipts-online = For payments through a gateway
brands-receipts-all = For recorded payments as well
brands-receipts-never = Never
brands-link-lines = Pay links show the lines of their invoice
brands-link-lines-hint = The invoice itself can be downloaded there in any case.

brands-editable = Editable profile fields
brands-editable-text = What customers can change in the portal. Everything else is shown and locked.
brands-field-name = Name
brands-field-email = Email address
brands-field-phone = Phone
brands-field-company = Company details
brands-field-address = Addresses
brands-field-tax_ids = Tax IDs
brands-more = More
brands-make-default = Make default
brands-make-default-text = New customers that name no portal would belong to this one.
brands-remove = Remove portal
brands-remove-text = Nobody uses this portal. Its domains, looks, mail settings and texts go with it.
brands-remove-in-use = This portal has customers, so it cannot be removed. Attach them to another portal first.
brands-remove-title = Remove { $name }?
brands-remove-sure = Domains, certificates, looks, mail settings and texts of this portal are deleted. This cannot be undone.

## User access area
brands-sections-text = Switch off what customers of this portal should not see. A hidden section is absent from the menu, from search, from downloads and from its address. You can make exceptions for each customer.
brands-exceptions-count =
    { $count ->
        [one] One customer has exceptions
       *[other] { $count } customers have exceptions
    }
brands-no-exceptions = All customers see what is set here. Exceptions are made on a customer’s page, under Portal access.

## Columns of reports
brands-columns-breakout-text = Choose the columns of the breakout report and their order. Carriers never see columns that tell what customers pay.
brands-columns-cdr-text = Choose the columns of the call detail records and their order. Carriers never see columns that tell what customers pay.
brands-columns-usual = This is the usual choice. Save to keep it as it is now, whatever later versions choose.
brands-columns-unsaved = The order was changed, but is not saved yet.
brands-columns-none = Choose at least one column.
brands-columns-reset = Back to the usual choice
brands-column-shown = Shown
brands-column-name = Column
brands-column-seen-by = Can be seen by
brands-column-position = Position
brands-column-show = Show { $name }
brands-column-position-of = Position of { $name }
brands-column-up = Move { $name } up
brands-column-down = Move { $name } down

## What can be wrong
brands-fault-too-many = At most { $max } values fit.
brands-fault-host = This is no domain. Type a name such as billing.example.com, without https:// and without a path.
brands-fault-reserved-host = This name belongs to the installation itself. Choose a name of your own and lead it here by a CNAME record.
brands-fault-host-in-use = This domain is in use already.
brands-fault-link = This is no web address. It should begin with https://
brands-fault-not-allowed = { $value } is not among the allowed return origins. Add it there first.
brands-fault-origin = “{ $value }” is no origin. It should look like https://example.com
brands-fault-currency = “{ $value }” is no currency. Use codes of three letters, such as EUR.
brands-fault-no-customer = No customer has this ID or external ID.
