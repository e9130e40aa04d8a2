"""Large commands: one of ten thousand serials, an import of opening balances, a dealer's file.

Each part has a world of its own on an empty database, and a new product where it needs goods. A
file of more lines than the door takes is handed in as several.
"""

from __future__ import annotations

import asyncio
import resource
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from fastapi import Request, Response

from api import tabular
from api.commands import Envelope, to_request
from api.dealer_reports import report
from benchmarks import scenario
from benchmarks.contenders.baton import ACTOR, Baton
from benchmarks.contenders.baton_commands import PAPER, Step, product_terms
from benchmarks.figures import Figure
from benchmarks.measuring import Place
from benchmarks.progress import Steps
from benchmarks.scenario import DEALERS, PRODUCTS
from eventlog.jobs import Outcome

SERIALS, BALANCES, LINES = 10_000, 100_000, 50_000
LEAST = 1 / 50
IN_FLIGHT = 512
LOTS, HOSPITALS = 100, 50
SKU, SOURCE = scenario.sku(PRODUCTS), "DEALER_PORTAL"
"""A product that the scenario does not have, and who reports its sales."""

LONGEST = 900
"""Seconds after which a command is given up."""


def measure(
    place: Place, backend: str, rounds: int, share: float, steps: Steps
) -> Iterator[Figure]:
    """Seconds, rates and memory of three large pieces of work; each is done once."""
    del rounds  # a part takes long enough to be told by one run
    for part in (_serials, _balances, _file):
        with closing(Baton(place.database(backend))) as baton:
            baton.prepare(2)
            yield from part(place, baton, backend, max(LEAST, share))
        steps.advance()


def _serials(place: Place, baton: Baton, backend: str, share: float) -> Iterator[Figure]:
    """Register serials by one command, and put them on a shelf by another."""
    count = int(SERIALS * share)
    serials = [f"B{unit:07d}" for unit in range(count)]
    made = {"manufacture_date": "2026-01-01", "registration_no": PAPER["no"]}
    shelf = {"wh": scenario.warehouse(0), "qty": count}
    _do(baton, [_product("SERIAL")])
    before, seconds = baton.engine.reader.head().position, 0.0
    for name, body in (
        ("register-serials", made | {"sku": SKU, "serials": serials}),
        ("set-opening-stock", shelf | {"sku": SKU, "serials": serials}),
    ):
        wall, memory = _taken(place, partial(_do, baton, [(name, body)]))
        yield Figure(f"{name}: {count:,} in one command", backend, wall, "s", lower=True)
        yield from _memory(name, backend, memory)
        seconds += wall
    events = baton.engine.reader.head().position - before
    yield Figure("large commands of serials", backend, events / seconds, "events/s")


def _balances(place: Place, baton: Baton, backend: str, share: float) -> Iterator[Figure]:
    """Import open documents of all dealers, each by a command of its own."""
    count = int(BALANCES * share)
    wall, memory = _taken(place, partial(_do, baton, _documents(count)))
    name = f"opening balances: {count:,} commands"
    yield Figure(name, backend, count / wall, "balances/s")
    yield from _memory("opening balances", backend, memory)


def _file(place: Place, baton: Baton, backend: str, share: float) -> Iterator[Figure]:
    """Enter a dealer's sales from CSV, as the door does, in as many files as it asks for."""
    count = int(LINES * share)
    _do(baton, _market(count))
    files = [
        _table(range(start, min(start + tabular.MOST_ROWS, count)))
        for start in range(0, count, tabular.MOST_ROWS)
    ]
    wall, memory = _taken(place, partial(_enter, baton, files))
    name = f"dealer file: {count:,} lines of CSV in {len(files)}"
    yield Figure(name, backend, count / wall, "rows/s")
    yield from _memory("dealer file", backend, memory)


def _product(tracking: str) -> Step:
    """Register the product, with the terms of all others but for its tracking."""
    terms = product_terms(PRODUCTS, tracking, 100_000, 50_000)
    return "register-product", {"sku": SKU, "terms": terms}


