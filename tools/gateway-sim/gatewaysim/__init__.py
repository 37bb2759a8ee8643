"""A stand-in for Stripe, PayPal and Authorize.Net that keeps its own truth and can misbehave.

It shares nothing with the code that it is a test of: it is written from the vendors' public
documentation alone.
"""
