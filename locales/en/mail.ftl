# Mails. `brand` is the name of the business that writes.

mail-greeting = Hello { $name },
mail-help = Questions? Write to { $address }.
mail-link-instead = If the button does not work, open this address:
mail-valid-hours =
    { $count ->
        [one] The link works once, within an hour.
       *[other] The link works once, within { $count } hours.
    }
mail-valid-minutes =
    { $count ->
        [one] The link works once, within a minute.
       *[other] The link works once, within { $count } minutes.
    }

mail-sign-in-link-subject = Sign in to { $brand }
mail-sign-in-link-text = Here is the link that you asked for. It signs you in to your billing portal at { $brand }.
mail-sign-in-link-action = Sign in
mail-sign-in-link-unasked = If you did not ask for it, ignore this mail: nobody can sign in without it.

mail-password-reset-subject = Choose a new password for { $brand }
mail-password-reset-text = Somebody asked for a new password for your account at { $brand }. Choose one here:
mail-password-reset-action = Choose a new password
mail-password-reset-unasked = If that was not you, ignore this mail: your password stays as it is.

mail-temporary-password-subject = Your temporary password for { $brand }
mail-temporary-password-text = You can sign in to your billing portal at { $brand } with your email address and this temporary password:
mail-temporary-password-then = It works until you have signed in with it and chosen a password of your own.
mail-temporary-password-action = Sign in
mail-temporary-password-valid =
    { $count ->
        [one] The temporary password works for an hour.
       *[other] The temporary password works for { $count } hours.
    }
mail-temporary-password-unasked = The password that you had before does not work any more. If you did not expect this mail, ask us about it.

mail-confirm-email-subject = Confirm your e-mail address for { $brand }
mail-confirm-email-text = This address is to be used for your account at { $brand }. Please confirm that it is yours.
mail-confirm-email-action = Confirm address
mail-confirm-email-unasked = If you know nothing of this, ignore this mail: nothing will change.

mail-email-change-notice-subject = Your e-mail address at { $brand } is being changed
mail-email-change-notice-text = A change of your e-mail address to { $address } was asked for. It takes effect once it is confirmed there.
mail-email-change-notice-unasked = If that was not you, change your password now and end all sessions.

mail-password-changed-subject = Your password at { $brand } was changed
mail-password-changed-text = Your password was changed on { $time }.
mail-password-changed-unasked = If that was not you, choose a new password at once with the link for forgotten passwords.

mail-receipt-subject = Your payment of { $amount } to { $brand }
mail-receipt-text = We received your payment of { $amount } ({ $method }) on { $date }. Thank you.
mail-receipt-then = In your billing portal you can see what it was for, and download the receipt.
mail-receipt-action = Open billing portal

mail-pay-link-subject = Pay invoice { $number } of { $brand }
mail-pay-link-text = { $amount } is open on invoice { $number } of { $brand }, due on { $date }. You can pay it here, without signing in.
mail-pay-link-action = See and pay invoice
mail-pay-link-valid = The link works until { $time }, as long as the invoice is open. Whoever has it can see and pay this one invoice.

mail-smtp-test-subject = Test mail of { $brand }
mail-smtp-test-text = This mail came to you by the mail server { $server }. Its settings work.
mail-smtp-test-unasked = It was sent from the control panel. There is nothing for you to do.
