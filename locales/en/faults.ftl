# What can be wrong with a field, and how to mend it.

fault-required = This is needed. Please fill it in.
fault-too-long =
    { $max ->
        [one] At most one character fits.
       *[other] At most { $max } characters fit. Please shorten it.
    }
fault-too-short =
    { $min ->
        [one] At least one character is needed.
       *[other] At least { $min } characters are needed.
    }
fault-not-an-email = This is not a complete email address. It should look like name@example.com.
fault-not-a-country = Choose a country from the list.
fault-not-a-language = Choose a language from the list.
fault-not-a-time-zone = Choose a time zone from the list.
fault-not-a-tax-id = The number does not have the form of this type. It should look like { $example }.
fault-not-a-phone = This is not a phone number. Use digits, with the country code at the beginning, for example +44 20 7946 0000.
fault-weak-password = This password is easy to guess or known from leaks. Add further words, or choose another one.
fault-wrong-password = This is not your current password.
fault-unchanged = This is the same as before.
fault-not-a-choice = Choose one of the values on offer.
fault-bad-characters = Some characters do not belong here. Please remove them.
fault-read-only = This cannot be changed here.
fault-wrong-code = This code is not right, or was used already. Wait for the next one, and check the clock of your device.
fault-taken = This is in use already.
fault-mistyped-code = A character of this code is wrong, missing or swapped with its neighbour. Compare it with your voucher.
fault-code-not-accepted = This code cannot be redeemed. Check that you typed all of it, and that your voucher is still valid.
fault-code-already-yours = You have redeemed this voucher already.
fault-not-a-number = This must be a whole number of at least 1.
fault-out-of-range = This must lie between { $min } and { $max }.
