"""RSA signatures and a self-signed certificate, as PayPal's transmissions carry them.

Written out because the standard library has neither. Good enough to be verified by others; not
made to keep a secret.
"""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import dataclass
from functools import cached_property

PUBLIC_EXPONENT = 65_537
SMALL_PRIMES = [p for p in range(3, 2_000) if all(p % q for q in range(2, int(p**0.5) + 1))]
# DigestInfo of SHA-256, RFC 8017 section 9.2, note 1.
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
SHA256_WITH_RSA = bytes.fromhex("300d06092a864886f70d01010b0500")
RSA_ENCRYPTION = bytes.fromhex("300d06092a864886f70d0101010500")


@dataclass(frozen=True)
class Key:
    """A key pair."""

    p: int
    q: int

    @cached_property
    def modulus(self) -> int:
        """n"""
        return self.p * self.q

    def raise_to_d(self, value: int) -> int:
        """The private operation, by the Chinese remainder theorem."""
        for_p, for_q, inverse = self._private
        low = pow(value % self.p, for_p, self.p)
        high = pow(value % self.q, for_q, self.q)
        return high + self.q * (inverse * (low - high) % self.p)

    @cached_property
    def _private(self) -> tuple[int, int, int]:
        d = pow(PUBLIC_EXPONENT, -1, (self.p - 1) * (self.q - 1))
        return d % (self.p - 1), d % (self.q - 1), pow(self.q, -1, self.p)


class Stream:
    """Numbers that depend on a seed alone."""

    def __init__(self, seed: str) -> None:
        self._seed, self._count = seed, 0

    def bits(self, count: int) -> int:
        """A number below two to the power of `count`."""
        data = b""
        while len(data) * 8 < count:
            data += hashlib.sha512(f"{self._seed}/{self._count}".encode()).digest()
            self._count += 1
        return int.from_bytes(data, "big") >> (len(data) * 8 - count)


def _is_prime(candidate: int, numbers: Stream) -> bool:
    if any(candidate % p == 0 for p in SMALL_PRIMES):
        return False
    odd, twos = candidate - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(12):
        x = pow(2 + numbers.bits(64), odd, candidate)
        if x in (1, candidate - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % candidate
            if x == candidate - 1:
                break
        else:
            return False
    return True


def _prime(bits: int, numbers: Stream) -> int:
    while True:
        candidate = numbers.bits(bits) | (3 << (bits - 2)) | 1
        if (candidate - 1) % PUBLIC_EXPONENT and _is_prime(candidate, numbers):
            return candidate


def generate(seed: str, bits: int = 2048) -> Key:
    """The key pair of a seed."""
    numbers = Stream(seed)
    return Key(_prime(bits // 2, numbers), _prime(bits // 2, numbers))


def _padded(message: bytes, length: int) -> int:
    info = DIGEST_INFO + hashlib.sha256(message).digest()
    padded = b"\x00\x01" + b"\xff" * (length - len(info) - 3) + b"\x00" + info
    return int.from_bytes(padded, "big")


def sign(key: Key, message: bytes) -> bytes:
    """RSASSA-PKCS1-v1_5 with SHA-256."""
    length = (key.modulus.bit_length() + 7) // 8
    return key.raise_to_d(_padded(message, length)).to_bytes(length, "big")


def verify(modulus: int, message: bytes, signature: bytes) -> bool:
    """Whether a signature is the key's."""
    length = (modulus.bit_length() + 7) // 8
    if len(signature) != length:
        return False
    value = pow(int.from_bytes(signature, "big"), PUBLIC_EXPONENT, modulus)
    return value == _padded(message, length)


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    count = (size.bit_length() + 7) // 8
    return bytes([tag, 0x80 | count]) + size.to_bytes(count, "big") + content


def _integer(value: int) -> bytes:
    return _der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _time(seconds: float) -> bytes:
    return _der(0x17, time.strftime("%y%m%d%H%M%SZ", time.gmtime(seconds)).encode())


def certificate(key: Key, name: str) -> str:
    """A self-signed X.509 certificate in PEM, valid from 2020 to 2049 (RFC 5280)."""
    common = _der(0x30, bytes.fromhex("0603550403") + _der(0x0C, name.encode()))
    subject = _der(0x30, _der(0x31, common))
    validity = _der(0x30, _time(1_577_836_800) + _time(2_493_072_000))
    public = _der(0x30, _integer(key.modulus) + _integer(PUBLIC_EXPONENT))
    public_info = _der(0x30, RSA_ENCRYPTION + _der(3, b"\x00" + public))
    version = _der(0xA0, _integer(2))
    serial = _integer(1)
    inner = version + serial + SHA256_WITH_RSA + subject + validity + subject + public_info
    body = _der(0x30, inner)
    whole = _der(0x30, body + SHA256_WITH_RSA + _der(3, b"\x00" + sign(key, body)))
    text = base64.encodebytes(whole).decode()
    return f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n"
