"""camt.053: statements of a bank as XML, in several versions, read into plain values."""

from __future__ import annotations

from datetime import date

import pytest

from api.bank_files import BankFileLine, BankStatementFile, read_bank_file
from tests.api.files.bank_desk import misread, refused
from tests.api.files.camt_desk import (
    OWNER,
    amount_of,
    balance,
    detail,
    document,
    entry,
    statement,
    whole,
)

VERSIONS = ("02", "03", "04", "05", "06", "07", "08", "13")


def one(raw: bytes) -> BankStatementFile:
    (told,) = read_bank_file(raw).statements
    return told


def lines(*entries: str) -> tuple[BankFileLine, ...]:
    return one(document(statement(*entries))).lines


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_tells_the_same(version: str):
    raw = whole(version)
    told = one(raw)

    assert read_bank_file(raw).format == "CAMT053"
    assert (told.account, told.reference, told.currency) == ("DE89370400440532013000", "S-1", "EUR")
    assert (told.opening, told.closing) == (-10000, 338050)
    assert (told.opening_day, told.closing_day) == (date(2026, 3, 1), date(2026, 3, 2))
    assert told.opening + sum(line.amount for line in told.lines) == told.closing
    day, booked = date(2026, 3, 1), date(2026, 3, 2)
    assert told.lines == (
        BankFileLine("B-1", day, booked, 339000, "EUR", "A", "ACC-A", "INV-1"),
        BankFileLine("B-2", day, booked, 50000, "EUR", "B", "ACC-B", "INV-2"),
        BankFileLine("B-3", day, booked, -39000, "EUR", "A", "ACC-A", "INV-1 RETURNED"),
        BankFileLine("B-4", day, booked, -750, "EUR", "", "", "FEE"),
        BankFileLine("B-5", day, booked, -1200, "EUR", "S", "ACC-S", "PO-1"),
    )


def test_a_file_twice_gives_equal_values():
    assert read_bank_file(whole("08")) == read_bank_file(whole("08"))


def test_prefixes_and_envelopes_and_encodings_change_nothing():
    expected = one(whole("08"))
    text = whole("08").decode()
    body = text.partition("\n")[2]
    prefixed = text.replace("<", "<n:").replace("<n:/", "</n:").replace("<n:?", "<?")

    assert one(prefixed.replace("xmlns=", "xmlns:n=").encode()) == expected
    assert one(f"<Envelope><AppHdr/>{body}</Envelope>".encode()) == expected
    assert one(f"\ufeff{text}".encode()) == expected
    assert one(text.replace("UTF-8", "UTF-16").encode("utf-16")) == expected
    assert one(text.replace("UTF-8", "ISO-8859-1").encode("latin-1")) == expected


def test_lines_that_look_alike_are_all_kept():
    rent = entry("1.00", "CRDT", detail("A", "RENT"))
    first, second = lines(rent, rent)

    assert (first, first.bank_ref) == (second, "")


def test_a_batch_with_one_reference_gives_each_line_one_of_its_own():
    parts = [detail("A", "RENT", amount_of("1.00", "08")) for _ in range(2)]
    same = [detail("A", "RENT", amount_of("1.00", "08"), "T") for _ in range(2)]
    batches = [
        lines(entry("2.00", "CRDT", *told, ref=ref))
        for told in (parts, same, [parts[0], same[0]])
        for ref in ("B", "")
    ]

    assert [[one.bank_ref for one in batch] for batch in batches] == [["B/1", "B/2"], ["", ""]] * 3


def test_a_batch_whose_parts_are_not_its_amount_is_one_line():
    ones = (
        detail("A", "INV-1", amount_of("1.00", "08")),
        detail("B", "INV-2", amount_of("2.00", "08")),
    )
    none = detail("A", "INV-1"), detail("A", "INV-2")
    other = detail("A", "INV-1", amount_of("1.00", "08", currency="USD")), ones[1]

    for parts, payer in ((ones, ""), (none, "A"), (other, "")):
        (told,) = lines(entry("2.95", "CRDT", *parts, ref="B"))
        assert (told.amount, told.bank_ref, told.payer) == (295, "B", payer)
        assert told.text == "INV-1 INV-2"


