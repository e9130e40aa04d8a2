"""Tables for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich import box
from rich.markup import escape
from rich.table import Table

from replays.histories.devices import History
from replays.histories.subjects import Line


def history_table(history: History, zone: ZoneInfo) -> Table:
    """Show a device's history: business time, record time, what, where, document, who."""
    title = f"{history.sku} {history.serial} ({history.di}), {history.state}"
    table = Table(
        title=escape(title), box=box.SIMPLE_HEAD, title_justify="left", title_style="bold"
    )
    for heading in ("#", "happened", "recorded", "what", "where", "document", "who"):
        table.add_column(heading, justify="right" if heading == "#" else "left")
    for entry in history.entries:
        table.add_row(
            str(entry.position),
            f"{entry.occurred_at.astimezone(zone):%Y-%m-%d %H:%M}",
            f"{entry.recorded_at.astimezone(zone):%m-%d %H:%M:%S}",
            *map(escape, (entry.text, entry.place, entry.document, entry.actor)),
        )
    return table


def lines_table(title: str, lines: Sequence[Line], zone: ZoneInfo) -> Table:
    """Show a history of anything: approvals are told by who saw what in its JSON and its HTML."""
    table = Table(
        title=escape(title), box=box.SIMPLE_HEAD, title_justify="left", title_style="bold"
    )
    for heading in ("#", "happened", "recorded", "what", "stream", "who", "command"):
        table.add_column(heading, justify="right" if heading == "#" else "left")
    for line in lines:
        table.add_row(
            str(line.position),
            f"{line.occurred_at.astimezone(zone):%Y-%m-%d %H:%M}",
            f"{line.recorded_at.astimezone(zone):%m-%d %H:%M:%S}",
            f"[bold]{escape(line.text)}[/]" if line.seen is not None else escape(line.text),
            escape(line.stream),
            escape(f"{line.actor} ({line.role})"),
            line.command,
        )
    return table
