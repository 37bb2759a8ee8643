"""The parameters of the covered requests. Source: https://docs.stripe.com/api."""

from __future__ import annotations

from ..fields import Field, Flag, Group, Labels, Many, OneOf, Text, Whole

CURRENCY = Text(3, "^[a-z]{3}$")
URL = Text(5000, "^https?://")
METADATA = Labels()
EXPAND = Many(Text(200), 20)
ID = Text(255, r"^[A-Za-z0-9_]+$", shortest=1)
AMOUNT = Whole(1)
ANY = Field()
BASE: dict[str, Field] = {"expand": EXPAND}

ADDRESS = Group({k: Text() for k in ("city", "country", "line1", "line2", "postal_code", "state")})
SHIPPING = Group({"address": ADDRESS, "name": Text(), "phone": Text(), "carrier": Text()})

CREATED = OneOf(Group({k: Whole(0, 10**11) for k in ("gt", "gte", "lt", "lte")}), Whole(0, 10**11))
LIST: dict[str, Field] = {
    **BASE,
    "limit": Whole(1, 100),
    "starting_after": ID,
    "ending_before": ID,
    "created": CREATED,
}

CUSTOMER = {
    **BASE,
    "name": Text(256),
    "email": Text(512),
    "phone": Text(20),
    "description": Text(),
    "metadata": METADATA,
    "address": ADDRESS,
    "shipping": SHIPPING,
    "preferred_locales": Many(Text(10)),
    "payment_method": ID,
    "invoice_settings": Group({"default_payment_method": Text(255), "footer": Text()}),
    "tax_exempt": Text(options=("", "exempt", "none", "reverse")),
}

METHODS = Many(Text(options=("card", "sepa_debit", "link", "paypal", "klarna")), least=1)
AUTOMATIC = Group(
    {"enabled": Flag(), "allow_redirects": Text(options=("always", "never"))}, ("enabled",)
)
CARD_OPTIONS = Group(
    {
        "request_three_d_secure": Text(options=("any", "automatic", "challenge")),
        "setup_future_usage": Text(options=("", "none", "off_session", "on_session")),
    }
)
METHOD_OPTIONS = Group({"card": CARD_OPTIONS})

INTENT_CONFIRM = {
    **BASE,
    "payment_method": ID,
    "off_session": OneOf(Flag(), Text(options=("one_off", "recurring"))),
    "return_url": URL,
    "receipt_email": Text(512),
    "setup_future_usage": Text(options=("", "off_session", "on_session")),
    "error_on_requires_action": Flag(),
    "mandate": ID,
    "mandate_data": ANY,
    "payment_method_types": METHODS,
    "payment_method_options": METHOD_OPTIONS,
    "shipping": SHIPPING,
    "use_stripe_sdk": Flag(),
}
INTENT_UPDATE = {
    **BASE,
    "amount": AMOUNT,
    "currency": CURRENCY,
    "customer": ID,
    "description": Text(),
    "metadata": METADATA,
    "payment_method": ID,
    "payment_method_types": METHODS,
    "payment_method_options": METHOD_OPTIONS,
    "receipt_email": Text(512),
    "setup_future_usage": Text(options=("", "off_session", "on_session")),
    "shipping": SHIPPING,
    "statement_descriptor": Text(22),
    "statement_descriptor_suffix": Text(22),
    "transfer_group": Text(),
}
INTENT = {
    **INTENT_CONFIRM,
    **INTENT_UPDATE,
    "automatic_payment_methods": AUTOMATIC,
    "capture_method": Text(options=("automatic", "automatic_async")),
    "confirm": Flag(),
    "confirmation_method": Text(options=("automatic", "manual")),
}
CANCEL = {
    **BASE,
    "cancellation_reason": Text(
        options=("duplicate", "fraudulent", "requested_by_customer", "abandoned")
    ),
}

SETUP_CONFIRM = {
    **BASE,
    "payment_method": ID,
    "return_url": URL,
    "mandate_data": ANY,
    "payment_method_options": METHOD_OPTIONS,
    "use_stripe_sdk": Flag(),
}
SETUP = {
    **SETUP_CONFIRM,
    "automatic_payment_methods": AUTOMATIC,
    "confirm": Flag(),
    "customer": ID,
    "description": Text(),
    "metadata": METADATA,
    "payment_method_types": METHODS,
    "usage": Text(options=("off_session", "on_session")),
}

REFUND = {
    **BASE,
    "charge": ID,
    "payment_intent": ID,
    "amount": AMOUNT,
    "reason": Text(options=("duplicate", "fraudulent", "requested_by_customer")),
    "metadata": METADATA,
    "instructions_email": Text(512),
}

PRICE_DATA = Group(
    {
        "currency": CURRENCY,
        "unit_amount": Whole(0),
        "tax_behavior": Text(options=("exclusive", "inclusive", "unspecified")),
        "product_data": Group(
            {
                "name": Text(250, shortest=1),
                "description": Text(500, shortest=1),
                "images": Many(URL, 8),
                "metadata": METADATA,
                "tax_code": Text(),
            },
            ("name",),
        ),
    },
    ("currency", "unit_amount", "product_data"),
)
LINE = Group({"price_data": PRICE_DATA, "quantity": Whole(1, 999_999)}, ("price_data", "quantity"))
SESSION = {
    **BASE,
    "mode": Text(options=("payment", "setup", "subscription")),
    "ui_mode": Text(options=("hosted", "hosted_page", "embedded", "custom")),
    "success_url": URL,
    "cancel_url": URL,
    "client_reference_id": Text(200, r"^[A-Za-z0-9_-]+$"),
    "customer": ID,
    "customer_email": Text(800, "@"),
    "customer_creation": Text(options=("always", "if_required")),
    "customer_update": Group({k: Text(options=("auto", "never")) for k in ("address", "name")}),
    "currency": CURRENCY,
    "line_items": Many(LINE, 100, 1),
    "locale": Text(10),
    "metadata": METADATA,
    "expires_at": Whole(0, 10**11),
    "payment_method_types": METHODS,
    "payment_method_options": METHOD_OPTIONS,
    "payment_method_collection": Text(options=("always", "if_required")),
    "payment_intent_data": Group(
        {
            "description": Text(1000),
            "metadata": METADATA,
            "receipt_email": Text(512),
            "setup_future_usage": Text(options=("off_session", "on_session")),
            "statement_descriptor": Text(22),
            "statement_descriptor_suffix": Text(22),
            "capture_method": Text(options=("automatic", "automatic_async")),
            "transfer_group": Text(),
        }
    ),
    "setup_intent_data": Group({"description": Text(1000), "metadata": METADATA}),
    "saved_payment_method_options": Group(
        {
            "payment_method_save": Text(options=("enabled", "disabled")),
            "allow_redisplay_filters": Many(Text(options=("always", "limited", "unspecified"))),
        }
    ),
    "billing_address_collection": Text(options=("auto", "required")),
    "submit_type": Text(options=("auto", "book", "donate", "pay")),
    "allow_promotion_codes": Flag(),
    "adaptive_pricing": Group({"enabled": Flag()}),
    "automatic_tax": Group({"enabled": Flag()}, ("enabled",)),
    "phone_number_collection": Group({"enabled": Flag()}, ("enabled",)),
    "custom_text": ANY,
}