def test_a_part_in_another_currency_is_no_part_of_the_amount():
    parts = [detail("A", "", amount_of("1", "08", currency=one)) for one in ("USD", "EUR")]
    (told,) = lines(entry("2", "CRDT", *parts))

    assert (told.amount, told.currency) == (200, "EUR")


def test_an_entry_has_the_currency_that_it_was_booked_in():
    (told,) = lines(entry("2").replace("EUR", "USD"))

    assert told.currency == "USD"


def test_parts_of_a_batch_have_signs_of_their_own():
    parts = (
        detail("A", "", amount_of("5.00", "08")),
        detail("B", "", amount_of("2.00", "08", "DBIT"), role="Cdtr"),
    )
    told = lines(entry("3.00", "CRDT", *parts))

    assert [(one.amount, one.payer) for one in told] == [(500, "A"), (-200, "B")]


def test_a_single_detail_has_the_amount_that_was_booked():
    (told,) = lines(entry("99.00", "CRDT", detail("A", "", amount_of("100.00", "08"), "T-1")))

    assert (told.amount, told.bank_ref) == (9900, "T-1")


def test_what_is_not_booked_is_left_to_the_next_statement():
    told = lines(*(entry("1.00", status=status) for status in ("PDNG", "INFO", "FUTR", "")))
    proprietary = entry("1.00", status="<Prtry>XX</Prtry>")

    assert len(told) == 1
    assert refused(document(statement(proprietary))) == [
        ("statement 1, entry 1, Sts", "not a status: XX")
    ]


def test_the_text_has_all_that_was_remitted_once():
    more = (
        "<RmtInf><Ustrd>INV-1</Ustrd><Ustrd> and \n INV-2</Ustrd><Strd><RfrdDocInf><Nb>INV-3</Nb>"
        "</RfrdDocInf><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf><AddtlRmtInf>INV-1</AddtlRmtInf>"
        "</Strd></RmtInf><AddtlTxInf>THANKS</AddtlTxInf>"
    )
    told = lines(
        entry("1", "CRDT", f"<TxDtls><Refs><EndToEndId>E-1</EndToEndId></Refs>{more}</TxDtls>"),
        entry("1", "CRDT", "<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs></TxDtls>"),
        entry("1", "CRDT", detail("", f"{'x' * 140}</Ustrd><Ustrd>y")),
    )

    assert [one.text for one in told] == [
        "INV-1 and INV-2 INV-3 RF18 THANKS E-1", "", f"{'x' * 140}y",
    ]  # fmt: skip


def test_days_are_those_of_the_bank_and_one_stands_for_both():
    late = "<BookgDt><DtTm>2026-03-02T23:30:00-05:00</DtTm></BookgDt>"
    plain = entry("1.00")
    begins, ends = plain.index("<BookgDt>"), plain.index("<ValDt>")
    finish = plain.index("</ValDt>") + len("</ValDt>")
    told = lines(
        plain[:begins] + late + plain[finish:],
        plain[:begins] + plain[ends:],
        plain.replace("2026-03-01", "2026-03-01+08:00"),
    )

    assert [(one.value_date.day, one.booking_date.day) for one in told] == [(2, 2), (1, 1), (1, 2)]


def test_an_opening_may_be_the_closing_before():
    told = one(
        document(statement(balance("PRCD", "5.00000"), balance("CLAV", "9"), balance("CLBD", "6")))
    )
    both = one(
        document(statement(balance("PRCD", "5"), balance("OPBD", "7"), balance("OPBD", "7")))
    )
    none = one(document(statement(owner=OWNER.replace("<Ccy>EUR</Ccy>", ""))))

    assert (told.opening, told.closing) == (500, 600)
    assert (both.opening, both.closing, both.closing_day) == (700, None, None)
    assert (none.opening, none.opening_day, none.currency) == (None, None, "")


def test_statements_of_several_accounts_come_in_order():
    other = "<Acct><Id><Othr><Id>6228</Id></Othr></Id></Acct>"
    raw = document(statement(name="1"), statement(balance("CLBD", "1"), name="2", owner=other))

    assert [(one.reference, one.account, one.currency) for one in read_bank_file(raw).statements] == [
        ("1", "DE89370400440532013000", "EUR"), ("2", "6228", "EUR"),
    ]  # fmt: skip


