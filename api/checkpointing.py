"""Taking checkpoints: the head of the log, signed with the key of the settings, and kept."""

from __future__ import annotations

from api.engine import Engine
from eventlog.checkpoints import keep
from eventlog.rows import Checkpoint, instant_text
from replays.proving import signing
from replays.proving.checkpoints import make


class NoSigningKeyError(Exception):
    """No key is configured; the text says how to come to one."""


def take_checkpoint(engine: Engine) -> Checkpoint:
    """Sign the head of the log, and keep what was signed; a second time it returns the first.

    Raises NoSigningKeyError, and KeyFileError, EmptyLogError and AlteredLogError of
    ``replays.proving``.
    """
    path = engine.settings.signing_key
    if path is None:
        raise NoSigningKeyError(
            "no key is set: let BATON_SIGNING_KEY name its file (baton new-signing-key makes one)"
        )
    signer = signing.load(path, engine.settings.log_name)
    return keep(engine.database, make(engine.reader, signer, instant_text(engine.clock())))
