"""Plays a SIM gateway on loopback, on top of `http_provider.py`: ports with SIMs that can fail, tasks that can be asked about,
and receipts posted to the callback address: early, late, twice or contradicting, as the test says."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.stand_ins import http_provider
from tests.stand_ins.http_provider import HttpProvider, Reply, Request


@dataclass
class Task:
    """One message as the gateway keeps it."""

    task_id: str
    port: int
    slot: int
    to: str
    text: str
    reference: str
    callback_url: str
    status: str = "pending"
    code: str = ""


@dataclass
class SimGateway:
    """`states` are of SIMs by (port, slot): `ready`, or a fault such as `no_network`, with which submits are refused."""

    api_key: str = "a-key"
    states: dict[tuple[int, int], str] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    provider: HttpProvider = field(init=False)

    @property
    def base_url(self) -> str:
        """The address to give as `base_url`."""
        return self.provider.base_url

    def answer(self, request: Request) -> Reply:
        """What the gateway says to a request."""
        if request.headers.get("authorization") != f"Bearer {self.api_key}":
            return http_provider.json(401, result="error", message="unknown key")
        if request.path == "/send":
            return self._send(json.loads(request.body))
        if request.path == "/test":
            return http_provider.json(result="success")
        asked = request.query()
        if request.path == "/sim":
            return http_provider.json(
                result="success", state=self.state(int(asked["port"]), int(asked["slot"]))
            )
        if request.path == "/tasks":
            found = [self.tasks[i] for i in asked["ids"].split(",") if i in self.tasks]
            return http_provider.json(result="success", tasks=[told(task) for task in found])
        return http_provider.json(404, result="error", code="no_such_address")

    def state(self, port: int, slot: int) -> str:
        """The state of a SIM."""
        return self.states.get((port, slot), "ready")

    def _send(self, fields: dict[str, object]) -> Reply:
        port, slot = int(str(fields["port"])), int(str(fields["slot"]))
        if self.state(port, slot) != "ready":
            return http_provider.json(
                result="error", code=self.state(port, slot), message="the SIM does not work"
            )
        task_id = f"1761759269{len(self.tasks):04d}"
        texts = [str(fields.get(name, "")) for name in ("to", "text", "reference", "callback_url")]
        self.tasks[task_id] = Task(task_id, port, slot, *texts)
        return http_provider.json(result="success", task_id=task_id)

    def post(self, task: Task, status: str, code: str = "", *, secret: str = "") -> int:
        """Post a receipt to a task's callback address; the HTTP status of the answer."""
        return post(
            task.callback_url, told(task) | {"status": status, "code": code}, {"X-Gateway-Secret": secret}
        )


def told(task: Task) -> dict[str, object]:
    """A task as the gateway tells of it."""
    return {"task_id": task.task_id, "status": task.status, "code": task.code}


def post(url: str, fields: dict[str, object], headers: dict[str, str]) -> int:
    """POST JSON to an address of the product."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    try:
        connection.request("POST", path, json.dumps(fields), {"Content-Type": "application/json"} | headers)
        return connection.getresponse().status
    finally:
        connection.close()


@contextmanager
def running() -> Iterator[SimGateway]:
    """A gateway in a thread of its own, on a free port."""
    gateway = SimGateway()
    with http_provider.running(gateway.answer) as provider:
        gateway.provider = provider
        yield gateway
