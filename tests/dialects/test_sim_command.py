"""`manage.py sim`, `create_api_key --service`, and the operator's pages of SIMs and unknown paths."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import ids
from accounts.models import Account, ApiKey, AuditEntry, User
from messaging import sims, unknown_paths
from messaging.models import Carrier, Sim, UnknownPath

pytestmark = pytest.mark.django_db
ADD = ["sim", "add", "+22366603716", "--carrier", "simulator"]


def run(*arguments: str) -> Any:
    """What a command prints with `--json`."""
    out = io.StringIO()
    call_command(*arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_a_sim_is_added_as_the_contract_says(account: Account) -> None:
    shown = run(
        *ADD, "--name", "Orange Mali SIM", "--operator", "Orange", "--port", "8", "--slot", "2",
        "--daily-limit", "100", "--monthly-limit", "3000", "--default", "--assign", ids.show("account", account.id),
    )  # fmt: skip
    sim = Sim.objects.get()
    assert shown == {
        "sim_id": sim.id,
        "number": "+22366603716",
        "name": "Orange Mali SIM",
        "operator": "Orange",
        "carrier": "simulator",
        "port": 8,
        "slot": 2,
        "is_default": True,
        "account_id": ids.show("account", account.id),
        "daily_limit": 100,
        "monthly_limit": 3000,
        "enabled": True,
        "used_today": 0,
        "used_this_month": 0,
    }
    assert AuditEntry.objects.filter(action="sim.added", account=account).count() == 1
    assert run("sim", "list") == {"sims": [shown]}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["sim", "add", "66603716", "--carrier", "simulator"], "must be E.164"),
        (["sim", "add", "+22366603717", "--carrier", "nobody"], "no carrier 'nobody'"),
        ([*ADD[:-1], "simulator", "--port", "-1"], "port is a whole number"),
        ([*ADD, "--daily-limit", "-2"], "daily_limit is a whole number"),
        (["sim", "enable", "+1"], "no SIM"),
        (["sim", "set", "7", "--name", "x"], "no SIM"),
    ],
)
def test_bad_values_are_refused_and_leave_nothing(arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)
    assert Sim.objects.count() == 0


def test_a_number_is_in_the_pool_once() -> None:
    run(*ADD)
    with pytest.raises(CommandError, match="in the pool already"):
        run(*ADD)


def test_a_sim_is_changed_and_its_counters_stay() -> None:
    first = run(*ADD, "--default", "--daily-limit", "1")
    Sim.objects.update(used_today=7)
    second = run("sim", "add", "+22366600001", "--carrier", "simulator", "--default")
    run("sim", "set", str(first["sim_id"]), "--daily-limit", "-1", "--name", "New")
    run("sim", "disable", "+22366603716")
    sim = Sim.objects.get(pk=first["sim_id"])
    assert (sim.name, sim.daily_limit, sim.enabled, sim.is_default, sim.used_today) == (
        "New",
        None,
        False,
        False,
        7,
    )
    assert Sim.objects.get(is_default=True).id == second["sim_id"]
    with pytest.raises(CommandError, match="Say what to change"):
        run("sim", "set", "+22366603716")


def test_a_key_for_another_service(account: Account) -> None:
    run("create_api_key", ids.show("account", account.id), "--mode", "live", "--service", "email")
    assert ApiKey.objects.get().service == "email"


@pytest.fixture
def boss(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("boss@risala.test", "x"))
    return client


def test_the_operator_s_page_of_a_sim(boss: Client) -> None:
    carrier = Carrier.objects.get(name="simulator")
    form = {
        "number": "+223 66 60 37 16",
        "name": "Orange",
        "carrier": carrier.pk,
        "balance": "0",
        "is_default": "on",
    }
    form["enabled"] = "on"
    assert boss.post("/admin/messaging/sim/add/", form).status_code == 302
    first = Sim.objects.get()
    assert (first.number, first.is_default) == ("+22366603716", True)
    Sim.objects.update(used_today=3)
    assert boss.post("/admin/messaging/sim/add/", {**form, "number": "+22366600001"}).status_code == 302
    assert list(Sim.objects.values_list("is_default", flat=True)) == [False, True]
    assert (
        boss.post(f"/admin/messaging/sim/{first.pk}/change/", {**form, "name": "Renamed"}).status_code == 302
    )
    first.refresh_from_db()
    assert (first.name, first.is_default, first.used_today) == ("Renamed", True, 3)
    assert "Renamed" in boss.get("/admin/messaging/sim/").content.decode()
    assert boss.post("/admin/messaging/sim/add/", {**form, "number": "66"}).status_code == 200


def test_unknown_paths_are_bounded_and_shown(boss: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_paths, "MOST_KEPT", 2)
    for path in ("/api/v1/a", "/api/v1/b", "/api/v1/c", "/api/v1/a", "/api/v1/x/" + "y" * 500):
        unknown_paths.note("GET", path)
    assert dict(UnknownPath.objects.values_list("path", "calls")) == {"/api/v1/a": 2, "/api/v1/b": 1}
    assert "/api/v1/a" in boss.get("/admin/messaging/unknownpath/").content.decode()


def test_room_is_shared_best_first() -> None:
    made = [Sim(id=1, daily_limit=2), Sim(id=2, daily_limit=0), Sim(id=3)]
    assert [sim and sim.id for sim in sims.share(made, 4)] == [1, 1, 3, 3]
    assert [sim and sim.id for sim in sims.share(made[:2], 3)] == [1, 1, None]
    assert [sim and sim.id for sim in sims.share(made[1:2], 2)] == [2, 2]
