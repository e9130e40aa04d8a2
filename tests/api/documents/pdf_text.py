"""Reads the text of a PDF back: what a person would mark and copy from it."""

from __future__ import annotations

import re
import zlib

_STREAM = re.compile(rb"stream\n(.*?)\nendstream", re.DOTALL)
_TO_UNICODE = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{4,8})>")
_SHOWN = re.compile(rb"\(((?:\\.|[^\\)])*)\) Tj", re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_CONTROL = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """All texts of a PDF, one shown string a line."""
    streams = list(map(_inflated, _STREAM.findall(pdf)))
    letters = {
        int(glyph, 16): chr(int(code, 16))
        for stream in streams
        if b"beginbfchar" in stream
        for glyph, code in _TO_UNICODE.findall(stream)
    }
    shown = [found for stream in streams if b" Tj" in stream for found in _SHOWN.findall(stream)]
    return "\n".join(_decoded(one, letters) for one in shown)


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def _decoded(shown: bytes, letters: dict[int, str]) -> str:
    raw = _ESCAPED.sub(lambda found: _CONTROL.get(found[1], found[1]), shown)
    pairs = (raw[at : at + 2] for at in range(0, len(raw), 2))
    return "".join(letters.get(int.from_bytes(pair), "?") for pair in pairs)
