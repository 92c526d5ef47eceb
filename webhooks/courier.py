"""The network side of delivering: a thread with an event loop of its own that posts what the pace allows and
hands back results. The caller keeps the database on its own thread, so that no post waits for a query, nor a
transaction for a post."""

import asyncio
import queue
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from webhooks import signing
from webhooks.egress import Answer, Egress
from webhooks.pace import Pace
from webhooks.prepare import Job

GATHER_SECONDS = 0.02
GATHER_RESULTS = 256


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a job. `started_at` is when its post began."""

    job: Job
    answer: Answer
    started_at: datetime


class Courier:
    """Posts the jobs of a `Pace` concurrently, used as `with Courier(…) as courier`."""

    def __init__(self, egress: Egress, pace: Pace, *, brand: str, timeout_seconds: float) -> None:
        """`brand` is the word of the operator's header names, `timeout_seconds` the time for the first
        byte."""
        self._egress = egress
        self._pace = pace
        self._brand = brand
        self._timeout_seconds = timeout_seconds
        self._results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="courier", daemon=True)
        self._posts: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self._await(self._egress.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        """Ends posts that are still under way; their leases run out and they are tried again."""
        self._await(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def wake(self) -> None:
        """The pace has new jobs."""
        self._loop.call_soon_threadsafe(self._begin)

    def collect(self, timeout_seconds: float) -> list[Result]:
        """The results that came in: waits for the first at most `timeout_seconds`, and then a moment for
        company, so that results are stored in batches."""
        try:
            found = [self._results.get(timeout=timeout_seconds)]
        except queue.Empty:
            return []
        until = time.monotonic() + GATHER_SECONDS
        while len(found) < GATHER_RESULTS and (left := until - time.monotonic()) > 0:
            try:
                found.append(self._results.get(timeout=left))
            except queue.Empty:
                break
        return found

    def _begin(self) -> None:
        for job in self._pace.next():
            task = self._loop.create_task(self._deliver(job))
            self._posts.add(task)
            task.add_done_callback(self._posts.discard)

    async def _deliver(self, job: Job) -> None:
        started_at = datetime.now(UTC)
        if job.problem:
            answer = Answer(None, "", 0, job.problem, None)
        else:
            answer = await self._egress.post(job.url, job.body, self._headers(job), self._timeout_seconds)
        self._results.put(Result(job, answer, started_at))
        self._pace.landed(
            job.claimed.endpoint_id, taken=answer.taken, status=answer.status, latency_ms=answer.latency_ms
        )
        self._begin()

    def _headers(self, job: Job) -> dict[str, str]:
        return signing.headers(
            job.profile,
            job.secrets,
            event_id=str(job.claimed.event_id),
            event_type=job.claimed.type,
            body=job.body,
            timestamp=int(time.time()),
            brand=self._brand,
        )

    async def _close(self) -> None:
        for task in list(self._posts):
            task.cancel()
        await asyncio.gather(*self._posts, return_exceptions=True)
        await self._egress.__aexit__()

    def _await(self, work: Coroutine[object, object, object]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()
