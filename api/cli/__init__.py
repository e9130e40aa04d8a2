"""The command line: ``baton serve``, ``verify``, ``serial``, ``rebuild``, ``project`` and more.

Exit codes: 0 only on success, 1 where something was found or could not be done, 2 for misuse.
"""

from __future__ import annotations

import sys
from importlib.metadata import entry_points

import typer

from api.cli import auditing, looking, proving, rebuilding, reckoning, running, supposing
from api.cli.terminal import errors
from eventlog.codec import UnreadableRowError

app = typer.Typer(
    name="baton",
    help="Baton: an event-sourced order-to-delivery engine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("serve")(running.serve)
app.command("project")(running.project)
app.command("migrate")(running.migrate)
app.command("issue-key")(running.issue_key)
app.command("serial")(auditing.serial)
app.command("history")(auditing.history)
app.command("verify")(auditing.verify_all)
app.command("rebuild")(rebuilding.rebuild)
app.command("state")(looking.state)
app.command("tables")(looking.tables)
app.command("export")(looking.export)
app.command("explain")(looking.explain)
app.command("grant-reader")(looking.grant_reader)
app.command("new-signing-key")(proving.new_signing_key)
app.command("checkpoint")(proving.checkpoint)
app.command("bundle")(proving.bundle)
app.command("extract")(proving.extract)
app.command("verify-bundle")(proving.verify_bundle)
app.command("statement")(reckoning.statement)
app.command("journal")(reckoning.journal)
app.add_typer(supposing.app, name="what-if")


def main() -> None:
    """Run a command, ours or one that another room has registered under ``baton.commands``."""
    for point in entry_points(group="baton.commands"):
        app.command(point.name)(point.load())
    try:
        app()
    except UnreadableRowError as error:
        errors.print(f"{error}; `baton verify` tells more", soft_wrap=True)
        sys.exit(1)
