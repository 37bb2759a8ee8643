# The looks of a portal in the control panel: draft, preview, versions.

notice-looks-saved = The draft is saved. Customers see it once you publish it.
notice-looks-published = Published. The portal shows it within a second.
notice-looks-discarded = The draft was thrown away. The portal stays as it is.
notice-looks-rolled-back = The earlier version is shown again, under a new number.
notice-looks-stale = Somebody saved meanwhile. Look at the draft again before you go on.
notice-looks-no-draft = There is no draft to publish.
notice-looks-file-gone = A picture of this version was removed from the files. Choose another one in the draft, and publish that.

looks-title = Advanced

## Draft
looks-has-draft = Draft
looks-draft-title = There is a draft that customers do not see yet
looks-draft-by = { $name } saved it { $when }.
looks-draft-at = It was saved { $when }.
looks-save = Save draft
looks-save-and-publish = Save and publish…
looks-publish = Publish
looks-discard = Throw draft away
looks-stale-title = Somebody else saved meanwhile
looks-stale-text = What you typed is still here and is not saved. Save again to put it in the place of the other draft.

## Colours and shapes
looks-colours = Colours and shapes
looks-accent = Accent colour
looks-accent-hint = Buttons, links and marks. Moved to the nearest shade that everybody can read.
looks-radius = Corner radius
looks-radius-hint = 0 for sharp corners, up to 24 pixels.
looks-font = Typeface
looks-font-hint = None of them is loaded from another host.
looks-font-inter = Inter
looks-font-system = The device’s own
looks-font-serif = Serif
looks-font-rounded = Rounded
looks-font-mono = Monospaced
looks-contrast-title = The accent colour was corrected
looks-contrast-text = As you chose it, some people could not read it. Hue and strength stay; the shade is moved as little as needed.
looks-contrast-light-text = Text on light backgrounds: { $chosen } has a contrast of { $contrast } to 1, and { $needed } is needed. Shown as { $used }.
looks-contrast-light-fill = Buttons and marks on light backgrounds: { $chosen } has a contrast of { $contrast } to 1, and { $needed } is needed. Shown as { $used }.
looks-contrast-dark-text = Text on dark backgrounds: { $chosen } has a contrast of { $contrast } to 1, and { $needed } is needed. Shown as { $used }.
looks-contrast-dark-fill = Buttons and marks on dark backgrounds: { $chosen } has a contrast of { $contrast } to 1, and { $needed } is needed. Shown as { $used }.

## Pictures
looks-pictures = Pictures
looks-upload = Upload pictures
looks-logo = Logo
looks-logo-hint = On light backgrounds. Without one, the portal shows its name.
looks-dark-logo = Logo on dark backgrounds
looks-dark-logo-hint = Without one, the other logo is shown there as well.
looks-favicon = Icon of the browser tab
looks-favicon-hint = Upload it as an icon, so that it is square.
looks-no-picture = None

## Foot of the page
looks-foot = Foot of each page
looks-footer = Footer
looks-footer-hint = One line: your registered name, for example.
looks-support-url = Help page
looks-support-email = Address to write to for help
looks-links = Legal links
looks-links-hint = Terms, privacy, imprint. Rows left empty are not shown.
looks-link-label = Text { $number }
looks-link-url = Address { $number }
looks-more-links = More links

## Code
looks-code = Own style sheet and script
looks-css = Custom CSS
looks-css-hint = Up to 64 KB. Your files are at /brand/files/ and their identifier. Rules stand in a cascade layer after those of the portal. Its notices and warnings stay as they are.
looks-css-faults = The style sheet cannot be saved like this
looks-css-contrast = Your style sheet sets colours. These are not corrected: check that text stays legible, in light and in dark.
looks-script = Custom JavaScript
looks-script-hint = Code without tags, or exactly one <script src="https://…"></script> from an allowed origin. It runs on the pages of those who are signed in, but never where people sign in, prove who they are, pay or manage payment methods; and never in the preview.
looks-script-title = A script sees what your customer sees
looks-script-warning = A script can read everything on the page that it runs on, and act as the customer who looks at it. Only use code whose author you trust as you trust yourself. Each change of it stands in the audit log.
looks-origins = Allowed origins
looks-origins-hint = One per line, with https://. Style sheet and script may load from these hosts, on the pages that run scripts. Nothing is loaded from anywhere else.

## Faults
looks-fault-colour = Choose a colour such as #2f5bea.
looks-fault-radius = Use a whole number from 0 to 24.
looks-fault-no-file = This picture is not among your files any more. Choose another one.
looks-fault-link = Use a whole address that begins with https://.
looks-fault-half-link = Fill in both the text and the address, or neither.
looks-fault-too-many = Use at most { $max }.
looks-fault-origin = “{ $value }” is not an origin. Use https:// and a host, such as https://cdn.example.com.
looks-fault-css = The style sheet has { $count ->
    [one] one fault
   *[other] { $count } faults
}. They are listed below it.
looks-fault-script-large = The script has more than 64 KB. Load it from an allowed origin instead.
looks-fault-script-markup = Write code without tags, or exactly one <script src="https://…"></script>.
looks-fault-script-address = The address in src has to begin with https://.
looks-fault-script-origin = { $value } is not among the allowed origins. Add it below.
looks-fault-script-integrity = The value of integrity is not a hash such as sha384-….

## Preview
looks-preview = Preview
looks-preview-page = Page
looks-preview-refresh = Refresh
looks-preview-width = Width of the preview
looks-width-desktop = Desktop
looks-width-phone = Phone
looks-preview-frame = The portal with these looks
looks-preview-hint = Real pages with made-up data. The script does not run here.
looks-page-overview = Overview
looks-page-invoices = Invoices
looks-page-invoice = One invoice
looks-page-sign-in = Sign-in

## Versions
looks-versions = Published versions
looks-version = Version
looks-first-version = Before the first one
looks-current = Shown
looks-published-at = Published
looks-published-by = By
looks-by-operator = A former operator
looks-by-api_key = API
looks-by-system = System
looks-actions = Actions
looks-look = Preview
looks-roll-back = Roll back

## Questions
looks-ask-publish = Publish version { $version }?
looks-ask-publish-text = { $count ->
    [0] { $brand } has no customers yet. Whoever comes to the portal sees the new looks within a second.
    [one] The customer of { $brand } sees the new looks within a second. You can roll back at any time.
   *[other] The customers of { $brand } see the new looks within a second. You can roll back at any time.
}
looks-ask-discard = Throw the draft away?
looks-ask-discard-text = All changes since the last publication are lost. What customers see on { $brand } stays as it is.
looks-ask-roll-back = Roll back to version { $version }?
looks-ask-roll-back-text = { $brand } shows that version again within a second, under a new number. A draft stays as it is.