def _documents(count: int) -> Iterator[Step]:
    """Documents of the books before ours; six digits keep them out of a series of our own."""
    for number in range(count):
        dealer = scenario.dealer(number % DEALERS)
        doc, due = f"OB-{dealer}-{number // DEALERS:06d}", f"2026-0{3 + number % 7}-15"
        owed = {"dealer_id": dealer, "gross": 100_000 + number, "due": due}
        yield "set-opening-item", owed | {"doc": doc}


def _market(lines: int) -> Iterator[Step]:
    """Lots that a dealer has enough of, and hospitals in its territory."""
    seller, region = scenario.dealer(0), scenario.region(0)
    yield "set-observation-weights", {"weights": {SOURCE: "0.8"}}
    yield _product("LOT")
    dates = {"manufacture_date": "2026-01-01", "expiry": "2028-12-31"}
    enough = {"qty": 3 * lines, "effective_on": "2026-01-31", "reason": "taken over"}
    for number in range(LOTS):
        lot = {"sku": SKU, "lot": f"L{number:03d}"}
        yield "create-lot", lot | dates | {"registration_no": PAPER["no"]}
        yield "adjust-dealer-stock", lot | enough | {"dealer_id": seller, "document": "count"}
    for number in range(HOSPITALS):
        name = f"H{number:03d}"
        where = {"region_code": region, "address_id": f"A-{name}"}
        yield "register-customer", {"customer_id": name, "name": name, "type": "CLINIC", **where}


def _table(numbers: Iterable[int]) -> bytes:
    """Sales of February, as a dealer's own system writes them."""
    rows = ["日期,产品编码,批号,数量,医院"]
    for one in numbers:
        lot, hospital = f"L{one % LOTS:03d}", f"H{one * 7 % HOSPITALS:03d}"
        rows.append(f"2026/2/{1 + one % 28},{SKU},{lot},{1 + one % 3},{hospital}")
    return "\n".join(rows).encode()


def _enter(baton: Baton, files: Iterable[bytes]) -> None:
    """Hand files to the door, one after the other; none may raise an alarm."""
    for raw in files:
        answer = asyncio.run(_entered(baton, raw))
        told = msgspec.json.decode(answer.body)
        if answer.status_code != 200 or told["result"]["cases"]:
            raise RuntimeError(told)


async def _entered(baton: Baton, raw: bytes) -> Response:
    """Call the door's own function, past HTTP."""
    if len(raw) > baton.engine.settings.max_body_bytes:
        raise RuntimeError("the file is too large for the door")

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": raw, "more_body": False}

    request = Request({"type": "http", "headers": []}, receive)
    asked: dict[str, Any] = {"source": SOURCE, "as_of": None, "dry_run": False}
    asked |= {"on_behalf_of": None, "idempotency_key": None}
    return await report(request, baton.engine, ACTOR, scenario.dealer(0), "sales", **asked)


def _do(baton: Baton, wanted: Iterable[Step]) -> None:
    """Run commands, many in flight, each under a key of its own."""
    waiting: deque[Future[Outcome]] = deque()
    start = baton.engine.reader.head().position
    for number, (name, body) in enumerate(wanted):
        envelope = Envelope(name, f"bulk-{start}-{number}", body)
        waiting.append(baton.engine.submit(to_request(baton.engine, ACTOR, envelope)))
        if len(waiting) == IN_FLIGHT:
            _accepted(waiting.popleft())
    for promise in waiting:
        _accepted(promise)


def _accepted(promise: Future[Outcome]) -> None:
    receipt = promise.result(LONGEST).receipt
    if receipt.status != "accepted":
        raise RuntimeError(receipt.body)


def _taken(place: Place, work: Callable[[], object]) -> tuple[float, float | None]:
    """Seconds, and by how many MB the process grew at most; None where that cannot be told."""
    before = None
    with suppress(OSError):  # Linux forgets the peak of what ran before, when it is told to
        Path("/proc/self/clear_refs").write_text("5")
        before = _peak()
    wall = place.cost_of(work).wall
    return wall, None if before is None else (_peak() - before) / 1024


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _memory(name: str, backend: str, grown: float | None) -> Iterator[Figure]:
    if grown is not None:
        yield Figure(f"{name}: memory at most", backend, grown, "MB", lower=True)
