"""Checkout sessions, setup intents, and the pages where a payer decides.

Source: https://docs.stripe.com/api/checkout/sessions and /setup_intents.
"""

from __future__ import annotations

from .. import pages
from ..money import exponent, to_text
from ..store import Row
from ..vendor import Refused
from . import customers, payments
from .book import Book, Object
from .errors import StripeError
from .telling import tell

HALF_HOUR, DAY = 1_800, 86_400


def create(book: Book, params: Object, _key: str) -> Object:
    """POST /v1/checkout/sessions"""
    _check(book, params)
    now = int(book.world.clock.wall())
    expires = params.get("expires_at", now + DAY)
    if not now + HALF_HOUR - 60 <= expires <= now + DAY + 60:
        text = "The `expires_at` timestamp must be between 30 minutes and 24 hours from now."
        raise StripeError(400, text, param="expires_at")
    lines = params.get("line_items", [])
    total = sum(line["price_data"]["unit_amount"] * line["quantity"] for line in lines)
    currency = lines[0]["price_data"]["currency"] if lines else params.get("currency")
    if lines:
        payments.check_amount(total, currency)
    payment = params["mode"] == "payment"
    made = book.new(
        "checkout.session",
        "cs_test",
        {
            "amount_subtotal": total if payment else None,
            "amount_total": total if payment else None,
            "cancel_url": params.get("cancel_url"),
            "client_reference_id": params.get("client_reference_id"),
            "currency": currency,
            "customer": params.get("customer"),
            "customer_creation": params.get("customer_creation", "if_required"),
            "customer_details": None,
            "customer_email": params.get("customer_email"),
            "expires_at": expires,
            "locale": params.get("locale"),
            "metadata": params.get("metadata", {}),
            "mode": params["mode"],
            "payment_intent": None,
            "payment_method_types": params.get("payment_method_types", ["card"]),
            "payment_status": "unpaid" if payment else "no_payment_required",
            "setup_intent": None,
            "status": "open",
            "submit_type": params.get("submit_type"),
            "success_url": params.get("success_url"),
            "ui_mode": params.get("ui_mode", "hosted"),
            "url": None,
        },
    )
    made["url"] = f"{book.account['base']}/stripe/pay/{made['id']}"
    if not payment:
        made["setup_intent"] = new_setup(book, _setup_params(params))["id"]
    intent_data = params.get("payment_intent_data", {})
    reference = book.reference_of(made) or book.reference_of(intent_data)
    book.save(made, intent_data=intent_data, reference=reference, asked=None)
    return made


def _setup_params(params: Object) -> Object:
    given = {"customer": params["customer"]} if "customer" in params else {}
    return {**given, **params.get("setup_intent_data", {})}


def _check(book: Book, params: Object) -> None:
    if params["mode"] == "subscription":
        raise StripeError(400, "This simulator has no subscriptions.", param="mode")
    if params.get("ui_mode", "hosted") not in ("hosted", "hosted_page"):
        raise StripeError(400, "This simulator has only hosted pages.", param="ui_mode")
    if "success_url" not in params:
        text = "Missing required param: success_url."
        raise StripeError(400, text, "parameter_missing", "success_url")
    if "customer" in params and "customer_email" in params:
        text = "You may only specify one of these parameters: customer, customer_email."
        raise StripeError(400, text, param="customer_email")
    if "customer" in params:
        customers.live(book, params["customer"])
    if params["mode"] == "payment":
        wrong = "setup_intent_data"
        if "line_items" not in params:
            text = "You must pass `line_items` in `payment` mode."
            raise StripeError(400, text, "parameter_missing", "line_items")
        currencies = {line["price_data"]["currency"] for line in params["line_items"]}
        if len(currencies) > 1:
            raise StripeError(400, "All line items need the same currency.", param="line_items")
    else:
        wrong = "payment_intent_data"
        if "currency" not in params and "payment_method_types" not in params:
            text = "`currency` is needed in `setup` mode without `payment_method_types`."
            raise StripeError(400, text, "parameter_missing", "currency")
        for name in ("line_items", "submit_type"):
            if name in params:
                raise StripeError(400, f"`{name}` is only for `payment` mode.", param=name)
    if wrong in params:
        raise StripeError(400, f"`{wrong}` cannot be used in this mode.", param=wrong)


def retrieve(book: Book, _params: Object, key: str) -> Object:
    """GET /v1/checkout/sessions/{id}"""
    found = book.get("checkout.session", key, "session")
    if found["status"] == "open" and found["expires_at"] <= book.world.clock.wall():
        _expire(book, found)
    return found


