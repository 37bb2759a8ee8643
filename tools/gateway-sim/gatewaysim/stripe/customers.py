"""Customers and payment methods. Source: https://docs.stripe.com/api/customers and
/payment_methods."""

from __future__ import annotations

from .book import Book, Object
from .errors import StripeError
from .telling import tell

# Stripe's test payment methods, and how each behaves.
TEST_CARDS = {
    "pm_card_visa": "good",
    "pm_card_mastercard": "good",
    "pm_card_chargeDeclined": "declines",
    "pm_card_chargeCustomerFail": "declines_later",
    "pm_card_authenticationRequired": "asks_later",
}


def create(book: Book, params: Object, _key: str) -> Object:
    """POST /v1/customers"""
    members = {k: params.get(k) for k in ("name", "email", "phone", "description", "address")}
    made = book.new(
        "customer",
        "cus",
        {
            **members,
            "balance": 0,
            "currency": None,
            "default_source": None,
            "delinquent": False,
            "invoice_settings": {"default_payment_method": None, "footer": None},
            "metadata": params.get("metadata", {}),
            "preferred_locales": params.get("preferred_locales", []),
            "shipping": params.get("shipping"),
            "tax_exempt": params.get("tax_exempt", "none"),
        },
    )
    if "payment_method" in params:
        attach(book, {"customer": made["id"]}, params["payment_method"])
    _settings(book, made, params)
    tell(book, "customer.created", made)
    return made


def _settings(book: Book, found: Object, params: Object) -> None:
    default = params.get("invoice_settings", {}).get("default_payment_method")
    if default:
        check_owner(book, default, found["id"])
        found["invoice_settings"]["default_payment_method"] = default
        book.save(found)


def update(book: Book, params: Object, key: str) -> Object:
    """POST /v1/customers/{id}"""
    found = retrieve(book, {}, key)
    if found.get("deleted"):
        raise StripeError(404, f"No such customer: '{key}'", "resource_missing", "id")
    metadata = {**found["metadata"], **params.get("metadata", {})}
    plain = ("name", "email", "phone", "description", "address", "shipping", "preferred_locales")
    found.update({k: params[k] for k in plain if k in params})
    found["metadata"] = {k: v for k, v in metadata.items() if v != ""}
    book.save(found)
    _settings(book, found, params)
    tell(book, "customer.updated", found)
    return found


def retrieve(book: Book, _params: Object, key: str) -> Object:
    """GET /v1/customers/{id}; a deleted one is a stub."""
    row = book.row("customer", key)
    if row.get("deleted"):
        return {"id": key, "object": "customer", "deleted": True}
    return row["object"]


def delete(book: Book, _params: Object, key: str) -> Object:
    """DELETE /v1/customers/{id}; takes its payment methods along."""
    found = live(book, key, "id")
    for method in book.objects("payment_method"):
        if method["customer"] == key:
            detach(book, {}, method["id"])
    book.save(found, deleted=True)
    tell(book, "customer.deleted", found)
    return {"id": key, "object": "customer", "deleted": True}


def live(book: Book, key: str, param: str = "customer") -> Object:
    """A customer that was not deleted."""
    row = book.row("customer", key, param)
    if row.get("deleted"):
        raise StripeError(400, f"No such customer: '{key}'", "resource_missing", param)
    return row["object"]


def listing(book: Book, params: Object, _key: str) -> Object:
    """GET /v1/customers"""
    email = params.get("email")
    deleted = {
        row["object"]["id"]
        for row in book.store.of("stripe.customer", book.account["id"])
        if row.get("deleted")
    }
    return book.listing(
        "customer",
        params,
        "/v1/customers",
        lambda o: o["id"] not in deleted and email in (None, o["email"]),
    )


def new_method(book: Book, card: str, customer: str | None, email: str | None = None) -> Object:
    """A card as a hosted page or a test token makes it."""
    made = book.new(
        "payment_method",
        "pm",
        {
            "type": "card",
            "allow_redisplay": "unspecified",
            "billing_details": {"address": None, "email": email, "name": None, "phone": None},
            "card": {
                "brand": "visa",
                "checks": {"cvc_check": "pass"},
                "country": "US",
                "exp_month": 12,
                "exp_year": 2034,
                "fingerprint": book.store.token(16),
                "funding": "credit",
                "last4": "4242",
                "three_d_secure_usage": {"supported": True},
                "wallet": None,
            },
            "customer": None,
            "metadata": {},
        },
        card=card,
    )
    if customer:
        attach(book, {"customer": customer}, made["id"])
    return made


def find_method(book: Book, key: str) -> Object:
    """A payment method by identifier or test token."""
    if key in TEST_CARDS:
        return new_method(book, TEST_CARDS[key], None)
    return book.get("payment_method", key, "payment_method")


def behaviour(book: Book, key: str) -> str:
    """How a stored card behaves now."""
    truth = book.store.get("method", key)
    return str(truth["label"] if truth else book.row("payment_method", key)["card"])


def check_owner(book: Book, key: str, customer: str | None) -> Object:
    """A method attached to one customer serves no other."""
    found = find_method(book, key)
    if book.row("payment_method", found["id"]).get("detached"):
        text = "This PaymentMethod was previously detached and may not be used again."
        raise StripeError(400, text, "payment_method_unexpected_state", "payment_method")
    owner = found["customer"]
    if owner and owner != customer:
        text = (
            f"The provided PaymentMethod {key} belongs to another customer; it can be used only "
            "in a request that includes that customer."
        )
        raise StripeError(400, text, param="payment_method")
    return found


def attach(book: Book, params: Object, key: str) -> Object:
    """POST /v1/payment_methods/{id}/attach"""
    if "customer" not in params:
        raise StripeError(400, "Missing required param: customer.", "parameter_missing", "customer")
    live(book, params["customer"])
    found = check_owner(book, key, params["customer"])
    if found["customer"] == params["customer"]:
        return found
    found["customer"] = params["customer"]
    book.save(found)
    card = book.row("payment_method", found["id"])["card"]
    book.world.record_method(book.account, found["id"], params["customer"], card)
    tell(book, "payment_method.attached", found)
    return found


def detach(book: Book, _params: Object, key: str) -> Object:
    """POST /v1/payment_methods/{id}/detach; there is no way back."""
    found = book.get("payment_method", key)
    if not found["customer"]:
        text = "The payment method you provided is not attached to a customer."
        raise StripeError(400, text, "payment_method_unexpected_state", "payment_method")
    found["customer"] = None
    book.save(found, detached=True)
    book.world.remove_method(key)
    tell(book, "payment_method.detached", found)
    return found


def method(book: Book, _params: Object, key: str) -> Object:
    """GET /v1/payment_methods/{id}"""
    return book.get("payment_method", key)


def methods(book: Book, params: Object, key: str) -> Object:
    """GET /v1/customers/{id}/payment_methods and /v1/payment_methods?customer="""
    customer = key or params.get("customer")
    if not customer:
        raise StripeError(400, "Missing required param: customer.", "parameter_missing", "customer")
    live(book, customer)
    url = f"/v1/customers/{key}/payment_methods" if key else "/v1/payment_methods"
    wanted = params.get("type")
    return book.listing(
        "payment_method",
        params,
        url,
        lambda o: o["customer"] == customer and wanted in (None, o["type"]),
    )
