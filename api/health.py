"""Health: whether the process lives, whether it can serve, and its figures."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from pydantic import BaseModel

from api.keys import EngineOf
from api.problems import Problem
from api.reading import projection_state

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The process lives."""

    status: str


class Readiness(BaseModel):
    """The log answers; how far the projections have come."""

    status: str
    position: int
    lag: int


@router.get("/healthz", response_model=Health)
def healthz() -> Any:
    """Whether the process lives."""
    return {"status": "ok"}


@router.get("/readyz", response_model=Readiness)
def readyz(engine: EngineOf) -> Any:
    """Whether the log can be read, and how far the projections lag behind it."""
    try:
        return {"status": "ok", **projection_state(engine)}
    except Exception as error:
        raise Problem(503, "NOT_READY", "The log cannot be read.") from error


@router.get("/metrics", include_in_schema=False)
def metrics(engine: EngineOf) -> Response:
    """Figures for Prometheus."""
    registry = CollectorRegistry()
    state = projection_state(engine)
    figures = {
        "baton_log_position": ("Last position of the log", state["position"] + state["lag"]),
        "baton_projection_lag": ("Events that the projections have not taken in", state["lag"]),
        "baton_queue_waiting": ("Commands that wait for the writer", engine.writer.waiting),
    }
    for name, (text, value) in figures.items():
        Gauge(name, text, registry=registry).set(value)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
