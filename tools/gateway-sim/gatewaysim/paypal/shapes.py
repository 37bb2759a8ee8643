"""The bodies of the covered requests, after PayPal's OpenAPI descriptions.

A test compares names, required members and limits with the published files. What a portal has no
business sending, above all card numbers, is left out and therefore refused.
"""

from __future__ import annotations

from ..fields import Field, Flag, Group, Many, Text

ANYTHING = Field()
UPPER = "^[0-9A-Z_]+$"
LOCALE = Text(10, r"^[a-z]{2}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?$", shortest=2)
URL = Text(4000, "^https?://")
TOKEN_ID = Text(255, "^[0-9a-zA-Z_-]+$", shortest=1)
CUSTOMER_ID = Text(22, "^[0-9a-zA-Z_-]+$", shortest=1)
EMAIL = Text(254, "@", shortest=3)
MERCHANT_ID = Text(13, "^[2-9A-HJ-NP-Z]{13}$", shortest=13)

MONEY = Group(
    {
        "currency_code": Text(3, "^[A-Z]{3}$", shortest=3),
        "value": Text(32, r"^((-?[0-9]+)|(-?([0-9]+)?[.][0-9]+))$"),
    },
    ("currency_code", "value"),
)
PARTS = ("item_total", "shipping", "handling", "tax_total", "insurance", "shipping_discount",
         "discount")  # fmt: skip
AMOUNT = Group(
    {**MONEY.members, "breakdown": Group(dict.fromkeys(PARTS, MONEY))},
    ("currency_code", "value"),
)
NAME = Group(
    {
        "prefix": Text(140),
        "given_name": Text(140),
        "surname": Text(140),
        "middle_name": Text(140),
        "suffix": Text(140),
        "full_name": Text(300),
    }
)
ADDRESS = Group(
    {
        "address_line_1": Text(300),
        "address_line_2": Text(300),
        "admin_area_1": Text(300),
        "admin_area_2": Text(120),
        "postal_code": Text(60),
        "country_code": Text(2, "^([A-Z]{2}|C2)$", shortest=2),
    },
    ("country_code",),
)
ITEM = Group(
    {
        "name": Text(127, shortest=1),
        "unit_amount": MONEY,
        "tax": MONEY,
        "quantity": Text(10, "^[1-9][0-9]{0,9}$"),
        "description": Text(127),
        "sku": Text(127),
        "category": Text(20, options=("DIGITAL_GOODS", "PHYSICAL_GOODS", "DONATION")),
    },
    ("name", "unit_amount", "quantity"),
)
UNIT = Group(
    {
        "reference_id": Text(256, shortest=1),
        "amount": AMOUNT,
        "payee": Group({"email_address": EMAIL, "merchant_id": MERCHANT_ID}),
        "description": Text(127, shortest=1),
        "custom_id": Text(127, shortest=1),
        "invoice_id": Text(127, shortest=1),
        "soft_descriptor": Text(22, shortest=1),
        "items": Many(ITEM, 100),
        "shipping": Group({"name": NAME, "address": ADDRESS}),
    },
    ("amount",),
)
STORED = Group(
    {
        "payment_initiator": Text(255, options=("CUSTOMER", "MERCHANT")),
        "payment_type": Text(255, options=("ONE_TIME", "RECURRING", "UNSCHEDULED")),
        "usage": Text(255, options=("FIRST", "SUBSEQUENT", "DERIVED")),
    },
    ("payment_initiator", "payment_type"),
)
VAULT = Group(
    {
        "store_in_vault": Text(255, options=("ON_SUCCESS",)),
        "description": Text(128, shortest=1),
        "usage_pattern": Text(30, UPPER),
        "usage_type": Text(255, options=("MERCHANT", "PLATFORM")),
        "customer_type": Text(255, options=("CONSUMER", "BUSINESS")),
        "permit_multiple_payment_tokens": Flag(form=False),
    },
    ("usage_type",),
)
EXPERIENCE: dict[str, Field] = {
    "brand_name": Text(127, shortest=1),
    "locale": LOCALE,
    "shipping_preference": Text(
        24, options=("GET_FROM_FILE", "NO_SHIPPING", "SET_PROVIDED_ADDRESS")
    ),
    "return_url": URL,
    "cancel_url": URL,
    "landing_page": Text(13, options=("LOGIN", "GUEST_CHECKOUT", "NO_PREFERENCE")),
    "user_action": Text(8, options=("CONTINUE", "PAY_NOW")),
    "payment_method_preference": Text(255, options=("UNRESTRICTED", "IMMEDIATE_PAYMENT_REQUIRED")),
}
CUSTOMER = Group({"id": CUSTOMER_ID, "email_address": EMAIL})
WALLET = Group(
    {
        "vault_id": TOKEN_ID,
        "email_address": EMAIL,
        "name": NAME,
        "address": ADDRESS,
        "attributes": Group({"customer": CUSTOMER, "vault": VAULT}),
        "experience_context": Group(EXPERIENCE),
        # Later than the stored description; https://developer.paypal.com/docs/api/orders/v2/.
        "stored_credential": STORED,
    }
)
CARD = Group({"vault_id": TOKEN_ID, "stored_credential": STORED}, ("vault_id",))
SOURCE = Group({"paypal": WALLET, "card": CARD})
CONTEXT = Group(
    {
        **{name: EXPERIENCE[name] for name in ("brand_name", "locale", "return_url", "cancel_url")},
        "landing_page": Text(13, options=("LOGIN", "BILLING", "NO_PREFERENCE")),
        "shipping_preference": Text(
            20, options=("GET_FROM_FILE", "NO_SHIPPING", "SET_PROVIDED_ADDRESS")
        ),
        "user_action": Text(8, options=("CONTINUE", "PAY_NOW")),
    }
)
ORDER = Group(
    {
        "intent": Text(options=("CAPTURE",)),
        "payer": Group({"email_address": EMAIL, "name": NAME, "address": ADDRESS}),
        "purchase_units": Many(UNIT, 10, 1),
        "payment_source": SOURCE,
        "application_context": CONTEXT,
    },
    ("intent", "purchase_units"),
)
CAPTURE = Group({"payment_source": SOURCE})
REFUND = Group(
    {
        "amount": MONEY,
        "custom_id": Text(127, shortest=1),
        "invoice_id": Text(127, shortest=1),
        "note_to_payer": Text(255, shortest=1),
    }
)

