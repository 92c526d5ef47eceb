"""The embedded PostgreSQL and Redis of one folder: `start` them, get their addresses, `stop` them. They die
with the process that started them, and the next start recovers whatever it finds."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from config.stack.places import choose, hold_folder, hold_servers
from config.stack.postgres import Postgres
from config.stack.redis import Redis


class Servers:
    """Running embedded servers, and the locks on their folder. Leave by `stop`, or use as a context
    manager.
    """

    def __init__(self, var: Path, *, postgres: bool, redis: bool, extra_postgres: Mapping[str, str]) -> None:
        self.places = choose(var)
        self._locks = [hold_folder(self.places.var)]
        self.postgres: Postgres | None = None
        self.redis: Redis | None = None
        try:
            if postgres or redis:
                self._locks.append(hold_servers(self.places.home))
            if redis:
                self.redis = Redis(self.places, self._locks[-1])
                self.redis.start()
            if postgres:
                self.postgres = Postgres(self.places, self._locks[-1], extra_postgres)
                self.postgres.start()
        except BaseException:
            self.stop()
            raise

    @property
    def database_url(self) -> str:
        """`postgresql://risala@/risala?host=<percent-encoded socket folder>`; empty without PostgreSQL."""
        return self.postgres.url if self.postgres else ""

    @property
    def redis_url(self) -> str:
        """`unix:///path/redis.sock?db=0`; empty without Redis."""
        return self.redis.url if self.redis else ""

    @property
    def pids(self) -> dict[str, int]:
        """Main pids of the servers that live, by name."""
        found = {"postgres": self.postgres and self.postgres.pid, "redis": self.redis and self.redis.pid}
        return {name: pid for name, pid in found.items() if pid}

    def restart_dead(self) -> list[str]:
        """Start again what has died; returns the names. Raises StackError when one cannot be started."""
        revived = []
        for name, server in (("postgres", self.postgres), ("redis", self.redis)):
            if server is not None and server.pid is None:
                server.start()
                revived.append(name)
        return revived

    def stop(self) -> None:
        """Stop Redis, then PostgreSQL, and let go of the folder. A second call does nothing."""
        for server in (self.redis, self.postgres):
            if server is not None:
                server.stop()
        while self._locks:
            os.close(self._locks.pop())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(
    var: Path, *, postgres: bool = True, redis: bool = True, extra_postgres: Mapping[str, str] | None = None
) -> Servers:
    """Start the embedded servers on the folder `var`, creating it if needed, and wait until they answer.

    `extra_postgres` are settings of PostgreSQL by name, over ours. Call it from the main thread.
    Raises StackError: the folder is in use, a program is missing, or a server does not start.
    """
    return Servers(var, postgres=postgres, redis=redis, extra_postgres=extra_postgres or {})
