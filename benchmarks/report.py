"""The page of figures: ``python -m benchmarks.report FILE.jsonl`` writes docs/speed.md."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib import style

from benchmarks import plots
from benchmarks.about import about as about_run
from benchmarks.figures import Figure, number
from benchmarks.measuring import place
from benchmarks.plots import achieved, database

DOCS = Path(__file__).parents[1] / "docs"
OTHER = "Other"
GROUPS = {
    "Orders": ("orders", "baton against", "events an order"),
    "Append path": ("append", "bare bulk load"),
    "HTTP": ("http",),
    "Projections": ("projection",),
    "Replay": ("replay",),
    "Growth": ("growth",),
    "Processes": ("processes",),
    "Bulk": (
        "bulk",
        "register-serials",
        "set-opening-stock",
        "large commands",
        "opening balances",
        "dealer file",
    ),
}
"""Sections, with the beginnings of the names of their figures."""

INTRODUCTION = """\
Only ratios of one run mean anything: a value by itself says as much about the machine, and about
who else used it, as about Baton. `make bench` prints all of it. A figure with "least to most" is
the median of rounds."""
STYLE = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial", "sans-serif"],
    "font.size": 9,
    "text.color": plots.INK,
    "text.parse_math": False,
    "axes.labelcolor": plots.INK,
    "axes.edgecolor": plots.GREY,
    "axes.titlesize": 9,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": plots.GREY,
    "xtick.labelcolor": plots.INK,
    "ytick.color": plots.GREY,
    "ytick.labelcolor": plots.INK,
    "figure.constrained_layout.w_pad": 0.1,
    "figure.constrained_layout.h_pad": 0.08,
    "grid.color": plots.FAINT,
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "baton",
}
HEADINGS = ("figure", "on", "value", "least to most", "ratio", "target", "met")


class Image(NamedTuple):
    """A file in the folder of plots, and what it shows in words."""

    file: str
    alt: str


PLOTS: tuple[tuple[str, str, Callable[[Sequence[Figure]], plots.Drawing | None]], ...] = (
    ("Targets", "targets.svg", plots.targets),
    ("Orders", "orders-cpu.svg", plots.orders_cpu),
    ("Orders", "orders-rate.svg", plots.orders_rate),
    ("Growth", "growth.svg", plots.growth),
    ("Processes", "processes.svg", plots.processes),
)


def write(figures: Sequence[Figure], about: Mapping[str, str], folder: Path) -> None:
    """Write ``speed.md`` into the folder, and its plots into ``speed`` there."""
    images = draw(figures, folder / "speed")
    blocks = ["# Speed", INTRODUCTION]
    if about:
        blocks.append(_table(("measured with", ""), about.items()))
    blocks += _targets(figures, images.get("Targets", []))
    for section in (*GROUPS, OTHER):
        if mine := [one for one in figures if group(one.name) == section]:
            blocks += [f"## {section}", _table(HEADINGS, map(_row, mine), numeric=range(2, 6))]
            blocks += map(_shown, images.get(section, []))
    (folder / "speed.md").write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def draw(figures: Sequence[Figure], folder: Path) -> dict[str, list[Image]]:
    """Draw whatever there are figures for; images by the section that they belong to.

    The same figures give the same bytes, so that a page that has not changed is not committed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    images: dict[str, list[Image]] = {}
    for section, file, plot in PLOTS:
        path = folder / file
        with style.context(STYLE, after_reset=True):
            drawing = plot(figures)
            if drawing is None:
                path.unlink(missing_ok=True)  # of an earlier run, which had these figures
                continue
            canvas, alt = drawing
            canvas.savefig(path, format="svg", metadata={"Date": None})
        images.setdefault(section, []).append(Image(file, alt))
    return images


def group(name: str) -> str:
    """The section that a figure belongs to."""
    start = name.lower()
    return next((title for title, begins in GROUPS.items() if start.startswith(begins)), OTHER)


def read(path: Path) -> list[Figure]:
    """Read figures from the JSON lines of a run, whose table may follow them."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_figure(json.loads(line)) for line in lines if line.startswith("{")]


def _figure(row: Mapping[str, Any]) -> Figure:
    spread = row.get("spread")
    figure = Figure(
        row["name"],
        row["backend"],
        row["value"],
        row["unit"],
        row.get("ratio"),
        row.get("target"),
        row.get("lower", False),
        (spread[0], spread[1]) if spread else None,
    )
    measured = figure.value if figure.ratio is None else figure.ratio
    # A row that is written without "lower" must not turn a verdict round. Exactly at the target
    # the two may differ, because rows are rounded.
    if row.get("met", figure.met) != figure.met and measured != figure.target:
        raise ValueError(f"{figure.name}, {figure.backend}: met is {row['met']}; lower is missing?")
    return figure


def _targets(figures: Sequence[Figure], images: Sequence[Image]) -> Iterator[str]:
    aimed = [one for one in figures if one.target is not None]
    if not aimed:
        return
    yield "## Targets"
    yield f"{sum(bool(one.met) for one in aimed)} of {len(aimed)} targets are met."
    yield from map(_shown, images)
    if absent := [one for one in aimed if achieved(one) is None]:
        names = "; ".join(f"{one.name}, {database(one.backend)}" for one in absent)
        yield f"Not drawn, because zero has no place on a logarithmic axis: {names}."


def _shown(image: Image) -> str:
    alt = image.alt.replace("[", "(").replace("]", ")")
    return f"![{alt}](speed/{image.file})"


def _row(figure: Figure) -> tuple[str, ...]:
    sign = "≤" if figure.lower else "≥"
    return (
        figure.name,
        database(figure.backend),
        f"{number(figure.value)} {figure.unit}",
        " to ".join(map(number, figure.spread)) if figure.spread else "",
        "" if figure.ratio is None else number(figure.ratio),
        "" if figure.target is None else f"{sign} {number(figure.target)}",
        {True: "yes", False: "**no**", None: ""}[figure.met],
    )


def _table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[int] = ()
) -> str:
    rules = ["---:" if place in numeric else "---" for place in range(len(headings))]
    body = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (headings, rules, *body))


def main() -> None:
    """Write the page from a file of JSON lines, whose day is that of the run."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m benchmarks.report FILE.jsonl")
    path = Path(sys.argv[1])
    figures = read(path)
    day = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    with place() as where:  # a server is started only to be asked for its version
        facts = about_run(where) | {"day": f"{day:%Y-%m-%d}"}
    write(figures, facts, DOCS)


if __name__ == "__main__":
    main()