def test_everything_that_does_not_fit_is_named_by_its_element():
    raw = document(
        statement(
            balance("OPBD", "x"),
            balance("CLBD", "1", "", "2026-02-30"),
            entry("1.001"),
            entry("-1"),
            entry("1e3", "CREDIT"),
            entry("", "CRDT").replace("2026-03-01", "1 March"),
            entry("1", "CRDT", detail("N" * 141)),
            name="",
        ),
        statement(
            entry("1")
            .replace("<BookgDt><Dt>2026-03-02</Dt></BookgDt>", "")
            .replace("ValDt", "Day"),
            entry("2", "CRDT", *[detail("", "", amount_of("z", "08"))] * 2),
            balance("CLBD", "1"),
            balance("CLBD", "2"),
            owner="",
        ),
    )

    assert misread(raw) == [
        "statement 1, Id",
        "statement 1, OPBD, Amt",
        "statement 1, CLBD, CdtDbtInd",
        "statement 1, CLBD",
        "statement 1, entry 1, Amt",
        "statement 1, entry 2, Amt",
        "statement 1, entry 3, CdtDbtInd",
        "statement 1, entry 3, Amt",
        "statement 1, entry 4, Amt",
        "statement 1, entry 4, ValDt",
        "statement 1, entry 5, Nm",
        "statement 1, entry 5, Id",
        "statement 2, Acct/Id",
        "statement 2, CLBD",
        "statement 2, entry 1, ValDt",
        "statement 2, entry 1, BookgDt",
        "statement 2, entry 2, transaction 1, Amt",
        "statement 2, entry 2, transaction 2, Amt",
    ]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ATTACKS = {
    "billion laughs": f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]>',
    "an external entity": '<!DOCTYPE d [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
    "a parameter entity": '<!DOCTYPE d [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
    "an external document type": '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">',
    "an empty document type": "<!DOCTYPE d>",
}


@pytest.mark.parametrize("doctype", ATTACKS.values(), ids=ATTACKS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_file_with_a_document_type_is_refused_unread(doctype: str, encoding: str):
    declared, _, body = whole("08").decode().partition("\n")
    declared = declared.replace("UTF-8", encoding)
    text = f"{declared}{doctype}{body.replace('FEE', '&l9;')}"

    assert refused(text.encode(encoding)) == [("file", "XML: a document without a document type")]


NO_STATEMENTS = {
    "no XML": b"<Document",
    "an entity that nobody declared": b"<Document>&laugh;</Document>",
    "no document": b"<html/>",
    "an encoding of several bytes": b"<?xml version='1.0' encoding='GBK'?><Document/>",
    "an encoding of nobody": b"<?xml version='1.0' encoding='nope'?><Document/>",
    "a report of the day": document(statement(), kind="camt.052"),
    "a document without a statement": document(),
    "a document without a namespace": b"<BkToCstmrStmt><Stmt/></BkToCstmrStmt>",
    "a deep document": document(statement("<a>" * 99 + "</a>" * 99)),
}


@pytest.mark.parametrize("raw", NO_STATEMENTS.values(), ids=NO_STATEMENTS)
def test_what_is_no_statement_is_refused_as_a_whole(raw: bytes):
    assert misread(raw) == ["file"]


def test_a_file_has_so_many_lines_and_elements_and_no_more(monkeypatch: pytest.MonkeyPatch):
    three = document(statement(entry("1") * 3))
    parts = [detail("A", "", amount_of("1", "08")) for _ in range(3)]
    with monkeypatch.context() as patch:
        patch.setattr("api.bank_files.MOST_LINES", 2)
        assert misread(document(statement(entry("3", "CRDT", *parts)))) == ["file"]

    with monkeypatch.context() as patch:
        patch.setattr("api.bank_files.camt053.MOST_LINES", 2)
        assert misread(three) == misread(document(*[statement()] * 3)) == ["file"]
        assert len(lines(entry("1") * 2)) == 2

    monkeypatch.setattr("api.bank_files.xml_tree.MOST_ELEMENTS", 20)
    assert misread(document(statement(entry("1") * 2))) == ["file"]
