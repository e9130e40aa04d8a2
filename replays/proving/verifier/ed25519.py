"""Ed25519 signatures (RFC 8032, section 5.1), checked with whole numbers alone.

It takes some milliseconds and is not constant in time: nothing that it touches is secret.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

P = 2**255 - 19
"""The prime of the field."""
ORDER = 2**252 + 27742317777372353535851937790883648493
"""Order of the group that the base point generates."""
_D = -121665 * pow(121666, P - 2, P) % P
_ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
_TOP = 1 << 255
LENGTH = 32


class Point(NamedTuple):
    """A point of the curve in extended homogeneous coordinates (section 5.1.4)."""

    x: int
    y: int
    z: int
    t: int


_NEUTRAL = Point(0, 1, 1, 0)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature of 64 bytes over a message is that of a public key of 32 bytes."""
    if len(public) != LENGTH or len(signature) != 2 * LENGTH:
        return False
    key, scalar = decoded(public), int.from_bytes(signature[LENGTH:], "little")
    if key is None or scalar >= ORDER:
        return False
    challenge = hashlib.sha512(signature[:LENGTH] + public + message).digest()
    factor = int.from_bytes(challenge, "little") % ORDER
    # R = [S]B - [k]A; the encoding of a point is the only one that is accepted of it.
    opposite = Point(P - key.x, key.y, key.z, P - key.t)
    found = _sum(_multiple(scalar, BASE), _multiple(factor, opposite))
    return _encoded(found) == signature[:LENGTH]


def decoded(text: bytes) -> Point | None:
    """Return the point that 32 bytes stand for (section 5.1.3), or None for no point."""
    number = int.from_bytes(text, "little")
    y, odd = number % _TOP, number // _TOP
    if y >= P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * _ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    if x % 2 != odd:
        x = P - x
    return Point(x, y, 1, x * y % P)


def _encoded(point: Point) -> bytes:
    inverse = pow(point.z, P - 2, P)
    x, y = point.x * inverse % P, point.y * inverse % P
    return (y | (x % 2) << 255).to_bytes(LENGTH, "little")


def _sum(one: Point, other: Point) -> Point:
    """Add two points, which may be the same (section 5.1.4)."""
    a = (one.y - one.x) * (other.y - other.x) % P
    b = (one.y + one.x) * (other.y + other.x) % P
    c = 2 * one.t * other.t * _D % P
    d = 2 * one.z * other.z % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return Point(e * f % P, g * h % P, f * g % P, e * h % P)


def _multiple(factor: int, point: Point) -> Point:
    total = _NEUTRAL
    while factor:
        if factor % 2:
            total = _sum(total, point)
        point = _sum(point, point)
        factor //= 2
    return total


def _base() -> Point:
    found = decoded((4 * pow(5, P - 2, P) % P).to_bytes(LENGTH, "little"))
    assert found is not None  # noqa: S101 - y = 4/5 with an even x is the base point by definition
    return found


BASE = _base()
