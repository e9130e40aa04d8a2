"""The pages of a statement in PDF: its parts, from the top down."""

from __future__ import annotations

from datetime import datetime

import msgspec

from api.documents import layout, words
from api.documents.pdf_paper import FONT, LEFT, RIGHT, Column, Paper, Row, columns
from domain.kernel.money import text
from replays.statements.values import DetailLine, Document, Party

_BLANK_DISPUTES = 3
_ROOM_TO_SIGN_MM = 105


class Pages(Paper):
    """A statement page by page, on A4, in the font that is added to it as ``statement``."""

    def __init__(self, document: Document, made: datetime) -> None:
        head = document.head
        what = layout.number(head) if head.version is not None else f"{head.period} {words.DRAFT}"
        super().__init__(f"{words.TITLE}  {head.dealer_id}  {what}", made)
        self._document = document

    def written(self) -> bytes:
        """Draw everything and return the file."""
        self.set_font(FONT, size=9)
        self.add_page()
        self._head()
        self._summary()
        self._lines()
        self._memo()
        self._goods()
        self._signatures()
        self._digest()
        return bytes(self.output())

    def _head(self) -> None:
        head, closing = self._document.head, self._document.figures.closing
        self.say(str(words.TITLE), 18)
        if head.version is None:
            self.say(f"{words.DRAFT}. {words.DRAFT_NOTE}", 10)
        owed = words.OWED[(closing > 0) - (closing < 0)]
        self.say(f"{layout.IDENTITY[-1].word} {head.currency} {text(closing)} ({owed})", 11)
        self.ln(2)
        dealer = f"{words.DEALER} {head.dealer_id}"
        ours, theirs = _party(head.ours), _party(head.dealer)
        self.plain(
            (44, 70, 70),
            [
                ("", str(words.OURS), dealer),
                *(
                    (str(word), ours[field], theirs[field])
                    for field, word in words.PARTY.items()
                    if ours[field] or theirs[field]
                ),
            ],
        )
        self.ln(2)
        told = [(str(word), str(value)) for word, value in layout.facts(head)]
        pairs = zip(told[::2], told[1::2], strict=True)
        self.plain((44, 48, 44, 48), [(*left, *right) for left, right in pairs])

    def _summary(self) -> None:
        self.part("A", words.PART_A, words.GROSS_NOTE)
        figures = self._document.figures
        rows = [
            (step.number, step.sign, str(step.word), text(getattr(figures, step.field)))
            for step in layout.IDENTITY
        ]
        self.plain((12, 8, 110, 54), rows, (LEFT, LEFT, LEFT, RIGHT))

    def _lines(self) -> None:
        self.part("B", words.PART_B)
        say = words.LINE
        shown: list[Column] = [(say["day"], 17, LEFT), (say["doc"], 37, LEFT)]
        shown += [(say["sku"], 28, LEFT), (say["qty"], 9, RIGHT)]
        shown += [(say[name], 18, RIGHT) for name in ("unit_price", "net")]
        shown += [(say["vat"], 16, RIGHT), (say["gross"], 20, RIGHT)]
        shown += [(say["balance"], 21, RIGHT)]
        first = str(words.FORWARD), text(layout.brought_forward(self._document))
        last = str(layout.IDENTITY[-1].word), text(self._document.figures.closing)
        rows = [_edge(*first), *map(_line, layout.told(self._document.lines))]
        self.ruled(shown, rows if self._document.prior else [*rows, _edge(*last)], 6.2)
        if self._document.prior:
            self.piece(words.PRIOR, words.PRIOR_NOTE)
            prior = list(map(_line, layout.told(self._document.prior)))
            self.ruled(shown, [*prior, _edge(*last)], 6.2)

    def _memo(self) -> None:
        self.part("C", words.PART_C, words.MEMO_NOTE)
        memo = self._document.memo
        fields = (*layout.PENDING, *layout.CREDIT)
        rows = [(str(words.MEMO[name]), text(getattr(memo, name))) for name in fields]
        self.plain((110, 74), rows, (LEFT, RIGHT))
        if memo.rebates:
            self.piece(words.REBATES_TITLE)
            told = [(one.policy, text(one.accrued), text(one.withheld)) for one in memo.rebates]
            self.ruled(columns(words.REBATE, (92, 46, 46), 1), told, 7.5)
        self.piece(words.AGEING_TITLE, more=memo.ageing.on.isoformat())
        buckets = words.AGEING | {"total": words.TOTAL}
        amounts = [text(getattr(memo.ageing, name)) for name in words.AGEING]
        total = text(layout.ageing_total(memo))
        self.ruled(columns(buckets, (31, 31, 31, 31, 31, 29), 0), [(*amounts, total)], 7.5)
        if memo.open_documents:
            self.piece(words.OPEN_TITLE)
            left = [
                (one.doc, one.due.isoformat(), layout.count(one.days_overdue), text(one.open))
                for one in memo.open_documents
            ]
            self.ruled(columns(words.OPEN, (72, 36, 36, 40), 2), left, 7.5)

    def _goods(self) -> None:
        self.part("D", words.PART_D, words.GOODS_NOTE)
        if not self._document.goods:
            self.say(str(words.NO_GOODS), 8)
            return
        rows = []
        for line in self._document.goods:
            said = msgspec.structs.asdict(line)
            counts = [layout.count(said[name]) for name in list(words.GOODS)[2:]]
            rows.append((line.sku, line.lot, *counts))
        self.ruled(columns(words.GOODS, (24, 24, *[13.6] * 10), 2), rows, 6)

    def _signatures(self) -> None:
        self.part("E", words.PART_E, room=_ROOM_TO_SIGN_MM)
        head, closing = self._document.head, text(self._document.figures.closing)
        if head.confirm_by:
            self.say(f"{words.FACTS['confirm_by']} {head.confirm_by.isoformat()}", 9)
        asked = " / ".join(map(str, words.DISPUTED))
        blanks = [("", "_" * 40)] * _BLANK_DISPUTES
        signed = [(f"{word}  {'_' * 30}",) * 2 for word in words.SIGNED]
        rows = [
            (f"[  ] {words.CONFIRM}", f"[  ] {words.DISPUTE}"),
            (f"{head.currency} {closing}", asked),
            *blanks,
            *signed,
        ]
        self.plain((92, 92), rows, height=8)

    def _digest(self) -> None:
        head = self._document.head
        self.ln(4)
        if self.will_page_break(25):
            self.add_page()
        self.say(str(words.DIGEST), 8)
        self.say(head.digest, 8)
        for said in words.proof(head.log_position):
            self.say(said, 7, soft=True)


def _party(party: Party) -> dict[str, str]:
    said: dict[str, str] = msgspec.structs.asdict(party)
    return said | {"name": party.name or layout.NONE}


def _edge(word: str, balance: str) -> Row:
    return ("", word, *[""] * 6, balance)


def _line(told: layout.Told) -> Row:
    line = told.line
    return (
        _day(line),
        line.doc if told.continues else _document(line),
        "\n".join(one for one in (line.sku, *line.lots, *line.serials) if one),
        layout.count(line.qty),
        layout.price(line.unit_price),
        text(line.net),
        text(line.vat),
        text(line.gross),
        text(told.balance),
    )


def _day(line: DetailLine) -> str:
    late = f"\n({line.effective.isoformat()})" if line.effective else ""
    return line.day.isoformat() + late


def _document(line: DetailLine) -> str:
    refers = (line.text, line.fapiao, line.so, line.shp)
    said = (line.doc, str(layout.kind(line.type)).strip(), *refers)
    return "\n".join(one for one in said if one)
