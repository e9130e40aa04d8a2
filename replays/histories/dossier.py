"""A dossier: a whole history with where the thing stands, and what proves that it is the log's."""

from __future__ import annotations

from datetime import tzinfo

import msgspec

from domain.catalogue import CATEGORIES
from eventlog.chain import GENESIS
from eventlog.codec import Codec
from eventlog.reader import Reader
from replays.histories.states import State, state_of
from replays.histories.subjects import OWN, Line, Subject, history
from replays.tables.moment import Moment


class Dossier(msgspec.Struct, frozen=True):
    """A history to be filed. ``digest`` is that of the log at ``position``.

    ``state`` is where the thing stands; None for a document, which may be of any kind.
    """

    subject: Subject
    position: int
    digest: str
    state: State | None
    lines: tuple[Line, ...]


def dossier(
    reader: Reader, codec: Codec, subject: Subject, moment: Moment, zone: tzinfo
) -> Dossier:
    """Gather all that is known of a thing at a moment."""
    lines = tuple(history(reader, codec, subject, upto=moment.position))
    kind = CATEGORIES.get(OWN[subject.kind])
    state = state_of(reader, codec, kind.of(*subject.parts), moment, zone) if kind else None
    last = next(reader.after(moment.position - 1, limit=1), None)
    return Dossier(subject, moment.position, last.digest if last else GENESIS, state, lines)
