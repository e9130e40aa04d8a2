"""Files that are streamed, and let go of what they read from when nobody wants them any more."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send


class Download(StreamingResponse):
    """A file by chunks. Whether it is sent whole or broken off, what makes the chunks is closed."""

    def __init__(
        self, chunks: Iterator[bytes], media_type: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self._chunks = _begun(chunks)
        super().__init__(self._chunks, media_type=media_type, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await run_in_threadpool(self._chunks.close)


def _begun(chunks: Iterator[bytes]) -> Generator[bytes, None, None]:
    """Chunks of which the first is there: what cannot be written is found before the answer."""
    whole = _whole(chunks)
    next(whole)
    return whole


def _whole(chunks: Iterator[bytes]) -> Generator[bytes, None, None]:
    first = next(chunks, b"")
    yield b""
    yield first
    yield from chunks
