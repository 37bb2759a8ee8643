"""The way over a provider's pages: pay, be declined, be asked by the bank, turn back, or leave."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .browser import Answer, Form, Page, Unreachable

if TYPE_CHECKING:
    from .client import Client

# Pages that a customer sees there at most.
STEPS = 6
# What customers do on the page, and how often of a hundred times. Those who leave do nothing.
ACTS = (("pay", 82), ("decline", 6), ("challenge", 5), ("cancel", 5), ("", 2))
# How a card behaves that is charged again later.
CARDS = (("good", 86), ("declines_later", 7), ("asks_later", 7))
SANDBOX = (("pay", 80), ("decline", 8), ("challenge", 4), ("cancel", 4), ("delay", 2), ("lose", 2))


def visit(client: Client, page: Page) -> str:
    """From the page of the attempt on; the answer is where the provider leads back to, or ""."""
    here = urlsplit(client.url("/")).netloc
    answer = _go(client, page, here)
    for _ in range(STEPS):
        if answer is None:
            return ""
        if answer.status == 303:
            if urlsplit(answer.location).netloc == here and "/sandbox/" not in answer.location:
                return answer.location
            answer = _open(client, answer.location)
            continue
        if answer.status != 200:
            return ""
        page = answer.page
        form = next((it for it in page.forms if it.presses() & {"pay", "complete"}), None)
        if form is None:
            return next((link for link in page.links if urlsplit(link).netloc == here), "")
        act = _choose(client, form)
        if not act:
            return ""
        fields = [*form.fields, (form.buttons[0][0], act)]
        if "card" in form.options:
            names, weights = zip(*CARDS, strict=True)
            fields.append(("card", client.chance.choices(names, weights)[0]))
        answer = _send(client, form.action, fields)
    return ""


def _choose(client: Client, form: Form) -> str:
    presses = form.presses()
    if "complete" in presses:
        return client.chance.choices(("complete", "fail"), (85, 15))[0]
    acts = SANDBOX if "lose" in presses else ACTS
    names, weights = zip(*acts, strict=True)
    act = client.chance.choices(names, weights)[0]
    return act if act in presses else ""


def _go(client: Client, page: Page, here: str) -> Answer | None:
    """Where the page of the attempt leads: by itself, or by a form that it brings along."""
    if page.leads_to:
        return _open(client, page.leads_to)
    away = [form for form in page.forms if urlsplit(form.action).netloc != here]
    return _send(client, away[0].action, away[0].fields) if away else None


def _open(client: Client, url: str) -> Answer | None:
    try:
        return client.browser.get(url)
    except Unreachable:
        return None


def _send(client: Client, url: str, fields: list[tuple[str, str]]) -> Answer | None:
    """Once: what was pressed there is not pressed again, whatever came of it."""
    try:
        return client.browser.post(url, fields)
    except Unreachable:
        return None
