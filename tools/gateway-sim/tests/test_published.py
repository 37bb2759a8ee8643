"""The vendors' published files against the simulator: its declarations and every answer it gives.

The files are read from the folder `PORTICO_TEST_DATA`, or `../shared/data` beside the repository;
where they are absent these tests are skipped.
"""

from __future__ import annotations

import json
import os
import re
import unittest
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from . import test_authorizenet, test_paypal
from .support import HERE, Answer

from gatewaysim.authorizenet import schema
from gatewaysim.fields import Field, Group, Many, Text
from gatewaysim.paypal import shapes

DATA = Path(os.environ.get("PORTICO_TEST_DATA", HERE.parent.parent.parent / "shared" / "data"))
XSD = DATA / "authorizenet" / "AnetApiSchema.xsd"
PAYPAL = DATA / "paypal"
X = "{http://www.w3.org/2001/XMLSchema}"
SIMPLE = {"xs:string": "string", "xs:decimal": "decimal", "xs:boolean": "boolean",
          "xs:dateTime": "dateTime", "xs:int": "decimal", "xs:date": "string"}  # fmt: skip


class Schema:
    """The published XSD as sequences of the simulator's own notation."""

    def __init__(self) -> None:
        root = ElementTree.parse(XSD).getroot()
        self.types = {n.get("name"): n for n in root if n.tag == X + "complexType"}
        self.simple = {n.get("name"): n for n in root if n.tag == X + "simpleType"}
        self.elements = {n.get("name"): n for n in root if n.tag == X + "element"}
        self.sequences: dict[str, str] = {}
        self.longest: dict[tuple[str, str], int] = {}
        for name, node in {**self.types, **self.elements}.items():
            self.sequences[str(name)] = self._sequence(str(name), node)

    def _sequence(self, owner: str, node: Element) -> str:
        base = ""
        for extension in node.iter(X + "extension"):
            name = str(extension.get("base")).removeprefix("anet:")
            if name in self.types:
                base = self._sequence(name, self.types[name])
        if node.tag == X + "element" and node.get("type"):
            return self._sequence(owner, self.types[str(node.get("type")).removeprefix("anet:")])
        return " ".join(filter(None, [base, *self._words(owner, node, False)]))

    def _words(self, owner: str, node: Element, optional: bool) -> list[str]:
        found = []
        for child in node:
            if child.tag == X + "element":
                found.append(self._word(owner, child, optional))
            elif child.tag != X + "simpleType":
                loose = optional or child.tag == X + "choice" or child.get("minOccurs") == "0"
                found += self._words(owner, child, loose)
        return found

    def _word(self, owner: str, node: Element, optional: bool) -> str:
        name, kind = str(node.get("name")), node.get("type")
        limit = node.find(f"{X}simpleType/{X}restriction/{X}maxLength")
        if limit is not None:
            self.longest[(owner, name)] = int(str(limit.get("value")))
        if kind is None:
            kind = "string"
            if node.find(X + "complexType") is not None:
                kind = f"{owner}.{name}"
                self.sequences[kind] = self._sequence(kind, node)
        kind = SIMPLE.get(kind, kind.removeprefix("anet:"))
        if kind in self.simple and kind not in schema.PATTERNS:
            kind = "string"
        mark = "?" if optional or node.get("minOccurs") == "0" else ""
        return f"{name}:{kind}" + ("*" if node.get("maxOccurs", "1") != "1" else mark)


@lru_cache(maxsize=1)
def published() -> Schema:
    """The schema, read once."""
    return Schema()


@unittest.skipUnless(XSD.exists(), "AnetApiSchema.xsd is not at hand")
class Declarations(unittest.TestCase):
    """Authorize.Net's order of elements."""

    def test_the_declared_order_is_the_published_one(self) -> None:
        theirs_named = {"userFields": "transactionRequestType.userFields"}
        for name, sequence in schema.SEQUENCES.items():
            theirs = schema.words(published().sequences[theirs_named.get(name, name)])
            names = [word[0] for word in theirs]
            ours = schema.words(sequence)
            places = [names.index(word[0]) for word in ours]
            self.assertEqual(places, sorted(places), name)
            marks = {word[0]: word[2] for word in theirs}
            for word, _, mark in ours:
                known = marks.pop(word)
                self.assertTrue(mark == known or (name, word) in STRICTER, (name, word))
            for word, mark in marks.items():
                self.assertTrue(mark in ("?", "*"), f"{name} leaves out {word}, which is needed")

    def test_the_declared_lengths_are_the_published_ones(self) -> None:
        bases = {"customerProfileType": "customerProfileBaseType", "customerAddressType":
                 "nameAndAddressType"}  # fmt: skip
        compared = 0
        for name, sequence in schema.SEQUENCES.items():
            for word, kind, _ in schema.words(sequence):
                owners = (name, bases.get(name, ""), "ANetApiRequest")
                limits = [published().longest.get((owner, word)) for owner in owners]
                limit = next((found for found in limits if found), None)
                if limit is not None and kind.startswith("text"):
                    self.assertEqual(kind, f"text{limit}", (name, word))
                    compared += 1
        self.assertGreater(compared, 30)


# Needed here, while the schema also allows other ways.
STRICTER = {
    ("merchantAuthenticationType", "transactionKey"),
    ("paymentProfile", "paymentProfileId"),
}


@unittest.skipUnless(XSD.exists(), "AnetApiSchema.xsd is not at hand")
class AuthorizeNetBySchema(test_authorizenet.AuthorizeNet):
    """The same tests; every answer, and every request that is taken, must follow the schema."""

    def inspect(self, asked: str, sent: str, answer: Answer) -> None:
        root = ElementTree.fromstring(answer.body.decode("utf-8-sig"))
        name = root.tag.rpartition("}")[2]
        table = published().sequences
        schema.check(root, name, table)
        if name != "ErrorResponse":
            schema.check(ElementTree.fromstring(sent), asked, table)