def _expire(book: Book, found: Object) -> None:
    found.update(status="expired", url=None)
    book.save(found)
    tell(book, "checkout.session.expired", found, _reference(book, found))


def _reference(book: Book, session: Object) -> str:
    return str(book.row("checkout.session", session["id"])["reference"])


def expire(book: Book, _params: Object, key: str) -> Object:
    """POST /v1/checkout/sessions/{id}/expire"""
    found = retrieve(book, {}, key)
    if found["status"] != "open":
        text = f"Only open Checkout Sessions can be expired; this one is {found['status']}."
        raise StripeError(400, text)
    _expire(book, found)
    return found


def listing(book: Book, params: Object, _key: str) -> Object:
    """GET /v1/checkout/sessions"""
    names = ("customer", "payment_intent", "status")
    return book.listing(
        "checkout.session",
        params,
        "/v1/checkout/sessions",
        lambda o: all(params.get(name) in (None, o[name]) for name in names),
    )


def new_setup(book: Book, params: Object) -> Object:
    """A setup intent, not yet confirmed."""
    made = book.new(
        "setup_intent",
        "seti",
        {
            "cancellation_reason": None,
            "customer": params.get("customer"),
            "description": params.get("description"),
            "last_setup_error": None,
            "metadata": params.get("metadata", {}),
            "next_action": None,
            "payment_method": params.get("payment_method"),
            "payment_method_types": params.get("payment_method_types", ["card"]),
            "status": "requires_payment_method",
            "usage": params.get("usage", "off_session"),
        },
    )
    made["client_secret"] = f"{made['id']}_secret_{book.store.token(25)}"
    book.save(made)
    return made


def create_setup(book: Book, params: Object, _key: str) -> Object:
    """POST /v1/setup_intents"""
    if "customer" in params:
        customers.live(book, params["customer"])
    if "payment_method" in params:
        method = customers.check_owner(book, params["payment_method"], params.get("customer"))
        params = {**params, "payment_method": method["id"]}
    made = new_setup(book, params)
    tell(book, "setup_intent.created", made)
    if params.get("confirm"):
        return confirm_setup(book, params, made["id"])
    return made


def confirm_setup(book: Book, params: Object, key: str) -> Object:
    """POST /v1/setup_intents/{id}/confirm"""
    found = book.get("setup_intent", key, "intent")
    if found["status"] in ("succeeded", "canceled"):
        text = f"This SetupIntent's status is {found['status']}."
        raise StripeError(400, text, "setup_intent_unexpected_state", setup_intent=found)
    wanted = params.get("payment_method") or found["payment_method"]
    if not wanted:
        text = "You cannot confirm this SetupIntent because it's missing a payment method."
        raise StripeError(400, text, "setup_intent_unexpected_state")
    method = customers.check_owner(book, wanted, found["customer"])
    if customers.behaviour(book, method["id"]) == "declines":
        text = "Your card was declined."
        raise StripeError(402, text, "card_declined", "", "card_error", setup_intent=found)
    return finish_setup(book, found, method)


def finish_setup(book: Book, found: Object, method: Object) -> Object:
    """The method is stored."""
    found.update(status="succeeded", payment_method=method["id"])
    if found["customer"]:
        customers.attach(book, {"customer": found["customer"]}, method["id"])
    book.save(found)
    tell(book, "setup_intent.succeeded", found)
    return found


def retrieve_setup(book: Book, _params: Object, key: str) -> Object:
    """GET /v1/setup_intents/{id}"""
    return book.get("setup_intent", key, "intent")


def cancel_setup(book: Book, _params: Object, key: str) -> Object:
    """POST /v1/setup_intents/{id}/cancel"""
    found = book.get("setup_intent", key, "intent")
    if found["status"] in ("succeeded", "canceled"):
        text = f"This SetupIntent's status is {found['status']}."
        raise StripeError(400, text, "setup_intent_unexpected_state", setup_intent=found)
    found["status"] = "canceled"
    book.save(found)
    tell(book, "setup_intent.canceled", found)
    return found


def setups(book: Book, params: Object, _key: str) -> Object:
    """GET /v1/setup_intents"""
    names = ("customer", "payment_method")
    return book.listing(
        "setup_intent",
        params,
        "/v1/setup_intents",
        lambda o: all(params.get(name) in (None, o[name]) for name in names),
    )


# The pages


