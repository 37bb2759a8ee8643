"""Amounts: integers of the smallest unit inside, whatever the vendor writes outside."""

from __future__ import annotations

import re

# ISO 4217 exponents that are not two.
EXPONENTS = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "JPY": 0, "KMF": 0, "KRW": 0, "MGA": 0, "PYG": 0,
    "RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip


def exponent(currency: str) -> int:
    """How many decimals a currency has."""
    return EXPONENTS.get(currency.upper(), 2)


def to_minor(text: str, decimals: int) -> int | None:
    """Reads `12.34`; nothing where the text is no plain amount or has too many decimals."""
    match = re.fullmatch(r"([0-9]{1,12})(?:\.([0-9]{1,4}))?", text)
    if match is None:
        return None
    fraction = (match.group(2) or "").rstrip("0")
    if len(fraction) > decimals:
        return None
    return int(match.group(1)) * 10**decimals + int(fraction.ljust(decimals, "0") or "0")


def to_text(minor: int, decimals: int) -> str:
    """Writes an amount with all its decimals."""
    sign, digits = ("-" if minor < 0 else ""), str(abs(minor)).rjust(decimals + 1, "0")
    if decimals == 0:
        return sign + digits
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"
