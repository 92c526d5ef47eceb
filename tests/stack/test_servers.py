"""The embedded PostgreSQL and Redis: they answer, keep data over every kind of death, and are never two on
one folder."""

import json
import os
import signal
import stat
import subprocess
from pathlib import Path

import psycopg
import redis

from config.stack import embedded
from config.stack.spawn import StackError
from tests.stack.conftest import Start, eventually, living

FAST = {"fsync": "off"}


def state(var: Path) -> dict[str, dict[str, int]]:
    """`stack.json` of a running stack, once it names both servers."""

    def read() -> dict[str, dict[str, int]] | None:
        path = var / "stack.json"
        found = json.loads(path.read_text()) if path.exists() else {}
        return found if {"postgres", "redis"} <= set(found.get("pids", ())) else None

    found = eventually(read, seconds=30)
    assert found is not None
    return found


def test_start_gives_an_ordinary_role_on_sockets_only_and_stop_ends_both(var: Path) -> None:
    with embedded.start(var, extra_postgres=FAST) as servers:
        pids = servers.pids
        with psycopg.connect(servers.database_url) as connection:
            role = connection.execute(
                "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb FROM pg_roles"
                " WHERE rolname = current_user"
            ).fetchone()
            settings = [
                connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
                for name in ("listen_addresses", "data_checksums", "synchronous_commit", "server_encoding")
            ]
        assert role == ("risala", False, True, True)
        assert settings == [("",), ("on",), ("on",), ("UTF8",)]
        client = redis.Redis.from_url(servers.redis_url, decode_responses=True)
        kept_on_disk = [
            client.config_get(name) for name in ("port", "appendonly", "save", "maxmemory-policy")
        ]
        assert kept_on_disk == [
            {"port": "0"},
            {"appendonly": "no"},
            {"save": ""},
            {"maxmemory-policy": "noeviction"},
        ]
        client.close()
        folder = servers.places.run.stat()
        assert stat.S_IMODE(folder.st_mode) == 0o700
        owner = servers.places.owner
        assert folder.st_uid == (owner.uid if owner else os.geteuid())
    assert sorted(pids) == ["postgres", "redis"]
    assert not any(living(pid) for pid in pids.values())


def test_what_was_committed_survives_kill_9_of_postgres(var: Path) -> None:
    with embedded.start(var, redis=False, extra_postgres=FAST) as servers:
        with psycopg.connect(servers.database_url) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept VALUES (41)")
        before = servers.pids["postgres"]
        os.kill(before, signal.SIGKILL)
        eventually(lambda: "postgres" not in servers.pids)
        revived = eventually(lambda: _revive(servers))
        assert revived == ["postgres"]
        assert servers.pids["postgres"] != before
        with psycopg.connect(servers.database_url) as connection:
            assert connection.execute("SELECT n FROM kept").fetchall() == [(41,)]


def _revive(servers: embedded.Servers) -> list[str]:
    """PostgreSQL refuses to start while backends of the killed one still hold its memory: the caller tries
    again.
    """
    try:
        return servers.restart_dead()
    except StackError:
        return []


def test_a_pid_file_whose_pid_is_now_another_program_does_not_stop_the_start(var: Path) -> None:
    with embedded.start(var, redis=False, extra_postgres=FAST) as servers:
        data, owner = servers.places.home / "postgres", servers.places.owner
    stranger = subprocess.Popen(
        ["/bin/sleep", "60"], user=owner.uid if owner else None, group=owner.gid if owner else None
    )
    try:
        pid_file = data / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{data}\n1\n5432\n{servers.places.run}\n\n0 0\nready\n")
        if owner:
            os.chown(pid_file, owner.uid, owner.gid)
        with embedded.start(var, redis=False, extra_postgres=FAST) as again:
            assert living(again.pids["postgres"])
    finally:
        stranger.kill()
        stranger.wait()


def test_kill_9_of_the_launcher_leaves_no_server_and_the_next_start_recovers(var: Path, start: Start) -> None:
    launcher = start("-m", "config.stack.launch", "services")
    pids = state(var)["pids"]
    with psycopg.connect(_line(var, "DATABASE_URL")) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    launcher.kill()
    launcher.wait()
    eventually(lambda: not any(living(pid) for pid in pids.values()))
    with embedded.start(var) as servers, psycopg.connect(servers.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_second_start_on_the_same_folder_says_so_and_harms_nothing(var: Path, start: Start) -> None:
    first = start("-m", "config.stack.launch", "services")
    pids = state(var)["pids"]
    second = start("-m", "config.stack.launch", "services")
    said, _ = second.communicate(timeout=15)
    assert second.returncode == 2
    assert f"Another Risala (pid {first.pid}) is running on {var}" in said
    assert state(var)["pids"] == pids
    assert all(living(pid) for pid in pids.values())


def test_the_files_beside_a_running_stack_are_private_and_tell_how_to_reach_it(
    var: Path, start: Start
) -> None:
    launcher = start("-m", "config.stack.launch", "services", PUBLIC_URL="https://sms.example.com")
    state(var)
    assert _line(var, "PUBLIC_URL") == "https://sms.example.com"
    assert [stat.S_IMODE((var / name).stat().st_mode) for name in ("stack.json", "env", "secret_key")] == [
        0o600
    ] * 3
    assert len(_line(var, "RISALA_SECRET_KEY")) == 64
    redis_client = redis.Redis.from_url(_line(var, "REDIS_URL"))
    assert redis_client.ping()
    redis_client.close()
    secret = (var / "secret_key").read_text()
    launcher.terminate()
    assert launcher.wait(20) == 0
    assert not (var / "stack.json").exists()
    assert (var / "secret_key").read_text() == secret


def _line(var: Path, name: str) -> str:
    lines = dict(line.split("=", 1) for line in (var / "env").read_text().splitlines())
    return lines[name]
