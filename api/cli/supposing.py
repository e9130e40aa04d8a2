"""Commands that ask what if: which decisions would have gone another way under another policy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated

import msgspec
import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from api.cli.auditing import reading
from api.cli.terminal import bar, errors, printer
from domain.kernel.money import text
from domain.kernel.refusal import Refusal
from replays.whatif.credit_limit import credit_limit
from replays.whatif.inquiry import Inquiry
from replays.whatif.price_floor import price_floor
from replays.whatif.report import Flip, Report
from replays.whatif.safety_stock import safety_stock
from replays.whatif.territory import territory

console = printer()

app = typer.Typer(
    help="Tell which decisions would have gone another way under another policy.",
    no_args_is_help=True,
)

Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First business date; all if none.")
]
Until = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last business date; all if none.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


Dealer = Annotated[str, typer.Argument(help="Dealer.")]
Sku = Annotated[str, typer.Argument(help="Product.")]

LARGEST_EXPONENT = 18
"""Digits before the point of figures that are taken seriously."""


@app.command("credit-limit")
def of_credit_limit(
    dealer: Dealer,
    amount: Annotated[str, typer.Argument(help="The limit it would have had: 500000.00.")],
    currency: Annotated[str | None, typer.Option(help="The company's if none.")] = None,
    since: Since = None,
    until: Until = None,
    json: Json = False,  # noqa: FBT002
) -> None:
    """Suppose that a dealer's credit limit had been another."""
    limit = _decimal(amount, "AMOUNT") * 100
    if limit != int(limit):
        raise typer.BadParameter("at most two digits after the point", param_hint="AMOUNT")

    def ask(asked: Inquiry) -> Report:
        return credit_limit(asked, dealer, currency or asked.currency, int(limit))

    _answer(ask, since, until, json=json)


@app.command("price-floor", context_settings={"ignore_unknown_options": True})  # for "-5"
def of_price_floor(
    percent: Annotated[str, typer.Argument(help="Per cent added to the floors: 5 or -2.5.")],
    sku: Annotated[str | None, typer.Option(help="Only this product's.")] = None,
    price_list: Annotated[str | None, typer.Option(help="Only this price list's.")] = None,
    since: Since = None,
    until: Until = None,
    json: Json = False,  # noqa: FBT002
) -> None:
    """Suppose that the floors of prices had been higher or lower."""
    added = _decimal(percent, "PERCENT")
    _answer(lambda asked: price_floor(asked, added, sku, price_list), since, until, json=json)


@app.command("territory")
def of_territory(
    dealer: Dealer,
    product_line: Annotated[str, typer.Argument(help="Product line.")],
    region_codes: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REGION]...", help="GB/T 2260; none: no right to the line."),
    ] = None,
    since: Since = None,
    until: Until = None,
    json: Json = False,  # noqa: FBT002
) -> None:
    """Suppose that a dealer's territory for a product line had been another."""
    regions = region_codes or ()
    _answer(lambda asked: territory(asked, dealer, product_line, regions), since, until, json=json)


@app.command("safety-stock")
def of_safety_stock(
    wh: Annotated[str, typer.Argument(metavar="WAREHOUSE", help="Warehouse.")],
    sku: Sku,
    qty: Annotated[int, typer.Argument(help="The safety stock it would have had, base units.")],
    since: Since = None,
    until: Until = None,
    json: Json = False,  # noqa: FBT002
) -> None:
    """Suppose that the safety stock of a product in a warehouse had been another."""
    _answer(lambda asked: safety_stock(asked, wh, sku, qty), since, until, json=json)


def _answer(
    ask: Callable[[Inquiry], Report],
    since: datetime | None,
    until: datetime | None,
    *,
    json: bool,
) -> None:
    """Ask, and print the answer; exit 1 with everything that is wrong with the question."""
    try:
        with (
            reading() as engine,
            bar("taking decisions again", engine.reader.head().position) as told,
        ):
            asked = Inquiry(
                reader=engine.reader,
                codec=engine.codec,
                zone=engine.zone,
                currency=engine.settings.currency,
                since=since.date() if since else None,
                until=until.date() if until else None,
                told=told,
            )
            found = ask(asked)
    except Refusal as refusal:
        for one in refusal.violations:
            said = ", ".join(f"{name} {fact}" for name, fact in one.facts.items())
            errors.print(f"{one.code}: {said}", markup=False)
        raise typer.Exit(1) from None
    if json:
        typer.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
    else:
        _print(found, asked)


def _print(found: Report, asked: Inquiry) -> None:
    console.print(f"[bold]what if {escape(found.supposed.text)}?[/]")
    console.print(
        f"decisions taken again {found.retaken:,}, gone another way {len(found.flips):,},"
        f" not explained {len(found.unexplained):,}"
    )
    if found.flips:
        console.print(_table(found, asked))
    for total in found.totals:
        console.print(
            f"{total.direction}: decisions {total.decisions:,}, documents {total.documents:,},"
            f" amount {text(total.amount)}"
        )
    for one in found.unexplained:
        console.print(
            f"[red]unexplained[/] at position {one.position:,}: {one.decision} of"
            f" {escape(one.document)} was {one.recorded}, repeated it is {one.repeated}"
        )
    for said in found.assumptions:
        console.print(f"[dim]- {said}[/]")


def _table(found: Report, asked: Inquiry) -> Table:
    """Show the flips: when, how it went and would have gone, on which evidence, about what."""
    table = Table(
        box=box.SIMPLE_HEAD,
        caption="evidence that differs stands below; amounts in it are in minor units",
        caption_justify="left",
    )
    for heading in ("#", "day", "decision", "document", "dealer", "amount"):
        right, whole = heading in ("#", "amount"), heading != "decision"
        table.add_column(heading, justify="right" if right else "left", no_wrap=whole)
    for one in found.flips:
        day = one.occurred_at.astimezone(asked.zone).date()
        said = f"{one.decision}: {one.then} -> {one.now}\n{_why(one)}"
        about = (one.document, one.dealer, text(one.amount))
        table.add_row(str(one.position), f"{day:%m-%d}", *map(escape, (said.rstrip(), *about)))
    return table


def _why(one: Flip) -> str:
    """What of the evidence differs."""
    return ", ".join(
        f"{name} {'none' if value in (None, '') else value}"
        for name, value in one.evidence_now.items()
        if one.evidence_then.get(name) != value
    )


def _decimal(given: str, name: str) -> Decimal:
    """Read a figure; raises BadParameter."""
    try:
        value = Decimal(given)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value.adjusted() > LARGEST_EXPONENT:
        raise typer.BadParameter(f"{given!r} is no such figure", param_hint=name)
    return value
