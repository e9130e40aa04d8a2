"""The font of a PDF: the one that the settings name, or one that is found where it usually is.

It needs Chinese letters, so it is large and belongs to others; none comes with Baton.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont

USUAL = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/Library/Fonts/Arial Unicode.ttf",
    "C:/Windows/Fonts/msyh.ttc",
)
"""Where fonts with Chinese are on Debian, Arch, Fedora, macOS and Windows."""

_FAMILY = 1
_SIMPLIFIED = " SC"


def font_file(named: Path | None) -> Path | None:
    """Return the font to use, if there is one; a font that is named stands in for no other."""
    if named is not None:
        return named if named.is_file() else None
    return next((path for path in map(Path, USUAL) if path.is_file()), None)


def face(path: Path) -> int:
    """Return which face of a collection has simplified letters; the first one, if none says so.

    Raises TTLibError for a file that is no font.
    """
    with path.open("rb") as file:
        if path.suffix.lower() not in {".ttc", ".otc"}:
            TTFont(file, lazy=True)
            return 0
        fonts = TTCollection(file, lazy=True)
        names = [font["name"].getDebugName(_FAMILY) or "" for font in fonts]
    return next((n for n, name in enumerate(names) if name.endswith(_SIMPLIFIED)), 0)