@lru_cache(maxsize=8)
def description(name: str) -> Any:
    """One of PayPal's files."""
    return json.loads((PAYPAL / f"{name}.json").read_text())


class Described:
    """A schema inside a file, with its references followed."""

    def __init__(self, file: str, node: Any) -> None:
        self.file = file
        while "$ref" in node:
            node = description(file)["components"]["schemas"][node["$ref"].split("/")[-1]]
        self.node = node

    def members(self) -> dict[str, Any]:
        """All members, of all parts."""
        found: dict[str, Any] = {}
        for part in ("allOf", "oneOf", "anyOf"):
            for node in self.node.get(part, []):
                found.update(Described(self.file, node).members())
        found.update(self.node.get("properties", {}))
        return found

    def needed(self) -> set[str]:
        """The members that must be there."""
        found = set(self.node.get("required", []))
        for node in self.node.get("allOf", []):
            found |= Described(self.file, node).needed()
        return found

    def get(self, name: str) -> Described:
        """A member."""
        return Described(self.file, self.members()[name])

    def items(self) -> Described:
        """What an array holds."""
        return Described(self.file, self.node.get("items", {}))


# Documented on PayPal's site, but younger than the stored descriptions or left open by them.
YOUNGER = {
    "order_request/payment_source/paypal/stored_credential",
    "setup_token_request/payment_source/paypal/usage_pattern",
    "setup_token_request/customer/merchant_customer_id",
    "payment_token_request/customer/merchant_customer_id",
    "order_capture_request/payment_source/paypal/stored_credential",
}
LOOSE = {"payment_token_request/payment_source/token/type"}


@unittest.skipUnless(PAYPAL.exists(), "PayPal's descriptions are not at hand")
class PayPalDeclarations(unittest.TestCase):
    """PayPal's request bodies."""

    def compare(self, ours: Field, theirs: Described, where: str) -> None:
        """Names, required members, lengths and choices."""
        if isinstance(ours, Many):
            self.compare(ours.item, theirs.items(), where)
        if isinstance(ours, Text) and where not in LOOSE:
            longest = theirs.node.get("maxLength", ours.longest)
            self.assertEqual(ours.longest, longest, where)
            if ours.options and "enum" in theirs.node:
                self.assertLessEqual(set(ours.options), set(theirs.node["enum"]), where)
        if not isinstance(ours, Group):
            return
        members = theirs.members()
        for name, field in ours.members.items():
            path = f"{where}/{name}"
            if path in YOUNGER:
                continue
            self.assertIn(name, members, path)
            self.compare(field, theirs.get(name), path)
        for name in theirs.needed():
            self.assertIn(name, ours.needs, f"{where}/{name}")

    def test_the_declared_bodies_are_the_published_ones(self) -> None:
        for file, name, shape in (
            ("checkout_orders_v2", "order_request", shapes.ORDER),
            ("checkout_orders_v2", "order_capture_request", shapes.CAPTURE),
            ("payments_payment_v2", "refund_request", shapes.REFUND),
            ("vault_payment_tokens_v3", "setup_token_request", shapes.SETUP_TOKEN),
            ("vault_payment_tokens_v3", "payment_token_request", shapes.PAYMENT_TOKEN),
            ("notifications_webhooks_v1", "verify_webhook_signature", shapes.VERIFY),
        ):
            self.compare(shape, Described(file, {"$ref": "#/" + name}), name)


# Which schema answers which request.
ANSWERS = [
    ("(POST|GET) /v2/checkout/orders.*", "checkout_orders_v2", "order"),
    ("GET /v2/payments/captures/[^/]*", "payments_payment_v2", "capture"),
    (".* /v2/payments/(refunds/.*|captures/.*/refund)", "payments_payment_v2", "refund"),
    ("(POST|GET) /v3/vault/setup-tokens.*", "vault_payment_tokens_v3", "setup_token_response"),
    ("POST /v3/vault/payment-tokens", "vault_payment_tokens_v3", "payment_token_response"),
    ("GET /v1/notifications/webhooks/[^/]*", "notifications_webhooks_v1", "webhook"),
]
KINDS = {"string": str, "object": dict, "array": list, "boolean": bool, "integer": int}


@unittest.skipUnless(PAYPAL.exists(), "PayPal's descriptions are not at hand")
class PayPalByDescription(test_paypal.PayPal):
    """The same tests; every answer must be as described."""

    def inspect(self, asked: str, sent: str, answer: Answer) -> None:
        if answer.status not in (200, 201):
            return
        for pattern, file, name in ANSWERS:
            if re.fullmatch(pattern, asked):
                self.compare(answer.json, Described(file, {"$ref": "#/" + name}), name)

    def compare(self, value: Any, theirs: Described, where: str) -> None:
        """Names, types, choices, patterns and lengths."""
        node = theirs.node
        if "type" in node:
            self.assertIsInstance(value, KINDS[node["type"]], where)
        if isinstance(value, str):
            self.assertLessEqual(len(value), node.get("maxLength", len(value)), where)
            if "enum" in node:
                self.assertIn(value, node["enum"], where)
            if "pattern" in node and len(node["pattern"]) < 200:
                self.assertRegex(value, node["pattern"], where)
        if isinstance(value, list):
            for item in value:
                self.compare(item, theirs.items(), where + "/*")
        members = theirs.members()
        if isinstance(value, dict) and members:
            for name, member in value.items():
                self.assertIn(name, members, where)
                self.compare(member, theirs.get(name), f"{where}/{name}")


if __name__ == "__main__":
    unittest.main()
