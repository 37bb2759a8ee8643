"""What the organisation does by its own software: it records, allocates, refunds, credits, cancels.

Every record has an external id, and every request a key: sent again after a crash, neither may be
done twice. What is given back through a gateway has the key alone.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .api import Api, Refused
from .browser import Unreachable
from .world import Customer, amount_text, bare, insist, now

if TYPE_CHECKING:
    from .client import Client

TRIES = 8
# What is done, and how often of a hundred times: half of it gives money back, a quarter is about
# invoices, a quarter about payments by other ways.
MIX = (("record", 15), ("allocate", 10), ("refund", 25), ("return", 25), ("credit", 15),
       ("cancel", 10))  # fmt: skip


def any_deed(client: Client, customer: Customer) -> None:
    """One of them."""
    names, weights = zip(*MIX, strict=True)
    what = client.chance.choices(names, weights)[0]
    deeds: dict[str, Callable[[Client, Customer], None]] = {
        "record": record,
        "allocate": allocate,
        "refund": refund,
        "return": give_back,
        "credit": credit,
        "cancel": cancel,
    }
    deeds[what](client, customer)


def send(
    client: Client, api: Api, kind: str, request: tuple[str, str, Any], customer: str
) -> Any:
    """Sends a request up to eight times with one key; nothing where it was not done, or may be."""
    method, path, body = request
    key = f"{kind}-{client.name}-{client.it.number()}"
    it = client.journal.begin(kind, client.it.id, customer, key)
    for _ in range(TRIES):
        try:
            answer = api.call(method, path, body, key)
        except Unreachable:
            client.journal.count("no answer")
            if client.stage.over.is_set():
                return None
            client.stage.wait_until_up()
            continue
        except Refused as refused:
            if refused.status == 409 and _in_flight(refused):
                # The first one was cut off by a crash: whether it was done is not known, and its
                # key is taken for minutes. The external id keeps another key from doubling it; an
                # order to give back has none.
                if kind == "return":
                    return None
                key = f"{key}+"
                time.sleep(0.05)
                continue
            if refused.status >= 500:
                client.journal.count(f"answered {refused.status}")
                time.sleep(0.1)
                continue
            client.journal.end(it, "refused")
            return None
        if isinstance(answer, dict):
            told = bare(answer["id"]) if kind == "return" else answer.get("external_id")
            it.told.update([told] if told else [])
        client.journal.end(it, "done")
        return answer
    return None


def _in_flight(refused: Refused) -> bool:
    answer = refused.answer
    return isinstance(answer, dict) and "request-in-flight" in str(answer.get("type", ""))


def payment(client: Client, customer: Customer, name: str, amount: int) -> dict[str, Any]:
    """A payment as it is recorded."""
    return {"external_id": name, "customer_id": customer.external_id, "status": "succeeded",
            "amount_minor": amount, "currency": customer.currency, "method": "bank_transfer",
            "paid_at": now()}  # fmt: skip


def _recorded(client: Client, customer: Customer, amount: int) -> Any:
    name = f"p-{client.it.number()}"
    wish = payment(client, customer, name, amount)
    return send(client, client.api, "record", ("POST", "/payments", wish), customer.id)


def record(client: Client, customer: Customer) -> None:
    """A bank transfer, which settles a part of an invoice that may be paid otherwise just now."""
    amount = client.chance.randint(100, 30_000)
    wish = payment(client, customer, f"p-{client.it.number()}", amount)
    if customer.invoices:
        invoice = customer.invoices[-1]
        part = client.chance.randint(1, max(1, min(amount, invoice.total)))
        wish["allocations"] = [{"invoice_id": invoice.external_id, "amount_minor": part}]
    send(client, client.api, "record", ("POST", "/payments", wish), customer.id)


def allocate(client: Client, customer: Customer) -> None:
    """Credit that is spent on two invoices at once, each of which would take all of it."""
    if len(customer.invoices) < 2:
        return
    first, second = customer.invoices[-1], customer.invoices[-2]
    amount = min(first.total, second.total)
    made = _recorded(client, customer, amount)
    if made is None:
        return

    def spend(invoice: str) -> Callable[[Api], None]:
        part = [{"invoice_id": invoice, "amount_minor": amount}]
        request = ("PATCH", f"/payments/{made['external_id']}", {"allocations": part})
        return lambda api: send(client, api, "allocate", request, customer.id)

    at_once(client, [spend(first.external_id), spend(second.external_id)])


def refund(client: Client, customer: Customer) -> None:
    """Two refunds of one payment at once, each of most of it."""
    amount = client.chance.randint(100, 20_000)
    made = _recorded(client, customer, amount)
    if made is None:
        return

    def give_back(share: int) -> Callable[[Api], None]:
        wish = payment(client, customer, f"r-{client.it.number()}", share)
        wish.update(kind="refund", payment_id=made["external_id"])
        request = ("POST", "/payments", wish)
        return lambda api: send(client, api, "refund", request, customer.id)

    shares = [max(1, amount * 2 // 3), max(1, amount * 3 // 5)]
    at_once(client, [give_back(share) for share in shares])


def give_back(client: Client, customer: Customer) -> None:
    """Two orders at once to give most of a payment back through its gateway."""
    path = f"/payments?customer_id={customer.external_id}&limit=50"
    page = insist(client.stage, lambda: client.api.call("GET", path))
    paid = [it for it in page["data"] if _may_go_back(it)] if page else []
    if not paid:
        return
    payment = client.chance.choice(paid)
    amount = payment["amount_minor"]

    def order(share: int) -> Callable[[Api], None]:
        request = ("POST", f"/payments/{payment['id']}/refund", {"amount_minor": share})
        return lambda api: send(client, api, "return", request, customer.id)

    # All of it is what a provider can still undo.
    shares = [amount, amount] if client.chance.random() < 0.4 else [amount * 2 // 3 + 1, amount]
    at_once(client, [order(_plain(share)) for share in shares])


def _plain(share: int) -> int:
    """An amount that means nothing else to the sandbox, which refunds less than .95, say."""
    return share - 10 if share % 100 in range(91, 98) else share


def _may_go_back(it: dict[str, Any]) -> bool:
    new = it["kind"] == "payment" and not it["refunded_minor"]
    return bool(it["charge"] and new and it["status"] == "succeeded")


def credit(client: Client, _customer: Customer) -> None:
    """A credit note against an invoice that somebody may be paying just now."""
    invoice = client.it.any_invoice(client.chance)
    if invoice is None:
        return
    number = f"CN-{client.it.number()}"
    price = amount_text(client.chance.randint(1, invoice.total), invoice.currency)
    line = {"description": "Service", "quantity": "1", "unit_price": price}
    wish = {"external_id": number.lower(), "number": number, "customer_id": invoice.customer,
            "invoice_id": invoice.external_id, "issued_on": "2026-01-20",
            "lines": [line]}  # fmt: skip
    send(client, client.api, "credit", ("POST", "/credit-notes", wish), "")


def cancel(client: Client, _customer: Customer) -> None:
    """An invoice that somebody may be paying just now is cancelled."""
    invoice = client.it.any_invoice(client.chance)
    if invoice is None:
        return
    request = ("PATCH", f"/invoices/{invoice.external_id}", {"status": "void"})
    send(client, client.api, "cancel", request, "")


def at_once(client: Client, deeds: list[Callable[[Api], None]]) -> None:
    """Does all of it in threads of their own, each with a connection."""

    def run(deed: Callable[[Api], None]) -> None:
        api = client.api.twin()
        try:
            deed(api)
        except Exception:
            client.journal.broke(traceback.format_exc())
        finally:
            api.close()

    threads = [threading.Thread(target=run, args=(deed,), daemon=True) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
