# Ways in and out: signing in, links, passwords, the end of a session.

## Signing in
entry-sign-in-title = Sign in
entry-sign-in-text = Sign in to your { $brand } account.
entry-sign-in-again = Sign in again
entry-refused = The email address and the password do not match. Check both and try again, or have a sign-in link sent to you.
entry-or = or
entry-mail-me-a-link = Email me a sign-in link
entry-back-to-sign-in = Back to sign in
entry-go-to-account = Go to your account
entry-return = Back to { $brand }

## A mail is on its way
entry-sent-title = Check your email
entry-sent-sign-in = If { $email } belongs to an account here, we have sent a link for signing in to that address.
entry-sent-reset = If { $email } belongs to an account here, we have sent a link for choosing a new password to that address.
entry-sent-help = The link can be used once and only for a short time. If nothing arrives within a few minutes, look in your spam folder or check the address.

## A link for signing in
entry-mailed-title = Continue to your account
entry-mailed-text = You are signing in as { $name } for { $customer }.

## Another account is signed in
entry-switch-title = Switch accounts?
entry-switch-text = You are signed in already, and this link is for a different account.
entry-switch-present = Signed in now
entry-switch-wanted = This link
entry-switch-confirm = Continue as { $customer }
entry-switch-stay = Stay with { $customer }
entry-switch-from = You are signed in as { $name } for { $customer }. Continuing ends that session.

## A link that cannot be used
entry-link-over-title = This link is no longer valid
entry-link-over-text = Links can be used once and only for a short time. This one has been used already, has expired, or is incomplete.
entry-link-over-return = Go back to { $brand } and open your account from there to get a new one.
entry-link-over-sign-in = Sign in to continue, or have a new link sent to you.

## The session is over
entry-ended-title = Your session has ended
entry-ended-text = For your security we sign you out after a time without activity. Sign in again to continue where you were.

## Signed out
entry-signed-out-title = You are signed out
entry-signed-out-text = Your session has ended on this device. You can close this window.

## No encrypted connection
entry-insecure-title = A secure connection is needed
entry-insecure-text = This page was opened over a connection that is not encrypted. To protect your data, nobody can sign in this way.
entry-insecure-help = Open the address again with https:// at the beginning. If that does not work, please contact support.

## A forgotten password
entry-forgot-link = Forgot your password?
entry-forgot-title = Forgot your password?
entry-forgot-text = Enter your email address and we will send you a link for choosing a new password.
entry-forgot-send = Send the link
entry-reset-title = Choose a new password
entry-reset-text = You will be signed in, and all your other sessions will end.
entry-reset-save = Save password and sign in

## A new email address
entry-confirm-email-title = Confirm your email address
entry-confirm-email-text = Confirm that { $email } is your address. From then on you sign in with it.
entry-confirm-email-bare = Confirm that this address is yours. From then on you sign in with it.

# In a frame of another site, where some browsers keep no cookies.
entry-open-in-window = Does it not work here? Open it in a new window
