"""Verification of Ed25519 signatures (RFC 8032, section 5.1.7) in pure Python.

This is for verifiers that have only the standard library. It does not sign, because signing must
take constant time. Like OpenSSL and Go, it checks `[S]B = R + [k]A` without the cofactor, and
compares the encoding of R, so a signature has exactly one accepted form.
"""

from __future__ import annotations

from hashlib import sha512
from typing import Final

PUBLIC_KEY_SIZE: Final = 32
SIGNATURE_SIZE: Final = 64

_P: Final = 2**255 - 19
"""The prime that defines the field."""
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
"""The order of the base point; the RFC writes `L`."""
_D: Final = -121665 * pow(121666, -1, _P) % _P
_SQRT_MINUS_1: Final = pow(2, (_P - 1) // 4, _P)
_SIGN_BIT: Final = 1 << 255

_Point = tuple[int, int, int, int]
"""Extended coordinates X, Y, Z, T: x = X/Z, y = Y/Z, x * y = T/Z."""

_NEUTRAL: Final[_Point] = (0, 1, 1, 0)


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether the message was signed with the private key for this public key.

    False for any malformed key or signature. A key is malformed if it is not the canonical encoding
    of a point; a signature is malformed if its S is not below the order of the base point.
    """
    if len(public_key) != PUBLIC_KEY_SIZE or len(signature) != SIGNATURE_SIZE:
        return False
    point = _decompressed(public_key)
    s = int.from_bytes(signature[32:], "little")
    if point is None or s >= _ORDER:
        return False
    digest = sha512(signature[:32] + public_key + message).digest()
    k = int.from_bytes(digest, "little") % _ORDER
    # R = [S]B - [k]A
    return _compressed(_sum_of_multiples(s, k, _negated(point))) == signature[:32]


def _decompressed(encoded: bytes) -> _Point | None:
    """Return the point with this encoding (section 5.1.3), or None if it is not canonical."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (_SIGN_BIT - 1)
    if y >= _P:
        return None
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = u * pow(v, 3, _P) * pow(u * pow(v, 7, _P), (_P - 5) // 8, _P) % _P
    if v * x * x % _P != u:
        x = x * _SQRT_MINUS_1 % _P
        if v * x * x % _P != u:
            return None
    if x == 0 and sign:
        return None
    if x & 1 != sign:
        x = _P - x
    return (x, y, 1, x * y % _P)


def _compressed(point: _Point) -> bytes:
    """Return the encoding of a point (section 5.1.2)."""
    x, y, z, _ = point
    inverse = pow(z, -1, _P)
    x, y = x * inverse % _P, y * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _negated(point: _Point) -> _Point:
    x, y, z, t = point
    return (_P - x, y, z, _P - t)


def _sum(one: _Point, other: _Point) -> _Point:
    """Return the sum of two points (section 5.1.4)."""
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a = (y1 - x1) * (y2 - x2) % _P
    b = (y1 + x1) * (y2 + x2) % _P
    c = 2 * _D * t1 * t2 % _P
    d = 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _doubled(point: _Point) -> _Point:
    """Return the sum of a point and itself (section 5.1.4)."""
    x, y, z, _ = point
    a, b = x * x % _P, y * y % _P
    h = a + b
    e = h - (x + y) * (x + y) % _P
    g = a - b
    f = 2 * z * z % _P + g
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _sum_of_multiples(s: int, k: int, point: _Point) -> _Point:
    """Return `[s]B + [k]point`, doubling once for both factors."""
    both = _sum(_BASE, point)
    total = _NEUTRAL
    for bit in range(max(s.bit_length(), k.bit_length()) - 1, -1, -1):
        total = _doubled(total)
        of_base, of_point = s >> bit & 1, k >> bit & 1
        if of_base and of_point:
            total = _sum(total, both)
        elif of_base:
            total = _sum(total, _BASE)
        elif of_point:
            total = _sum(total, point)
    return total


def _base_point() -> _Point:
    """Return B, the point with y = 4/5 and an even x."""
    point = _decompressed((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))
    if point is None:
        raise AssertionError("the base point is on the curve")
    return point


_BASE: Final = _base_point()