def show(book: Book, row: Row, note: str = "") -> str:
    """The page of a session, or the bank's question."""
    session = row["object"]
    action, title = f"/stripe/pay/{session['id']}", "Stripe Checkout (simulated)"
    if session["status"] != "open":
        return pages.message(title, f"This session is {session['status']}.")
    if row["asked"]:
        return pages.challenge("3-D Secure (simulated)", action, {})
    details = [("Merchant", book.account["org"])]
    if session["amount_total"] is not None:
        amount = to_text(session["amount_total"], exponent(session["currency"]))
        details.append(("Amount", f"{amount} {session['currency'].upper()}"))
    return pages.checkout(title, details, action, {}, note)


def act(book: Book, row: Row, wish: str, card: str) -> str:
    """Does what a button of the page says; the address to go to next."""
    session = retrieve(book, {}, row["object"]["id"])
    here = f"{book.account['base']}/stripe/pay/{session['id']}"
    if session["status"] != "open":
        raise Refused(f"this session is {session['status']}")
    if wish == "cancel":
        return session["cancel_url"] or here
    asked = row["asked"]
    if asked and wish in ("complete", "fail"):
        book.save(session, asked=None)
        if wish == "complete":
            return _finish(book, session, asked)
        _attempt(book, session, "declines")
        return here + "?declined"
    if wish == "decline":
        _attempt(book, session, "declines")
        return here + "?declined"
    reference = _reference(book, session)
    ordinal = book.world.ordinal("page", book.account["id"], reference)
    struck = wish == "pay" and book.world.faults.strikes(
        "needs_action", book.account["id"], reference, ordinal
    )
    if struck:
        book.world.log_fault("needs_action", book.account["id"], page=session["id"])
    if wish == "challenge" or struck:
        book.save(session, asked=card)
        return here
    if wish != "pay":
        raise Refused(f"this page has no button {wish}")
    return _finish(book, session, card)


def _attempt(book: Book, session: Object, card: str) -> Object:
    """Makes the intent of a session with a method of this behaviour, and declines it if so."""
    book.world.operation.reference = _reference(book, session)
    data = book.row("checkout.session", session["id"])["intent_data"]
    _customer(book, session, data)
    if session["mode"] == "setup":
        return customers.new_method(book, card, None, session["customer_email"])
    method = customers.new_method(book, card, None, session["customer_email"])
    if session["payment_intent"]:
        intent = book.get("payment_intent", session["payment_intent"])
        intent["payment_method"] = method["id"]
    else:
        amounts = {"amount": session["amount_total"], "currency": session["currency"]}
        given = {"customer": session["customer"], "payment_method": method["id"], **data}
        intent = payments.new_intent(book, {**amounts, **given}, _reference(book, session))
        session["payment_intent"] = intent["id"]
        tell(book, "payment_intent.created", intent, _reference(book, session))
    book.save(intent)
    book.save(session)
    if card == "declines":
        payments.decline(book, intent)
    return intent


def _customer(book: Book, session: Object, data: Object) -> None:
    email = session["customer_email"] or "payer@example.com"
    session["customer_details"] = {"address": None, "email": email, "name": None, "phone": None}
    wanted = session["customer_creation"] == "always" or data.get("setup_future_usage")
    if wanted and not session["customer"]:
        session["customer"] = customers.create(book, {"email": email}, "")["id"]


def _finish(book: Book, session: Object, card: str) -> str:
    made = _attempt(book, session, card)
    reference = _reference(book, session)
    if session["mode"] == "payment":
        payments.succeed(book, made, session["id"])
        session["payment_status"] = "paid"
    else:
        found = book.get("setup_intent", session["setup_intent"])
        found["customer"] = session["customer"]
        finish_setup(book, found, made)
    session.update(status="complete", url=None)
    book.save(session)
    paid = session["mode"] == "payment"
    tell(book, "checkout.session.completed", session, reference, paid=paid)
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def act_on_intent(book: Book, row: Row, wish: str) -> str:
    """The bank's question about an intent that was confirmed with the payer present."""
    intent = row["object"]
    if intent["status"] != "requires_action":
        raise Refused(f"this intent is {intent['status']}")
    if wish == "complete":
        payments.succeed(book, intent)
        outcome = "succeeded"
    elif wish in ("fail", "cancel"):
        payments.decline(book, intent, "payment_intent_authentication_failure", "")
        outcome = "failed"
    else:
        raise Refused(f"this page has no button {wish}")
    url = row["return_url"] or f"{book.account['base']}/stripe/done"
    mark = "&" if "?" in url else "?"
    secret = f"payment_intent_client_secret={intent['client_secret']}"
    return f"{url}{mark}payment_intent={intent['id']}&{secret}&redirect_status={outcome}"
