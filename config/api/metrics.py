"""Figures for Prometheus: requests and their time, counted per process; what waits, read from PostgreSQL at
each look."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.http import HttpRequest
from prometheus_client import Histogram

REQUESTS = Histogram(
    "risala_api_request_seconds",
    "Seconds that the API took for its answers.",
    ["method", "status"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 12),
)
METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})


@dataclass(slots=True)
class Figures:
    """What the answer turned out to be."""

    status: int = 500


@contextmanager
def measured(request: HttpRequest) -> Iterator[Figures]:
    """Count one request and the seconds inside."""
    figures = Figures()
    began = time.perf_counter()
    try:
        yield figures
    finally:
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(method, figures.status // 100 * 100).observe(time.perf_counter() - began)
