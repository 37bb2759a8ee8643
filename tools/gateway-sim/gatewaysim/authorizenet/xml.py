"""Reading requests and writing answers."""

from __future__ import annotations

from typing import Union
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from .schema import NAMESPACE

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# An answer: names with text, or with names again. Elements without a value are left out.
Value = Union[str, None, "Tree"]
Tree = list[tuple[str, Value]]


class Node:
    """An element of a checked request, with short ways to what is inside."""

    def __init__(self, element: Element) -> None:
        self.element = element

    @classmethod
    def parse(cls, body: bytes) -> Node:
        """Reads a document; raises `ElementTree.ParseError`."""
        if b"<!DOCTYPE" in body:
            raise ElementTree.ParseError("DTD is prohibited in this XML document.")
        return cls(ElementTree.fromstring(body))

    @property
    def name(self) -> str:
        """The name without its namespace."""
        return self.element.tag.rpartition("}")[2]

    def node(self, path: str) -> Node | None:
        """The first element at a path of names."""
        qualified = "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
        found = self.element.find(qualified)
        return None if found is None else Node(found)

    def text(self, path: str) -> str:
        """The text at a path, or nothing."""
        found = self.node(path)
        return "" if found is None else (found.element.text or "").strip()

    def pairs(self, path: str, name: str, value: str) -> dict[str, str]:
        """Named values, as settings and user fields are."""
        found = self.node(path)
        if found is None:
            return {}
        children = [Node(child) for child in found.element]
        return {child.text(name): child.text(value) for child in children}

    def source(self) -> str:
        """The element as text again."""
        return ElementTree.tostring(self.element, encoding="unicode")


def _inner(tree: Tree) -> str:
    parts = []
    for name, value in tree:
        if value is None:
            continue
        inner = escape(value) if isinstance(value, str) else _inner(value)
        parts.append(f"<{name}>{inner}</{name}>")
    return "".join(parts)


def document(name: str, tree: Tree) -> bytes:
    """A whole answer, with the mark in front that the real one has."""
    first = '<?xml version="1.0" encoding="utf-8"?>'
    text = f'{first}<{name} xmlns="{NAMESPACE}">{_inner(tree)}</{name}>'
    return BYTE_ORDER_MARK + text.encode()
