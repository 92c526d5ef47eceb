"""Started by root from a folder only root may enter, the servers still run as somebody else, and no mode is
changed."""

import os
import stat
from pathlib import Path

import psycopg
import pytest

from config.stack import embedded, places
from config.stack.spawn import Owner, StackError

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="about what root may do; other users run as themselves"
)
SOMEBODY = Owner(places.SERVER_UID, places.SERVER_UID)


def test_data_goes_elsewhere_when_the_folder_is_closed_to_the_servers(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "FAR_HOME", var / "far")
    closed = var / "closed"
    closed.mkdir(mode=0o700)
    with embedded.start(closed / "var", redis=False, extra_postgres={"fsync": "off"}) as servers:
        assert servers.places.home.parent == var / "far"
        assert (closed / "var" / "servers-are-in").read_text() == f"{servers.places.home}\n"
        with psycopg.connect(servers.database_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert Path(f"/proc/{servers.pids['postgres']}").stat().st_uid == places.SERVER_UID
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_programs_the_servers_cannot_reach_are_copied_with_their_libraries(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "FAR_HOME", var / "far")
    packages = var / "closed"
    for name in ("brought/bin/program", "brought.libs/library", "other/file"):
        (packages / name).parent.mkdir(parents=True, mode=0o700)
        (packages / name).write_text(name)
        (packages / name).chmod(0o700 if "program" in name else 0o600)
    packages.chmod(0o700)
    program = packages / "brought/bin/program"
    trees = [packages / "brought", packages / "brought.libs"]
    copy = places.usable_program(program, packages, trees, SOMEBODY)
    kept = copy.parents[2]
    assert copy.read_text() == "brought/bin/program"
    assert sorted(path.name for path in kept.iterdir()) == ["brought", "brought.libs"]
    assert places.reachable(copy.parent, SOMEBODY)
    assert [stat.S_IMODE(path.stat().st_mode) & 0o055 for path in (copy, kept / "brought.libs/library")] == [
        0o55,
        0o44,
    ]
    assert places.usable_program(program, packages, trees, None) == program


def test_a_folder_put_in_our_place_by_somebody_else_is_refused(var: Path) -> None:
    trap = var / "run"
    trap.mkdir(mode=0o777)
    with pytest.raises(StackError, match="another user made or changed it"):
        places.private_dir(trap, SOMEBODY)
    (var / "link").symlink_to(var)
    with pytest.raises(StackError, match="another user made or changed it"):
        places.private_dir(var / "link", None)
