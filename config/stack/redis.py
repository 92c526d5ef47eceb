"""The embedded Redis-compatible server (Valkey): a Unix socket in a 0700 folder, nothing kept on disk,
because nothing in it is a fact: it may be lost at any moment."""

import os
import signal
import subprocess
import time

import redis

from config.stack.binaries import redis_program
from config.stack.places import Places
from config.stack.spawn import StackError, end, spawn

START_SECONDS = 15.0


class Redis:
    """One embedded Redis server; `start` may be called again after it died."""

    def __init__(self, places: Places, lock: int) -> None:
        self.places = places
        self.lock = lock
        self.program = redis_program(places.owner)
        self.socket = places.run / "redis.sock"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where the application connects, in redis-py's form."""
        return f"unix://{self.socket}?db=0"

    @property
    def pid(self) -> int | None:
        """The server's pid while it lives."""
        return self.process.pid if self.process and self.process.poll() is None else None

    def start(self) -> None:
        """Start it and wait until it answers. Raises StackError when it does not."""
        self.socket.unlink(missing_ok=True)
        options = ["--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700", "--save", ""]
        options += ["--appendonly", "no", "--maxmemory-policy", "noeviction", "--daemonize", "no"]
        options += ["--dir", str(self.places.run)]
        with (self.places.log / "redis.log").open("ab") as output:
            self.process = spawn(
                [str(self.program), *options],
                env={"LC_ALL": "C", "PATH": os.defpath},
                output=output,
                death_signal=signal.SIGTERM,
                owner=self.places.owner,
                keep=(self.lock,),
                cwd=self.places.run,
            )
        self._wait_until_ready()

    def stop(self) -> None:
        """Ask it to end, then make it."""
        if self.process is not None:
            end(self.process, (signal.SIGTERM, 5.0))
            self.process = None

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        client = redis.Redis.from_url(self.url, socket_timeout=1.0)
        while True:
            try:
                client.ping()
            except redis.RedisError as error:
                if self.pid is None or time.monotonic() > deadline:
                    self.stop()
                    raise StackError(f"Redis did not start; see {self.places.log / 'redis.log'}.") from error
                time.sleep(0.02)
            else:
                client.close()
                return
