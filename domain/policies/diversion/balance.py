"""Balance of a lot at a dealer: whether more was sold than came, and what a count misses."""

from __future__ import annotations

from datetime import date

from domain.channel.book import Book

INTRA_FAMILY, CHANNEL_SHORT = "INTRA_FAMILY", "CHANNEL_SHORT"
COUNT_DAYS = 45
"""Days for which a dealer's count of a lot speaks."""


def tolerance(came: int) -> int:
    """Difference of a book that means nothing: one per cent of what came, at least 1."""
    return max(1, -(-came // 100))


def excess(book: Book) -> int:
    """What was sold of a lot beyond what came and the tolerance; 0 where the book explains it."""
    return -book.balance if book.balance < -tolerance(book.came) else 0


def gap(book: Book) -> int:
    """What a count misses of the book; 0 without a count."""
    return 0 if book.counted is None else max(0, book.balance - book.counted)


def short(book: Book) -> int:
    """What left a dealer without a report (CHANNEL_SHORT), beyond the tolerance; else 0."""
    missing = gap(book)
    return missing if missing > tolerance(book.came) else 0


def stale(book: Book, day: date) -> bool:
    """Whether nobody has counted it lately."""
    return book.counted_on is None or (day - book.counted_on).days > COUNT_DAYS


def family_explains(book: Book, others: list[Book], day: date) -> bool:
    """Whether an unreported transfer in the dealer's family may be the cause of an excess.

    The family as a whole has received what it sold, and either somebody in it has not counted
    lately, or what is missing at the others is enough.
    """
    whole = [book, *others]
    if not others or sum(one.received for one in whole) < sum(one.sold for one in whole):
        return False
    uncounted = any(stale(one, day) for one in others)
    needed = excess(book) - tolerance(book.came)
    return uncounted or sum(gap(one) for one in others) >= needed
