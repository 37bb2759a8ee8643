"""Stripe's errors. Source: https://docs.stripe.com/api/errors and /error-codes."""

from __future__ import annotations

from typing import Any


class StripeError(Exception):
    """An error answer: HTTP status, type, text, and what belongs to it."""

    def __init__(
        self,
        status: int,
        text: str,
        code: str = "",
        param: str = "",
        kind: str = "invalid_request_error",
        **more: Any,
    ) -> None:
        super().__init__(text)
        self.status = status
        self.error: dict[str, Any] = {"type": kind, "message": text}
        if code:
            self.error["code"] = code
            self.error["doc_url"] = "https://stripe.com/docs/error-codes/" + code.replace("_", "-")
        if param:
            self.error["param"] = param
        self.error.update(more)

    def body(self) -> dict[str, Any]:
        """The JSON answer."""
        return {"error": self.error}


def missing(kind: str, key: str, param: str = "id") -> StripeError:
    """What does not exist, or belongs to another account; Stripe answers both alike."""
    return StripeError(404, f"No such {kind}: '{key}'", "resource_missing", param)
