"""PayPal's errors.

Source: https://developer.paypal.com/api/rest/responses/ and the `issue` lists of its OpenAPI
descriptions.
"""

from __future__ import annotations

from typing import Any

NAMES = {
    400: ("INVALID_REQUEST", "Request is not well-formed, syntactically incorrect, or violates "
          "schema."),
    401: ("AUTHENTICATION_FAILURE", "Authentication failed due to missing authorization header, or "
          "invalid authentication credentials."),
    403: ("NOT_AUTHORIZED", "Authorization failed due to insufficient permissions."),
    404: ("RESOURCE_NOT_FOUND", "The specified resource does not exist."),
    405: ("METHOD_NOT_SUPPORTED", "The server does not implement the requested HTTP method."),
    409: ("RESOURCE_CONFLICT", "The server has detected a conflict while processing this request."),
    415: ("UNSUPPORTED_MEDIA_TYPE", "The server does not support the request payload's media "
          "type."),
    422: ("UNPROCESSABLE_ENTITY", "The requested action could not be performed, semantically "
          "incorrect, or failed business validation."),
    500: ("INTERNAL_SERVER_ERROR", "An internal server error has occurred."),
}  # fmt: skip


class PayPalError(Exception):
    """An error answer: HTTP status, issue, description, and the place in the body."""

    def __init__(
        self,
        status: int,
        issue: str = "",
        text: str = "",
        field: str = "",
        links: list[dict[str, str]] | None = None,
    ) -> None:
        super().__init__(f"{issue} {text}")
        self.status = status
        name, message = NAMES[status]
        self.value: dict[str, Any] = {"name": name, "message": message, "links": links or []}
        if issue:
            detail = {"issue": issue, "description": text}
            if field:
                detail.update(field=field, location="body")
            self.value["details"] = [detail]

    def body(self, debug_id: str) -> dict[str, Any]:
        """The JSON answer."""
        return {**self.value, "debug_id": debug_id}


def unknown_id() -> PayPalError:
    """What does not exist, or belongs to another account."""
    text = "Specified resource ID does not exist. Please check the resource ID and try again."
    return PayPalError(404, "INVALID_RESOURCE_ID", text)
