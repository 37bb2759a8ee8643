"""Accept Hosted and Accept Customer: tokens and the pages they open.

Source: https://developer.authorize.net/api/reference/features/accept-hosted.html and
/customer-profiles.html#Using_the_Accept_Customer_Hosted_Form.
"""

from __future__ import annotations

import json

from .. import pages
from ..store import Row
from ..vendor import Refused
from . import profiles, transactions
from .errors import AnetError, TransactionRefused
from .ledger import Ledger
from .xml import Node, Tree

LIFE = 900  # "The token is valid for 15 minutes."
PAYMENT_OPTIONS = {
    "ReturnOptions", "ButtonOptions", "StyleOptions", "PaymentOptions", "SecurityOptions",
    "ShippingAddressOptions", "BillingAddressOptions", "CustomerOptions", "OrderOptions",
}  # fmt: skip
PROFILE_SETTINGS = {
    "hostedProfileReturnUrl", "hostedProfileReturnUrlText", "hostedProfilePageBorderVisible",
    "hostedProfileIFrameCommunicatorUrl", "hostedProfileHeadingBgColor",
    "hostedProfileBillingAddressRequired", "hostedProfileCardCodeRequired",
    "hostedProfileBillingAddressOptions", "hostedProfileManageOptions",
    "hostedProfileValidationMode", "hostedProfilePaymentOptions", "hostedProfileSaveButtonText",
}  # fmt: skip


def _token(ledger: Ledger, kind: str, facts: Row) -> Tree:
    token = ledger.store.token(200)
    row = {"account": ledger.account["id"], "kind": kind, "made": ledger.world.clock.wall()}
    ledger.store.put("anet.page", token, {**row, "state": "open", "asked": None, **facts})
    return [("token", token)]


def payment_page(ledger: Ledger, request: Node) -> Tree:
    """getHostedPaymentPageRequest"""
    wish = request.node("transactionRequest")
    assert wish is not None
    if wish.text("transactionType") != "authCaptureTransaction":
        raise AnetError("E00013", "The hosted page takes authCaptureTransaction here.")
    if not wish.text("amount"):
        raise AnetError("E00013", "The amount is required.")
    settings = request.pairs("hostedPaymentSettings", "settingName", "settingValue")
    options: dict[str, dict[str, object]] = {}
    for name, text in settings.items():
        short = name.removeprefix("hostedPayment")
        if name == "hostedPaymentIFrameCommunicatorUrl":
            short = "Communicator"
        elif short not in PAYMENT_OPTIONS or short == name:
            raise AnetError("E00013", f"Setting name {name} is invalid.")
        try:
            value = json.loads(text)
            if not isinstance(value, dict):
                raise ValueError
        except ValueError:
            raise AnetError("E00013", f"{name} is invalid.") from None
        options[short] = value
    returning = options.get("ReturnOptions", {})
    for name in ("url", "cancelUrl"):
        if name in returning and not str(returning[name]).startswith(("http://", "https://")):
            raise AnetError("E00013", "hostedPaymentReturnOptions is invalid.")
    profile = wish.text("profile/customerProfileId")
    if profile:
        ledger.get("profile", profile)
    facts = {"request": wish.source(), "ref_id": request.text("refId"), "options": options}
    return _token(ledger, "pay", facts)


def profile_page(ledger: Ledger, request: Node) -> Tree:
    """getHostedProfilePageRequest"""
    profile = ledger.get("profile", request.text("customerProfileId"))
    settings = request.pairs("hostedProfileSettings", "settingName", "settingValue")
    for name in settings:
        if name not in PROFILE_SETTINGS:
            raise AnetError("E00013", f"Setting name {name} is invalid.")
    return _token(ledger, "profile", {"profile": profile["id"], "settings": settings})


def urls(row: Row) -> tuple[str, str]:
    """Where a page leads after success, and after cancelling."""
    if row["kind"] == "profile":
        url = row["settings"].get("hostedProfileReturnUrl", "")
        return url, url
    returning = row["options"].get("ReturnOptions", {})
    return returning.get("url", ""), returning.get("cancelUrl", "")


def show(ledger: Ledger, token: str, row: Row, note: str = "") -> str:
    """The page."""
    title = "Authorize.Net (simulated)"
    expired = ledger.world.clock.wall() - row["made"] > LIFE
    if row["state"] != "open" or expired:
        link = urls(row)[0] if row["state"] == "done" else ""
        text = "Thank you." if row["state"] == "done" else "This page can no longer be used."
        return pages.message(title, text, link)
    action, hidden = "/authorizenet/page", {"token": token}
    if row["asked"]:
        return pages.challenge("3-D Secure (simulated)", action, hidden)
    details = [("Merchant", ledger.account["org"])]
    if row["kind"] == "pay":
        wish = Node.parse(row["request"].encode())
        details.append(("Amount", f"{wish.text('amount')} {ledger.currency}"))
        details.append(("Invoice", wish.text("order/invoiceNumber")))
    else:
        details.append(("Stored cards", str(len(ledger.payments_of(row["profile"])))))
    return pages.checkout(title, details, action, hidden, note)


def act(ledger: Ledger, token: str, row: Row, wish: str, card: str) -> str:
    """Does what a button says; the address to go to next, or nothing where the page stays."""
    if row["state"] != "open" or ledger.world.clock.wall() - row["made"] > LIFE:
        raise Refused("this page can no longer be used")
    after, away = urls(row)
    if wish == "cancel":
        return away
    if wish == "challenge":
        _save(ledger, token, row, asked=card)
        return ""
    if wish not in ("pay", "decline", "complete", "fail"):
        raise Refused(f"this page has no button {wish}")
    chosen = {"decline": "declines", "fail": "declines", "complete": row["asked"] or card}
    card = chosen.get(wish, card)
    _save(ledger, token, row, asked=None)
    if row["kind"] == "profile":
        if card == "declines":
            return ""
        profiles.add_payment(ledger, row["profile"], card, "")
        return after
    if not _pay(ledger, row, card):
        return ""
    _save(ledger, token, row, state="done")
    returning = row["options"].get("ReturnOptions", {})
    return "" if returning.get("showReceipt", True) else after


def _save(ledger: Ledger, token: str, row: Row, **changes: object) -> None:
    row.update(changes)
    ledger.store.put("anet.page", token, row)


def _pay(ledger: Ledger, row: Row, card: str) -> bool:
    wish = Node.parse(row["request"].encode())
    # A card that only fails later pays now.
    now = "declines" if card == "declines" else "good"
    try:
        made = transactions.perform(ledger, wish, row["ref_id"], now)
    except TransactionRefused as refused:
        raise Refused(refused.text) from refused
    if made["response_code"] == 2:
        return False
    made["method"] = card
    ledger.save(made)
    profile = wish.text("profile/customerProfileId")
    if profile and row["options"].get("CustomerOptions", {}).get("addPaymentProfile"):
        profiles.add_payment(ledger, profile, card, made["id"])
    return True
