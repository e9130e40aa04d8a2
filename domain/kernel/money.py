"""Money: integer minor units, decimal unit prices, one rounding per line. Never float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import msgspec

CENT = Decimal("0.01")
LARGEST_AMOUNT = 10**15
"""Bound of one amount in minor units: sums of many still fit 64 bits."""

TAX_EXCLUSIVE = "TAX_EXCLUSIVE"
TAX_INCLUSIVE = "TAX_INCLUSIVE"


class Amounts(msgspec.Struct, frozen=True):
    """Net, VAT and gross in minor units; ``gross = net + vat``."""

    net: int
    vat: int
    gross: int

    def __add__(self, other: Amounts) -> Amounts:
        """Sum of two amounts, each already rounded."""
        return Amounts(self.net + other.net, self.vat + other.vat, self.gross + other.gross)


ZERO = Amounts(0, 0, 0)


def minor_units(value: Decimal) -> int:
    """Round a decimal of main units half up to whole minor units."""
    return _whole(value * 100)


def line_amounts(quantity: int, unit_price: Decimal, basis: str, rate_pct: Decimal) -> Amounts:
    """Amounts of one line: the price basis decides which figure is rounded first.

    Exclusive: ``net = round(q x p)``, ``vat = round(net x r)``. Inclusive:
    ``gross = round(q x p)``, ``net = round(gross / (1 + r))``. The document's VAT is the sum of
    its lines'.
    """
    total = minor_units(quantity * unit_price)
    rate = rate_pct / 100
    if basis == TAX_INCLUSIVE:
        return without_vat(total, rate_pct)
    vat = _whole(total * rate)
    return Amounts(total, vat, total + vat)


def in_basis(price: Decimal, basis: str, wanted: str, rate_pct: Decimal) -> Decimal:
    """Turn a unit price into another price basis, so that it can be compared with a list."""
    factor = 1 + rate_pct / 100
    if basis == wanted:
        return price
    return price / factor if wanted == TAX_EXCLUSIVE else price * factor


def part(amounts: Amounts, before: int, after: int, whole: int) -> Amounts:
    """Amounts of the units from ``before`` to ``after`` of a line of ``whole`` units.

    Cut this way, the parts of a line add up to the line, whatever was rounded.
    """
    net = share(amounts.net, after, whole) - share(amounts.net, before, whole)
    vat = share(amounts.vat, after, whole) - share(amounts.vat, before, whole)
    return Amounts(net, vat, net + vat)


def share(amount: int, of: int, whole: int) -> int:
    """``amount x of / whole``, rounded half up: an amount in the proportion of two others."""
    numerator = amount * of
    sign = -1 if (numerator < 0) != (whole < 0) else 1
    # Half up goes away from zero, as ROUND_HALF_UP does; in whole numbers, so that it is exact.
    return sign * ((2 * abs(numerator) + abs(whole)) // (2 * abs(whole)))


def without_vat(gross: int, rate_pct: Decimal) -> Amounts:
    """Take a gross amount apart: ``net = round(gross / (1 + r))``, VAT is the rest."""
    net = _whole(Decimal(gross) / (1 + rate_pct / 100))
    return Amounts(net, gross - net, gross)


def percent(share: Decimal, whole: Decimal) -> Decimal:
    """``share / whole`` in per cent, rounded half up to 0.01."""
    return (share / whole * 100).quantize(CENT, ROUND_HALF_UP)


def text(minor: int | None) -> str:
    """Write minor units as people read them: ``1,234.50``."""
    if minor is None:
        return ""
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100:,}.{abs(minor) % 100:02d}"


def _whole(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))
