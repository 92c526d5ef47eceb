"""Which carriers need a session right now: one row read from PostgreSQL every few seconds, by a thread of the launcher, so
that a database that hangs holds up nothing. When it cannot be read, whatever runs goes on running."""

import json
import threading

import psycopg

EVERY_SECONDS = 3.0
KINDS = ("smpp",)
WANTED = (
    "SELECT name FROM messaging_carrier WHERE enabled AND paused_at IS NULL AND kind = ANY(%s) ORDER BY name"
)


class SessionList:
    """Asks again and again; `poll` never blocks."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._news: frozenset[str] | None = None
        threading.Thread(target=self._ask, name="sessions", daemon=True).start()

    def poll(self) -> frozenset[str] | None:
        """The names of the carriers, once per answer; None while there is nothing new."""
        with self._lock:
            news, self._news = self._news, None
        return news

    def close(self) -> None:
        """Stop asking."""
        self._ended.set()

    def _ask(self) -> None:
        while not self._ended.wait(EVERY_SECONDS):
            try:
                names = self._read()
            except psycopg.Error:
                continue
            with self._lock:
                self._news = names

    def _read(self) -> frozenset[str]:
        options = "-c statement_timeout=5s"
        with psycopg.connect(self._database_url, connect_timeout=5, options=options) as connection:
            return frozenset(row[0] for row in connection.execute(WANTED, [list(KINDS)]).fetchall())


def last_object(text: str) -> dict[str, object]:
    """The last line of a command's output that is a JSON object; warnings may stand before it. Empty if none."""
    for line in reversed(text.splitlines()):
        if line.startswith("{"):
            try:
                value = json.loads(line)
            except ValueError:
                continue
            if isinstance(value, dict):
                return value
    return {}
