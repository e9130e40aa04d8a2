from __future__ import annotations

import sys

import pytest
from PIL import ImageFont


@pytest.fixture
def font(tmp_path, monkeypatch):
    """A small font that every machine has, for PDFs: Latin letters and digits only."""
    path = tmp_path / "latin.ttf"
    path.write_bytes(ImageFont.load_default(size=10).font_bytes)
    monkeypatch.setenv("BATON_PDF_FONT", str(path))
    return path


@pytest.fixture
def without(monkeypatch):
    """Make a package look as if it were not installed."""

    def hide(name):
        for module in [*sys.modules]:
            if module.startswith("api.documents.pdf_"):
                monkeypatch.delitem(sys.modules, module)
        monkeypatch.setitem(sys.modules, name, None)

    return hide
