"""A writer in a process of its own: a database's URL or commands come in as JSON lines.

Several threads send, one command after the other, so that batches stay small and processes take
many turns at the head of the log.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from api.engine import Engine
from eventlog.jobs import KeyReusedError
from tests.support.world import opened, send

THREADS = 4


def main() -> None:
    print(json.dumps("ready"), flush=True)
    url = sys.stdin.readline()
    while url:
        with (
            opened(json.loads(url), follow=False) as engine,
            ThreadPoolExecutor(THREADS) as pool,
        ):
            print(json.dumps("open"), flush=True)
            while (commands := json.loads(sys.stdin.readline())) is not None:
                outcomes = pool.map(lambda one: race(engine, *one), commands)
                print(json.dumps(list(outcomes)), flush=True)
        print(json.dumps("closed"), flush=True)
        url = sys.stdin.readline()


def race(engine: Engine, name: str, key: str, body: Any) -> dict[str, Any]:
    try:
        outcome = send(engine, name, key, body).result(60)
    except KeyReusedError:
        return {"key": key, "status": "conflict"}
    receipt = outcome.receipt
    return {
        "key": key,
        "status": receipt.status,
        "command_id": receipt.command_id,
        "repeated": outcome.repeated,
        "receipt": list(receipt),
        "answer": json.loads(receipt.body),
    }


if __name__ == "__main__":
    main()
