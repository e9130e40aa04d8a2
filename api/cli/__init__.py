"""The command line: ``baton serve``, ``verify``, ``serial``, ``rebuild``, ``project`` and more.

Exit codes: 0 only on success, 1 where something was found or could not be done, 2 for misuse.
"""

from __future__ import annotations

from importlib.metadata import entry_points

import typer

from api.cli import auditing, reckoning, running

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
app.command("verify")(auditing.verify)
app.command("rebuild")(auditing.rebuild)
app.command("statement")(reckoning.statement)
app.command("journal")(reckoning.journal)


def main() -> None:
    """Run a command, ours or one that another room has registered under ``baton.commands``."""
    for point in entry_points(group="baton.commands"):
        app.command(point.name)(point.load())
    app()
