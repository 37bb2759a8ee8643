# The account: profile, billing information, security.

## Profile
profile-subtitle = Your personal data and preferences
profile-personal = Personal data
profile-read-only = This cannot be changed here. Please contact support.
profile-language-browser = Same as browser
profile-language-hint = For these pages and for emails to you.
profile-time-zone-default = Same as the account
profile-time-zone-hint = Times are shown in this zone.
profile-email-title = Email address
profile-email-present = Present address
profile-email-new = New email address
profile-email-hint = We will send a link to the new address. The change takes effect once you have confirmed it.
profile-email-change = Change email address
profile-email-pending = { $email } waits to be confirmed. Open the link that we sent there.
profile-account = Account
profile-role = Your role
profile-customer-only = You are visiting this account without a personal profile.

## Billing information
profile-billing-subtitle = What is printed on your invoices
profile-billing-read-only = Some of this information can only be changed by our staff. Please contact support.
profile-company = Company
profile-legal-name = Registered name
profile-legal-name-hint = As it should appear on invoices.
profile-registration-number = Registration number
profile-billing-email = Billing email
profile-billing-address = Billing address
profile-shipping-address = Shipping address
profile-address-line1 = Street and number
profile-address-line2 = Building, floor, suite
profile-postal-code = Postal code
profile-city = City
profile-region = State or region
profile-country-none = Choose a country
profile-address-none = No address yet
profile-tax-ids = Tax IDs
profile-tax-ids-hint = Leave a number empty to remove it.
profile-tax-ids-none = No tax IDs yet
profile-tax-kind-none = Choose a type
profile-tax-kind = Type of tax ID { $row }
profile-tax-number = Tax ID { $row }

## Security
profile-security-subtitle = Your password, and where you are signed in
profile-password-change = Change password
profile-password-set = Set a password
profile-current-password = Current password
profile-new-password = New password
profile-password-hint = At least 8 characters. Several words in a row are easy to remember and hard to guess.
profile-sessions = Where you are signed in
profile-device = { $browser } on { $system }
profile-device-unknown = Unknown device
profile-session-current = This device
profile-session-seen = Last used { $time }
profile-session-by-link = opened by link
profile-session-by-password = with password
profile-session-by-mailed-link = with a mailed link
profile-session-end = Sign out
profile-sessions-end-others = Sign out everywhere else

## Notices
notice-profile-saved = Your profile was saved.
notice-email-change-sent = We have sent a link to your new address. Open it to confirm the change.
notice-email-confirmed = Your new email address is confirmed.
notice-company-saved = Your company data was saved.
notice-address-saved = Your address was saved.
notice-tax-ids-saved = Your tax IDs were saved.
notice-password-changed = Your password was changed, and all your other sessions have ended.
notice-password-due = Your temporary password is right. Now choose a password of your own.
notice-password-reset = Your password was changed, and you are signed in.
notice-session-ended = That session has ended.
notice-sessions-ended = All your other sessions have ended.

## Registers of tax ids
tax-kind-ar-cuit = Argentina · CUIT
tax-kind-au-abn = Australia · ABN
tax-kind-br-cnpj = Brazil · CNPJ
tax-kind-br-cpf = Brazil · CPF
tax-kind-ca-bn = Canada · BN
tax-kind-ca-gst = Canada · GST/HST
tax-kind-ch-vat = Switzerland · VAT
tax-kind-cl-rut = Chile · RUT
tax-kind-co-nit = Colombia · NIT
tax-kind-cr-cpj = Costa Rica · CPJ
tax-kind-do-rnc = Dominican Republic · RNC
tax-kind-ec-ruc = Ecuador · RUC
tax-kind-es-cif = Spain · NIF (companies)
tax-kind-es-nif = Spain · NIF (persons)
tax-kind-eu-vat = European Union · VAT
tax-kind-gb-vat = United Kingdom · VAT
tax-kind-il-hp = Israel · HP
tax-kind-in-gst = India · GSTIN
tax-kind-in-pan = India · PAN
tax-kind-is-vat = Iceland · VSK
tax-kind-jp-cn = Japan · Corporate number
tax-kind-kr-brn = South Korea · BRN
tax-kind-mx-rfc = Mexico · RFC
tax-kind-no-vat = Norway · VAT
tax-kind-nz-ird = New Zealand · IRD
tax-kind-pe-ruc = Peru · RUC
tax-kind-sg-uen = Singapore · UEN
tax-kind-tr-vkn = Türkiye · VKN
tax-kind-us-ein = United States · EIN
tax-kind-uy-rut = Uruguay · RUT
profile-note-title = A note from us