VAULT_EXPERIENCE = Group(
    {
        "brand_name": Text(300, shortest=1),
        "locale": LOCALE,
        "return_url": URL,
        "cancel_url": URL,
        "shipping_preference": Text(255, UPPER, shortest=1),
        "vault_instruction": Text(255, "^[A-Z_]+$", shortest=1),
    }
)
SETUP_WALLET = Group(
    {
        "description": Text(128, r"""^[a-zA-Z0-9_'\-., :;\!?"]*$""", shortest=1),
        "permit_multiple_payment_tokens": Flag(form=False),
        "usage_type": Text(255, UPPER, shortest=1),
        "customer_type": Text(255, UPPER, shortest=1),
        "usage_pattern": Text(30, UPPER),
        "experience_context": VAULT_EXPERIENCE,
    }
)
VAULT_CUSTOMER = Group({"id": CUSTOMER_ID, "merchant_customer_id": Text(64)})
SETUP_TOKEN = Group(
    {"customer": VAULT_CUSTOMER, "payment_source": Group({"paypal": SETUP_WALLET}, ("paypal",))},
    ("payment_source",),
)
TOKEN = Group(
    {
        "id": Text(255, "^[0-9a-zA-Z_-]+$", shortest=1),
        # The published file lists only BILLING_AGREEMENT; the guide to saving uses SETUP_TOKEN.
        "type": Text(255, options=("SETUP_TOKEN",)),
    },
    ("id", "type"),
)
PAYMENT_TOKEN = Group(
    {"customer": VAULT_CUSTOMER, "payment_source": Group({"token": TOKEN}, ("token",))},
    ("payment_source",),
)
VERIFY = Group(
    {
        "auth_algo": Text(100, "^[a-zA-Z0-9]+$"),
        "cert_url": Text(500, "^https?://"),
        "transmission_id": Text(50, r"^(?!\d+$)\w+\S+"),
        "transmission_sig": Text(500, r"^(?!\d+$)\w+\S+"),
        "transmission_time": Text(100),
        "webhook_id": Text(50, "^[a-zA-Z0-9]+$"),
        "webhook_event": ANYTHING,
    },
    ("auth_algo", "cert_url", "transmission_id", "transmission_sig", "transmission_time",
     "webhook_id", "webhook_event"),
)  # fmt: skip
