"""Identifiers: devices and lots as GS1 Digital Links, ours by a name space of our own.

``canonical`` turns the forms in which partners write GS1 identifiers (EPC URNs, Digital Links of
any domain) into one (CBV 2.0, 8.9): ``https://id.gs1.org/01/GTIN/21/SERIAL``.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

from domain.goods.udi import check_digit

GS1 = "https://id.gs1.org/"
OURS = "urn:baton:"
"""Name space of places, parties and documents that have no number of GS1."""

_URN = re.compile(r"urn:epc:(id|class|idpat):(\w+):(.+)")
_LINK = re.compile(r"https?://[^/?#]+/(?P<path>[^?#]*)")
_KEYS = {
    "00": r"\d{18}",
    "01": r"\d{8}|\d{12,14}",
    "253": r"\d{13}.{0,17}",
    "255": r"\d{13}\d{0,12}",
    "401": r".{1,30}",
    "402": r"\d{17}",
    "414": r"\d{13}",
    "417": r"\d{13}",
    "8003": r"\d{14}.{0,16}",
    "8004": r".{1,30}",
    "8006": r"\d{18}",
    "8010": r".{1,30}",
    "8017": r"\d{18}",
    "8018": r"\d{18}",
}
_QUALIFIERS = {"01": ("21", "10", "235"), "8006": ("21", "10"), "414": ("254",), "8010": ("8011",)}
_WORDS = {
    "gtin": "01",
    "itip": "8006",
    "cpid": "8010",
    "gln": "414",
    "party": "417",
    "gsrnp": "8017",
    "gsrn": "8018",
    "gcn": "255",
    "sscc": "00",
    "gdti": "253",
    "ginc": "401",
    "gsin": "402",
    "grai": "8003",
    "giai": "8004",
    "cpv": "22",
    "lot": "10",
    "ser": "21",
}


class Named(NamedTuple):
    """What an identifier names: a device, or a lot."""

    di: str
    serial: str | None = None
    lot: str | None = None


def device(di: str, serial: str) -> str:
    """Digital Link of a device."""
    return f"{GS1}01/{di}/21/{quote(serial, safe='')}"


def lot_class(di: str, lot: str) -> str:
    """Digital Link of a lot."""
    return f"{GS1}01/{di}/10/{quote(lot, safe='')}"


def ours(kind: str, name: str) -> str:
    """URI of something of ours: ``urn:baton:warehouse:WH-SH``."""
    return f"{OURS}{kind}:{quote(name, safe='-')}"


def ours_of(uri: str, kind: str) -> str | None:
    """The name in a URI of ours of a kind; None for anything else."""
    prefix = f"{OURS}{kind}:"
    return unquote(uri.removeprefix(prefix)) if uri.startswith(prefix) else None


def named(uri: str) -> Named | None:
    """Return the device or lot that an identifier names, in whatever form; None for others."""
    found = re.fullmatch(rf"{GS1}01/(\d{{14}})(?:/(10|21)/(.+))?", canonical(uri), flags=re.DOTALL)
    if found is None or found[2] is None:
        return None
    value = unquote(found[3])
    return Named(found[1], serial=value) if found[2] == "21" else Named(found[1], lot=value)


def canonical(uri: str) -> str:
    """Return the one form of an identifier; what is no GS1 identifier stays as it is."""
    return _of_urn(uri) or _of_link(uri) or uri


def _of_urn(uri: str) -> str | None:
    found = _URN.fullmatch(uri)
    if found is None:
        return None
    kind, scheme, rest = found.groups()
    parts = rest.split(".")
    if kind == "idpat":
        if parts[-1] != "*":
            return None
        parts = [*parts[:-1], ""]
    try:
        path = _path(scheme, parts, instance=kind == "id")
    except (IndexError, ValueError):
        return None
    return GS1 + path if path is not None else None


def _path(scheme: str, parts: list[str], *, instance: bool) -> str | None:
    """Path of a Digital Link for the parts of an EPC URN."""
    company, item, rest = parts[0], parts[1], ".".join(parts[2:])
    leading = f"{item[:1]}{company}{item[1:]}"
    gtin, plain = leading + _digit(leading), f"{company}{item}"
    checked = plain + _digit(plain)
    serial = f"/21/{rest}" if instance else ""
    made = f"/8011/{parts[-1]}" if instance else ""
    paths = {
        "sgtin": f"01/{gtin}{serial}",
        "lgtin": f"01/{gtin}/10/{rest}",
        "upui": f"01/{gtin}" + (f"/235/{rest}" if instance else ""),
        "sscc": f"00/{gtin}",
        "sgln": f"414/{checked}" + ("" if rest == "0" else f"/254/{rest}"),
        "pgln": f"417/{checked}",
        "grai": f"8003/0{plain}{_digit('0' + plain)}{rest}",
        "giai": f"8004/{company}{'.'.join(parts[1:])}",
        "gsrn": f"8018/{checked}",
        "gsrnp": f"8017/{checked}",
        "gdti": f"253/{checked}{rest}",
        "sgcn": f"255/{checked}{rest}",
        "ginc": f"401/{company}{'.'.join(parts[1:])}",
        "gsin": f"402/{checked}",
        "cpi": f"8010/{company}{'.'.join(parts[1:-1])}{made}",
    }
    if scheme == "itip":
        whole = ".".join(parts[4:])
        return f"8006/{gtin}{parts[2]}{parts[3]}" + (f"/21/{whole}" if instance else "")
    return paths.get(scheme)


def _digit(digits: str) -> str:
    return str(check_digit(digits)) if digits.isdecimal() else ""


def _of_link(uri: str) -> str | None:
    found = _LINK.match(uri)
    if found is None:
        return None
    parts = [_WORDS.get(one, one) for one in found["path"].rstrip("/").split("/")]
    for at in range(len(parts) - 1):
        key, value = parts[at], parts[at + 1]
        fits = key in _KEYS and re.match(r"\d{4}", value) and re.fullmatch(_KEYS[key], value)
        if fits:
            return _link(key, value, parts[at + 2 :])
    return None


def _link(key: str, value: str, rest: list[str]) -> str | None:
    """Digital Link with its most specific qualifier: a serial number makes the lot superfluous."""
    qualifiers = dict(zip(rest[::2], rest[1::2], strict=False))
    allowed = {*_QUALIFIERS.get(key, ()), "22"}
    if len(rest) % 2 or not set(qualifiers) <= allowed:
        return None
    full = value.zfill(14) if key == "01" else value
    for one in _QUALIFIERS.get(key, ()):
        if one in qualifiers:
            return f"{GS1}{key}/{full}/{one}/{qualifiers[one]}"
    return f"{GS1}{key}/{full}"
