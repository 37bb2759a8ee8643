# Texts of the portal in a brand's own words.

texts-title = Texts
texts-text = Any text of the portal, in your own words. Changes show within a second or two.
texts-own-count =
    { $count ->
        [0] None is changed in this language.
        [one] One is changed in this language.
       *[other] { $count } are changed in this language.
    }
texts-search = Search by words or key
texts-language = Language
texts-area = Part
texts-only = Show
texts-only-own = Own words only
texts-now = Text
texts-key = Key
texts-state = State
texts-shipped = Shipped
texts-none-found = No text found
texts-first-page = To the beginning
texts-own-words = Own words
texts-own-words-hint = Plain text; what stands in braces is put in. Use the arguments of the shipped text only.
texts-reset-text = The text is shown in its shipped words again.
texts-shipped-words = Shipped words
texts-arguments = Arguments
texts-arguments-text = These can be put in:
texts-arguments-none = Nothing is put into this text.
texts-area-common = Common
texts-area-entry = Signing in
texts-area-sign-up = Signing up
texts-area-overview = Overview
texts-area-invoices = Invoices
texts-area-credit-notes = Credit notes
texts-area-payments = Payments
texts-area-balance = Balance
texts-area-vouchers = Vouchers
texts-area-pay = Paying
texts-area-pay-links = Pay links
texts-area-payment-methods = Payment methods
texts-area-subscriptions = Subscriptions
texts-area-contracts = Contracts
texts-area-entitlements = Entitlements
texts-area-profile = Profile
texts-area-staff-visit = Visits of the staff
texts-area-mail = Mails
texts-area-errors = Errors
texts-area-faults = Form hints

text-fault-empty = There is nothing in it. To hide something, use the brand's switches; to go back, the shipped words.
text-fault-too-long = At most 2,000 characters fit.
text-fault-characters = There are characters that do not belong into a text.
text-fault-braces = A brace is opened or closed without the other. To show a brace, write {"{"}"{"{"}"{"}"}.
text-fault-empty-braces = Nothing that can be put in stands in the braces. An argument begins with a dollar sign.
text-fault-quotes = A quotation mark within braces is not closed.
text-fault-no-default = A choice needs an entry for all other cases, which begins with *[other].
text-fault-too-deep = Too many braces stand within each other.
text-fault-syntax = This line cannot be read. Lines must not begin with a dot, an asterisk or a square bracket, unless they belong to a choice.
text-fault-unknown-argument = This text is not given “{ $name }”. Use the arguments of the shipped text only.
text-fault-reference = Functions and other texts cannot be put in: “{ $name }”.
text-fault-markup = This text holds markup. Its tags must be those of the shipped text, in the same order.

notice-text-saved = The text is saved.
notice-text-reset = The text has its shipped words again.
