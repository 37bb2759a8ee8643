"""Tests of the gateway simulator; see its README for how to run them."""
