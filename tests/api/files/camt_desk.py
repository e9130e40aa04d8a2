"""camt.053 documents, as banks write them in several versions."""

from __future__ import annotations

OWNER = "<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>"


def document(*statements: str, version: str = "08", kind: str = "camt.053") -> bytes:
    space = f"urn:iso:std:iso:20022:tech:xsd:{kind}.001.{version}"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{space}"><BkToCstmrStmt>'
        "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-02T23:00:00+01:00</CreDtTm></GrpHdr>"
        f"{''.join(statements)}</BkToCstmrStmt></Document>"
    ).encode()


def statement(*parts: str, name: str = "S-1", owner: str = OWNER) -> str:
    return f"<Stmt><Id>{name}</Id>{owner}{''.join(parts)}</Stmt>"


def balance(code: str, amount: str, sign: str = "CRDT", day: str = "2026-03-02") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>'
    )


def entry(
    amount: str,
    sign: str = "CRDT",
    *details: str,
    ref: str = "",
    status: str = "BOOK",
    more: str = "",
) -> str:
    state = f"<Sts>{status}</Sts>"
    servicer = f"<AcctSvcrRef>{ref}</AcctSvcrRef>" if ref else ""
    told = f"<NtryDtls>{''.join(details)}</NtryDtls>" if details else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{more}{state}'
        "<BookgDt><Dt>2026-03-02</Dt></BookgDt><ValDt><Dt>2026-03-01</Dt></ValDt>"
        f"{servicer}{told}</Ntry>"
    )


def detail(
    name: str = "",
    text: str = "",
    amount: str = "",
    ref: str = "",
    more: str = "",
    role: str = "Dbtr",
) -> str:
    servicer = f"<Refs><AcctSvcrRef>{ref}</AcctSvcrRef></Refs>" if ref else ""
    party = (
        f"<RltdPties><{role}><Nm>{name}</Nm></{role}>"
        f"<{role}Acct><Id><Othr><Id>ACC-{name}</Id></Othr></Id></{role}Acct></RltdPties>"
        if name
        else ""
    )
    remitted = f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>" if text else ""
    return f"<TxDtls>{servicer}{amount}{party}{remitted}{more}</TxDtls>"


def amount_of(amount: str, version: str, sign: str = "CRDT", currency: str = "EUR") -> str:
    """The amount of a transaction, where a version has it, amid others that are not it."""
    booked = f'<Amt Ccy="{currency}">{amount}</Amt>'
    asked = '<InstdAmt><Amt Ccy="USD">9.99</Amt></InstdAmt>'
    if version in {"02", "03"}:
        return f"<AmtDtls>{asked}<TxAmt>{booked}</TxAmt></AmtDtls>"
    return f"{booked}<CdtDbtInd>{sign}</CdtDbtInd><AmtDtls>{asked}</AmtDtls>"


def in_version(told: str, version: str) -> str:
    """An entry as a version writes it: from .08 a status is a code and a party has a choice."""
    if version < "08":
        return told
    for role in ("Dbtr", "Cdtr"):
        told = told.replace(f"<{role}><Nm>", f"<{role}><Pty><Nm>")
        told = told.replace(f"</Nm></{role}>", f"</Nm></Pty></{role}>")
    return told.replace("<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>")


def whole(version: str) -> bytes:
    batch = entry(
        "3890.00",
        "CRDT",
        detail("A", "INV-1", amount_of("3390.00", version), "B-1"),
        detail("B", "INV-2", amount_of("500", version), "B-2"),
        ref="BATCH",
    )
    back = entry(
        "390.00",
        "DBIT",
        detail("A", "INV-1 RETURNED", amount_of("390.00", version, "DBIT")),
        ref="B-3",
        more="<RvslInd>true</RvslInd>",
    )
    fee = entry("7.5", "DBIT", ref="B-4").replace(
        "</Ntry>", "<AddtlNtryInf>FEE</AddtlNtryInf></Ntry>"
    )
    paid = entry("12.00", "DBIT", detail("S", "PO-1", role="Cdtr"), ref="B-5")
    ends = balance("OPBD", "100.00", "DBIT", "2026-03-01"), balance("CLBD", "3380.50")
    told = in_version("".join([*ends, batch, back, fee, paid]), version)
    return document(statement(told), version=version)
