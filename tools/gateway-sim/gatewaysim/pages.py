"""The hosted pages: plain HTML, forms with buttons, nothing that needs JavaScript."""

from __future__ import annotations

from html import escape

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem}
h1{font-size:1.4rem}dl{display:grid;grid-template-columns:8rem 1fr;gap:.25rem}dd{margin:0}
button{font:inherit;padding:.6rem 1.2rem;margin:.25rem .5rem .25rem 0}
select{font:inherit;padding:.4rem}.note{border:1px solid;padding:.5rem 1rem}
"""

# How a card behaves when it is charged again later, without its holder.
CARDS = {
    "good": "A card that works",
    "declines_later": "A card that is declined when charged later",
    "asks_later": "A card that asks for its holder when charged later",
}


def page(title: str, inner: str) -> str:
    """A whole document."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{inner}</main></body></html>"
    )


def facts(pairs: list[tuple[str, str]]) -> str:
    """A list of names and values."""
    rows = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in pairs)
    return f"<dl>{rows}</dl>"


def form(action: str, hidden: dict[str, str], inner: str) -> str:
    """A form that posts."""
    fields = "".join(
        f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in hidden.items()
    )
    return f'<form method="post" action="{escape(action)}">{fields}{inner}</form>'


def button(act: str, label: str) -> str:
    """A button that submits its form with `act`."""
    return f'<button name="act" value="{escape(act)}">{escape(label)}</button>'


def choose_card() -> str:
    """The choice among cards."""
    options = "".join(f'<option value="{k}">{escape(v)}</option>' for k, v in CARDS.items())
    return f'<p><label>Card <select name="card">{options}</select></label></p>'


def checkout(
    title: str, details: list[tuple[str, str]], action: str, hidden: dict[str, str], note: str = ""
) -> str:
    """Where a payer pays, declines, cancels, or is asked for more."""
    buttons = (
        button("pay", "Pay")
        + button("decline", "Decline")
        + button("cancel", "Cancel")
        + button("challenge", "3-D Secure")
    )
    shown = f'<p class="note" role="status">{escape(note)}</p>' if note else ""
    return page(title, shown + facts(details) + form(action, hidden, choose_card() + buttons))


def challenge(title: str, action: str, hidden: dict[str, str]) -> str:
    """The bank's question."""
    buttons = button("complete", "Complete authentication") + button("fail", "Fail authentication")
    return page(title, "<p>Your bank asks you to confirm.</p>" + form(action, hidden, buttons))


def message(title: str, text: str, link: str = "", label: str = "Continue") -> str:
    """A page that only says something."""
    onward = f'<p><a href="{escape(link)}">{escape(label)}</a></p>' if link else ""
    return page(title, f"<p>{escape(text)}</p>{onward}")
