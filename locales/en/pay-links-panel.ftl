# Links to pay an invoice with, for the staff.

pay-links = Pay links
pay-links-make = Make pay link
pay-links-text = Whoever has the link can see this invoice and pay it, without signing in. It works while something is due.
pay-links-life = Days that it works
pay-links-life-hint = From 1 to 365.
pay-links-mail = Send it by mail
pay-links-mail-hint = To those who get the customer's bills, in their language.
pay-links-nobody = Nobody of this customer has an email address.
pay-links-refused = There is nothing due on this invoice, or it has 20 links in force already.
pay-links-made-title = Pay link made
pay-links-mailed =
    { $count ->
        [one] It is on its way to one address.
       *[other] It is on its way to { $count } addresses.
    }
pay-links-once = The link is shown here once. Copy it now: we keep nothing that it could be shown from again.
pay-links-address = Pay link
pay-links-until = It works until { $time }.
pay-links-kept = I have copied it
pay-links-ends = Ends
pay-links-revoke = Switch off
pay-link-state-live = In force
pay-link-state-done = Nothing due
pay-link-state-expired = Ended
pay-link-state-revoked = Switched off
notice-pay-link-revoked = The link is switched off. Nobody can pay with it any more.
