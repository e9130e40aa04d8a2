"""Plots of figures. Each gives None where there are no figures for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from benchmarks.figures import Figure, number

ACCENT, GREY, INK, FAINT = "#0b6e8a", "#9aa0a6", "#3c4043", "#e3e5e8"
WIDTH = 8.0
SMALL = 8
GROWTH = re.compile(r"growth: (.+) at ([\d.,_ ]+?) ?(thousand|million|k|M)? events$")
PROCESSES = re.compile(r"processes: (\d+)\b.*, (even|skewed)$")
SCALES = {None: 1, "k": 1_000, "thousand": 1_000, "M": 1_000_000, "million": 1_000_000}
DATABASES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
TOLERANCE = 0.2
VALUES: dict[str, Any] = {
    "fontsize": SMALL,
    "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.5},  # no grid line through them
}


Drawing = tuple[Canvas, str]
Series = tuple[str, str, list[tuple[int, float]]]


def database(backend: str) -> str:
    """A database as its makers write it."""
    return DATABASES.get(backend, backend)


def achieved(figure: Figure) -> float | None:
    """How far a target is met: 1 is exactly; None where a logarithm has no place for it."""
    measured = figure.value if figure.ratio is None else figure.ratio
    if figure.target is None or figure.target <= 0 or measured <= 0:
        return None
    return figure.target / measured if figure.lower else measured / figure.target


def orders_cpu(figures: Sequence[Figure]) -> Drawing | None:
    """Processor time of an order, by contender."""
    return _contenders(figures, "CPU ms/order", "CPU ms per order (less is better)", less=True)


def orders_rate(figures: Sequence[Figure]) -> Drawing | None:
    """Orders a second, by contender."""
    return _contenders(figures, "orders/s", "orders per second (more is better)", less=False)


def _contenders(figures: Sequence[Figure], unit: str, label: str, *, less: bool) -> Drawing | None:
    panels: dict[str, dict[str, float]] = {}
    for one in figures:
        if one.name.startswith("orders: ") and one.unit == unit and one.value > 0:
            contender = one.name.removeprefix("orders: ")
            panels.setdefault(database(one.backend), {})[contender] = one.value
    if not panels:
        return None
    values = [value for panel in panels.values() for value in panel.values()]
    least, most = min(values), max(values)
    logarithmic = most > 10 * least
    heights = [len(panel) for panel in panels.values()]
    canvas, axes = _panels(heights, 0.26 * sum(heights) + 0.3 * len(heights) + 0.5)
    for place, (title, panel) in zip(axes, panels.items(), strict=True):
        ranked = sorted(panel.items(), key=lambda item: item[1], reverse=not less)
        _bars(place, [name for name, _ in ranked], [value for _, value in ranked])
        place.set_title(title)
        if logarithmic:
            place.set_xscale("log")
            _log_ticks(place.xaxis, most / least)
        place.set_xlim(least / 2 if logarithmic else 0, most * (1.6 if logarithmic else 1.1))
        place.xaxis.set_major_formatter(_written())
        place.tick_params(axis="x", labelbottom=place is axes[-1])
    axes[-1].set_xlabel(label + (", log scale" if logarithmic else ""))
    return canvas, f"Bars of {label}. {_in_words(panels)}."


def _bars(axes: Axes, names: Sequence[str], values: Sequence[float]) -> None:
    """Horizontal bars, the first on top, with their values at their ends."""
    ours = [name.startswith("Baton") for name in names]
    bars = axes.barh(
        range(len(names)), values, height=0.68, color=[ACCENT if own else GREY for own in ours]
    )
    axes.bar_label(bars, [number(value) for value in values], padding=3, **VALUES)
    axes.set_yticks(range(len(names)), names)
    for tick, own in zip(axes.get_yticklabels(), ours, strict=True):
        if own:
            tick.set(color=ACCENT, fontweight="bold")
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.grid(axis="x")


def targets(figures: Sequence[Figure]) -> Drawing | None:
    """How far every target is met, the best first."""
    rows = [
        (share, f"{one.name}, {database(one.backend)}", bool(one.met))
        for one in figures
        if (share := achieved(one)) is not None
    ]
    if not rows:
        return None
    rows.sort(key=lambda row: -row[0])
    canvas, (axes,) = _panels([1], 0.23 * len(rows) + 0.8)
    axes.axvline(1, color=INK, linewidth=0.9, zorder=1.5)
    for place, (share, _, met) in enumerate(rows):
        axes.plot([1, share], [place, place], color=GREY, linewidth=0.9, zorder=2)
        fill = ACCENT if met else "white"
        axes.plot(share, place, "o", color=ACCENT, markerfacecolor=fill, markersize=6, zorder=3)
    axes.set_xscale("log")
    least, most = min(1.0, rows[-1][0]), max(1.0, rows[0][0])
    axes.set_xlim(min(least / 1.15, 0.8), max(most * 1.15, 1.25))
    low, high = axes.get_xlim()
    _log_ticks(axes.xaxis, high / low)
    axes.xaxis.set_major_formatter(_written())
    axes.set_yticks(range(len(rows)), [label for _, label, _ in rows], fontsize=SMALL)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(axis="x")
    axes.set_xlabel("how far the target is met (1 = exactly), log scale\nfilled: met, hollow: not")
    missed = [f"{label} {number(share)}" for share, label, met in rows if not met]
    end = f" Not met: {'; '.join(missed)}." if missed else " All are."
    return canvas, f"Dots: how far each of {len(rows)} targets is met, 1 is exactly.{end}"


def growth(figures: Sequence[Figure]) -> Drawing | None:
    """What becomes of speed as the log grows, relative to the smallest log."""
    lines = sorted(_growing(figures), key=lambda line: line[2][-1][1])
    if not lines:
        return None
    counts = sorted({count for _, _, points in lines for count, _ in points})
    shares = [share for _, _, points in lines for _, share in points]
    low, high = min(0.7, *shares), max(1.3, *shares)
    height = max(2.8, 0.19 * len(lines) + 0.5)
    canvas, (axes,) = _panels([1], height + 0.6)
    axes.axhspan(1 - TOLERANCE, 1 + TOLERANCE, color=FAINT, alpha=0.6, linewidth=0, zorder=0.5)
    axes.axhline(1, color=GREY, linewidth=0.9, zorder=1)
    label = f"relative to the smallest log\n(band: ±{TOLERANCE * 100:.0f} %)"
    if low > 0 and high > 3 * low:
        axes.set_yscale("log")
        _log_ticks(axes.yaxis, high / low)
        axes.yaxis.set_major_formatter(_written())
        axes.set_ylim(low / 1.05, high * 1.05)
        label = label.replace(")", ", log scale)")
    else:
        axes.set_ylim(low - 0.05, high + 0.05)
    axes.set_xscale("log")
    axes.set_xlim(counts[0] / 1.15, counts[-1] * 1.15)
    _labelled_lines(axes, lines, 0.165 / height)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticks(counts, [_count(one) for one in counts])
    axes.grid(axis="y")
    axes.set_xlabel("events in the log, log scale")
    axes.set_ylabel(label)
    ends = [f"{number(points[-1][1])} ({what}, {database(on)})" for what, on, points in lines]
    start = f"{len(lines)} lines: values relative to those at the smallest log"
    return canvas, f"{start}; in the end from {ends[0]} to {ends[-1]}."


def _labelled_lines(axes: Axes, lines: Sequence[Series], gap: float) -> None:
    """Draw lines, with labels beside the axes that are at least a gap of their height apart."""
    to_height = axes.transScale + axes.transLimits
    wanted = [float(to_height.transform(points[-1])[1]) for _, _, points in lines]
    for (what, backend, points), place in zip(lines, _spread_out(wanted, gap), strict=True):
        ours = backend == "postgresql"
        colour, marker = (ACCENT, "o") if ours else (GREY, "s")
        xs, ys = zip(*points, strict=True)
        axes.plot(xs, ys, color=colour, marker=marker, markersize=4, linewidth=1.4)
        axes.annotate(
            f"{what}, {database(backend)}",
            points[-1],
            xytext=(1.03, place),
            textcoords="axes fraction",
            color=ACCENT if ours else INK,
            fontsize=SMALL,
            verticalalignment="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.6, "relpos": (0, 0.5)},
        )


def _growing(figures: Sequence[Figure]) -> Iterator[Series]:
    """Lines with a beginning and an end: of what, on what, and values relative to the first."""
    found: dict[tuple[str, str, str], dict[int, float]] = {}
    for one in figures:
        if match := GROWTH.match(one.name):
            count = float(re.sub(r"[,_ ]", "", match[2])) * SCALES[match[3]]
            found.setdefault((match[1], one.backend, one.unit), {})[round(count)] = one.value
    for (what, backend, unit), values in found.items():
        points = sorted(values.items())
        first = points[0][1]
        if len(points) > 1 and first > 0:
            relative = [(count, value / first) for count, value in points]
            yield f"{what} ({unit})", backend, relative


def _spread_out(wanted: Sequence[float], gap: float) -> list[float]:
    """Places from 0 to 1, a gap apart and as near as can be to those wanted, which ascend."""
    blocks: list[tuple[float, int]] = []  # means of neighbours that have to share, and how many
    for rank, value in enumerate(wanted):
        mean, size = value - rank * gap, 1
        while blocks and blocks[-1][0] > mean:
            other, more = blocks.pop()
            mean, size = (mean * size + other * more) / (size + more), size + more
        blocks.append((mean, size))
    means = [mean for mean, size in blocks for _ in range(size)]
    most = 1 - (len(means) - 1) * gap
    return [min(max(mean, 0), most) + rank * gap for rank, mean in enumerate(means)]


def processes(figures: Sequence[Figure]) -> Drawing | None:
    """Orders a second by the number of processes, when work is even and when it is not."""
    panels: dict[str, dict[tuple[int, str], float]] = {}
    for one in figures:
        if (match := PROCESSES.match(one.name)) and one.unit == "orders/s":
            panels.setdefault(database(one.backend), {})[int(match[1]), match[2]] = one.value
    if not panels:
        return None
    canvas, axes = _panels([1] * len(panels), 2.1 * len(panels) + 0.4)
    most = max(value for panel in panels.values() for value in panel.values())
    numbers = sorted({many for panel in panels.values() for many, _ in panel})
    for place, (title, panel) in zip(axes, panels.items(), strict=True):
        for kind, colour, shift in (("even", ACCENT, -0.2), ("skewed", GREY, 0.2)):
            there = [
                (numbers.index(many), value) for (many, of), value in panel.items() if of == kind
            ]
            heights = [value for _, value in there]
            bars = place.bar(
                [at + shift for at, _ in there], heights, 0.38, color=colour, label=kind
            )
            place.bar_label(bars, [number(value) for value in heights], padding=3, **VALUES)
        place.set_title(title)
        place.set_xticks(range(len(numbers)), [str(many) for many in numbers])
        place.tick_params(axis="x", length=0)
        place.set_ylim(0, most * 1.15)
        place.set_ylabel("orders per second")
        place.yaxis.set_major_formatter(_written())
        place.grid(axis="y")
    axes[-1].set_xlabel("processes")
    axes[0].legend(ncols=2, loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0)
    named = {
        title: {f"{many} {kind}": value for (many, kind), value in sorted(panel.items())}
        for title, panel in panels.items()
    }
    return canvas, f"Bars: orders per second by number of processes. {_in_words(named)}."


def _panels(heights: Sequence[float], height: float) -> tuple[Canvas, list[Axes]]:
    """Panels above one another, all with the same value axis."""
    canvas = Canvas(figsize=(WIDTH, height), layout="constrained")
    grid = canvas.subplots(len(heights), squeeze=False, height_ratios=list(heights))
    return canvas, list(grid[:, 0])


def _log_ticks(axis: Axis, span: float) -> None:
    subs = (1.0, 2.0, 5.0) if span > 10 else (1.0, 1.5, 2.0, 3.0, 5.0, 8.0)
    axis.set_major_locator(LogLocator(subs=subs))
    axis.set_minor_locator(NullLocator())


def _written() -> FuncFormatter:
    return FuncFormatter(lambda value, _: number(value))


def _count(value: int) -> str:
    for size, name in ((1_000_000, "million"), (1_000, "thousand")):
        if value >= size:
            return f"{value / size:g} {name}"
    return str(value)


def _in_words(panels: Mapping[str, Mapping[str, float]]) -> str:
    return ". ".join(
        f"{title}: " + "; ".join(f"{name} {number(value)}" for name, value in panel.items())
        for title, panel in panels.items()
    )
