# Error pages. They say what to do next, never what broke inside.

error-bad-request-title = This request could not be read
error-bad-request-text = Something in the address or in the form is not as it should be. Go back and try again.
error-broken-title = Something went wrong
error-broken-text = The fault is ours and has been recorded. Please try again later.
error-forbidden-title = You may not open this
error-forbidden-text = Your role does not include this page. Someone who manages the roles can change that.
error-forged-title = Please send the form again
error-forged-text = The form was open for too long, or did not come from this site. Nothing was changed. Go back, reload the page and send it again.
error-method-not-allowed-title = This address does not do that
error-method-not-allowed-text = The page exists, but not for this kind of request. Go back and try again.
error-not-found-title = Page not found
error-not-found-text = There is nothing at this address, or nothing that you may see. Check the address, or begin at the start page.
error-too-large-title = That is too large
error-too-large-text = What was sent is larger than what is accepted here. Send less at a time.
error-too-many-title = Too many tries
error-too-many-text =
    { $minutes ->
        [one] Please wait a minute and try again.
       *[other] Please wait { $minutes } minutes and try again.
    }
error-too-slow-title = That took too long
error-too-slow-text = The request did not arrive in time. Check your connection and try again.
error-unavailable-title = Back in a moment
error-unavailable-text = A part of the system does not answer right now. Nothing was lost. Please try again shortly.
error-unknown-host-title = No portal at this address
error-unknown-host-text = Check the address for typing errors, or use the link that you were given.
error-unsupported-type-title = This kind of data is not accepted
error-unsupported-type-text = What was sent is not in a form that this page reads. Go back and try again.

error-reference-html = Reference for our support: <code>{ $reference }</code>
error-to-start = To the start page
error-try-again = Try again
