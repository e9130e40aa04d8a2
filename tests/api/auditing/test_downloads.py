"""A download that is broken off lets go of what it reads from, at once."""

from __future__ import annotations

from collections.abc import Iterator

import anyio
import pytest

from api.downloads import Download

closed: list[str] = []


def rows() -> Iterator[bytes]:
    try:
        while True:
            yield b"row"
    finally:
        closed.append("closed")


@pytest.mark.parametrize("chunks", [1, 2, 5])
def test_whoever_goes_away_leaves_nothing_open(chunks: int):
    closed.clear()
    sent: list[bytes] = []

    async def send(message: dict) -> None:
        sent.append(message.get("body", b""))
        if len(sent) > chunks:
            raise OSError("the client has gone away")

    async def receive() -> dict:
        await anyio.sleep_forever()
        return {}

    scope = {"type": "http", "asgi": {"spec_version": "2.4"}, "method": "GET", "headers": []}

    async def download() -> None:
        await Download(rows(), "text/csv")(scope, receive, send)

    with pytest.raises(Exception, match=r"gone away|ClientDisconnect|^$"):
        anyio.run(download)

    assert closed == ["closed"]


def test_what_cannot_be_written_is_found_before_the_answer_begins():
    def broken() -> Iterator[bytes]:
        raise ValueError("too much")
        yield b""

    with pytest.raises(ValueError, match="too much"):
        Download(broken(), "text/csv")
