"""What a request may contain, as small declarations; anything else is refused.

Two readings share them: forms, where every value arrives as text (`form=True`), and JSON.
"""

from __future__ import annotations

import re
from typing import Any


class Invalid(Exception):
    """A request that the vendor would refuse; `where` is the path inside it."""

    def __init__(self, where: tuple[str, ...], issue: str, text: str) -> None:
        super().__init__(text)
        self.where, self.issue, self.text = where, issue, text


class Field:
    """Any value."""

    def read(self, value: Any, where: tuple[str, ...]) -> Any:
        """Returns the value in its own type, or raises `Invalid`."""
        return value


class Text(Field):
    """A string with its limits."""

    def __init__(
        self,
        longest: int = 5000,
        pattern: str = "",
        options: tuple[str, ...] = (),
        shortest: int = 0,
    ) -> None:
        self.longest, self.shortest = longest, shortest
        self.pattern, self.options = pattern, options

    def read(self, value: Any, where: tuple[str, ...]) -> Any:
        if not isinstance(value, str):
            raise Invalid(where, "type", "must be a string")
        if len(value) > self.longest or len(value) < self.shortest:
            text = f"must have {self.shortest} to {self.longest} characters"
            raise Invalid(where, "length", text)
        if self.pattern and not re.search(self.pattern, value):
            raise Invalid(where, "syntax", f"must match {self.pattern}")
        if self.options and value not in self.options:
            raise Invalid(where, "option", "must be one of " + ", ".join(self.options))
        return value


class Whole(Field):
    """An integer; written as digits in forms."""

    def __init__(self, low: int = 0, high: int = 99_999_999, form: bool = True) -> None:
        self.low, self.high, self.form = low, high, form

    def read(self, value: Any, where: tuple[str, ...]) -> Any:
        if self.form and isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise Invalid(where, "integer", f"Invalid integer: {value}")
        if not self.low <= value <= self.high:
            raise Invalid(where, "range", f"must lie between {self.low} and {self.high}")
        return value


class Flag(Field):
    """A boolean; written as `true` or `false` in forms."""

    def __init__(self, form: bool = True) -> None:
        self.form = form

    def read(self, value: Any, where: tuple[str, ...]) -> Any:
        if self.form and value in ("true", "false"):
            return value == "true"
        if isinstance(value, bool) and not self.form:
            return value
        raise Invalid(where, "boolean", f"Invalid boolean: {value}")


class Many(Field):
    """A list."""

    def __init__(self, item: Field, most: int = 100, least: int = 0) -> None:
        self.item, self.most, self.least = item, most, least

    def read(self, value: Any, where: tuple[str, ...]) -> Any:
        if not isinstance(value, list):
            raise Invalid(where, "array", "Invalid array")
        if not self.least <= len(value) <= self.most:
            raise Invalid(where, "length", f"must have {self.least} to {self.most} items")
        return [self.item.read(v, (*where, str(i))) for i, v in enumerate(value)]


class Group(Field):
    """An object with known members; `needs` names those that must be there."""

    def __init__(self, members: dict[str, Field], needs: tuple[str, ...] = ()) -> None:
        self.members, self.needs = members, needs

    def read(self, value: Any, where: tuple[str, ...]) -> Any:
        if not isinstance(value, dict):
            raise Invalid(where, "object", "Invalid object")
        for name in value:
            if name not in self.members:
                raise Invalid((*where, name), "unknown", "Received unknown parameter")
        for name in self.needs:
            if name not in value:
                raise Invalid((*where, name), "missing", "Missing required param")
        return {k: self.members[k].read(v, (*where, k)) for k, v in value.items()}


class Labels(Field):
    """Free names with string values, as Stripe's metadata."""

    def __init__(self, most: int = 50, longest_name: int = 40, longest: int = 500) -> None:
        self.most, self.longest_name, self.longest = most, longest_name, longest

    def read(self, value: Any, where: tuple[str, ...]) -> Any:
        if value == "":
            return {}
        if not isinstance(value, dict) or len(value) > self.most:
            raise Invalid(where, "object", f"must be up to {self.most} named values")
        for name, member in value.items():
            if not isinstance(member, str) or len(member) > self.longest:
                raise Invalid((*where, name), "length", f"must be text up to {self.longest}")
            if len(name) > self.longest_name:
                raise Invalid((*where, name), "length", "this name is too long")
        return value


class OneOf(Field):
    """Whatever the first fitting declaration reads."""

    def __init__(self, *choices: Field) -> None:
        self.choices = choices

    def read(self, value: Any, where: tuple[str, ...]) -> Any:
        for choice in self.choices[:-1]:
            try:
                return choice.read(value, where)
            except Invalid:
                continue
        return self.choices[-1].read(value, where)


def nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Reads `a[b][0][c]=d` into dictionaries and lists; raises `ValueError` where names clash."""
    root: dict[str, Any] = {}
    for name, value in pairs:
        match = re.fullmatch(r"([^\[\]]+)((?:\[[^\[\]]*\])*)", name)
        if match is None:
            raise ValueError(name)
        steps = [match.group(1), *re.findall(r"\[([^\[\]]*)\]", match.group(2))]
        place = root
        for position, step in enumerate(steps):
            if not isinstance(place, dict):
                raise ValueError(name)
            key = step if step else str(len(place))
            if position == len(steps) - 1:
                if key in place:
                    raise ValueError(name)
                place[key] = value
            else:
                place = place.setdefault(key, {})
    return _lists(root)


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    items = {k: _lists(v) for k, v in value.items()}
    if items and list(items) == [str(i) for i in range(len(items))]:
        return list(items.values())
    return items
