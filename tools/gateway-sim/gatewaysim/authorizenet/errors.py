"""Refusals. Source: https://developer.authorize.net/api/reference/responseCodes.html."""

from __future__ import annotations


class AnetError(Exception):
    """A refused request: a code such as E00040 and its text."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def not_found() -> AnetError:
    """What does not exist, or belongs to another merchant."""
    return AnetError("E00040", "The record cannot be found.")


class TransactionRefused(Exception):
    """A transaction in error (response code 3): reason code and text."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text
