"""A plausible month of a busy dealer, with the noise of his bookkeeping and the truth about it."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import msgspec

from domain.policies.matching import StatedLine
from tests.domain.support import day

FIRST = day("2026-03-01")
PRODUCTS = {"US80": 300_580_00, "INJ": 1_423_80, "GEL": 45_20, "PROBE": 22_600_00}


class Month:
    """Both statements as they grow; ``truth`` says what each line really is, by line id."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.ours: list[StatedLine] = []
        self.theirs: list[StatedLine] = []
        self.others: list[StatedLine] = []
        self.truth: dict[str, str] = {}

    def put(self, side: list[StatedLine], real: str, **more: Any) -> StatedLine:
        """Put a line down on one side."""
        made = StatedLine(line_id=f"L{len(self.truth):04}", **more)
        self.truth[made.line_id] = real
        side.append(made)
        return made

    def copy(self, one: StatedLine, real: str, **more: Any) -> StatedLine:
        """Put down what the dealer makes of a line of ours."""
        made = msgspec.structs.replace(one, line_id=f"L{len(self.truth):04}", **more)
        self.truth[made.line_id] = real
        self.theirs.append(made)
        return made

    def spelled(self, number: str) -> str:
        """Spell a number as people do."""
        short = number.replace("-00", "-").replace("-0", "-")
        spellings = (number, number, number.lower(), number.replace("-", " "), short)
        return self.dice.choice((*spellings, number.replace("-", "")))

    def invoice(self, number: int) -> None:
        """One or two lines of goods; rarely the dealer has them otherwise, or not at all."""
        dice, doc = self.dice, f"INV-2603-{number:03}"
        on = FIRST + timedelta(dice.randrange(26))
        lines = [
            self.put(
                self.ours,
                doc,
                kind="INVOICE",
                doc=doc,
                day=on,
                gross=qty * PRODUCTS[sku] * dice.randrange(90, 101) // 100,
                so=f"SO-{number // 2:04}",
                shp=f"SHP-{number:04}",
                sku=sku,
                qty=qty,
            )
            for sku in dice.sample(sorted(PRODUCTS), dice.choice((1, 1, 2)))
            for qty in [dice.randrange(1, 40)]
        ]
        fate = dice.random()
        late = on + timedelta(dice.randrange(4))
        if fate < 0.03:
            return
        if fate < 0.15:  # one sum for the document
            gross = sum(one.gross for one in lines) + dice.choice((0, 0, 1))
            bare = {"sku": "", "qty": 0, "so": "", "shp": "", "gross": gross}
            self.copy(lines[0], doc, doc=self.spelled(doc), day=late, **bare)
            return
        for one in lines:
            if fate < 0.30:  # a voucher number of his own, but our order
                self.copy(one, doc, doc=f"记-{number}", day=late, shp=self.spelled(one.shp))
            elif fate < 0.34:  # a unit is missing
                short = one.gross // one.qty
                self.copy(one, doc, day=late, qty=one.qty - 1, gross=one.gross - short)
            elif fate < 0.36:  # booked twice
                self.copy(one, doc, day=late)
                self.copy(one, doc, day=late)
            else:
                cent = dice.choice((0, 0, 0, 0, 0, 0, 0, 1, -1))
                kind = dice.choice(("INVOICE", ""))
                spelled = self.spelled(doc)
                self.copy(one, doc, doc=spelled, day=late, gross=one.gross + cent, kind=kind)

    def payment(self, number: int) -> None:
        """A round sum, sometimes one that is paid again and again; the bank knows its own number."""
        dice, real = self.dice, f"RCPT-{number:04}"
        on = FIRST + timedelta(dice.randrange(2, 27))
        gross = -dice.randrange(10_000, 900_000) * 100
        if dice.random() < 0.25:
            gross = -50_000_00
        one = self.put(self.ours, real, kind="PAYMENT", doc=real, day=on, gross=gross)
        doc = dice.choice((real, f"ICBC{dice.randrange(10**8)}", ""))
        self.copy(one, real, doc=doc, day=on - timedelta(dice.randrange(3)))

    def bundle(self, number: int) -> None:
        """Three small documents of one day, one sum in the dealer's books; or the other way."""
        dice, real = self.dice, f"bundle {number}"
        on = FIRST + timedelta(dice.randrange(26))
        parts = [dice.randrange(1_000_00, 90_000_00) for _ in range(3)]
        for_us = dice.random() < 0.5
        many, one = (self.ours, self.theirs) if for_us else (self.theirs, self.ours)
        for place, gross in enumerate(parts):
            doc = f"{'CN' if for_us else 'V'}-{number}-{place}"
            self.put(many, real, kind="INVOICE", doc=doc, day=on, gross=gross)
        self.put(one, real, kind="INVOICE", doc=f"B-{number}", day=on, gross=sum(parts))

    def from_february(self, number: int) -> None:
        """Booked by the dealer a month after us."""
        dice, doc = self.dice, f"INV-2602-{number:03}"
        gross = dice.randrange(1_000_00, 900_000_00)
        on = day("2026-02-27")
        one = self.put(self.others, doc, kind="INVOICE", doc=doc, day=on, gross=gross)
        self.copy(one, doc, doc=self.spelled(doc), day=FIRST + timedelta(dice.randrange(9)))


def month(
    dice: random.Random,
) -> tuple[list[StatedLine], list[StatedLine], list[StatedLine], dict[str, str]]:
    """Make our lines, the dealer's, our lines of February, and what each line really is."""
    made = Month(dice)
    for number in range(1, 61):
        made.invoice(number)
    for number in range(1, 13):
        made.payment(number)
    for number in range(1, 4):
        made.bundle(number)
        made.from_february(number)
    for lines in (made.ours, made.theirs, made.others):
        dice.shuffle(lines)
    return made.ours, made.theirs, made.others, made.truth
