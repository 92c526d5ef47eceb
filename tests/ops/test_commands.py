"""The ops commands: one JSON object each, ids in either form, one sentence and exit code 1 for bad input."""

import io
import json
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts import ids, keys
from accounts.models import Account, ApiKey, AuditEntry, User
from billing.models import Entry, Ledger, Price
from config import demo
from messaging import connecting
from messaging.models import Carrier, Route
from messaging.sending import route
from tests.ops.worlds import message, opened

OPEN = ["--password", "a rather long sentence", "--currency", "MAD", "--plan", "business"]


def run(*arguments: str) -> dict[str, object]:
    """What a command prints with `--json`."""
    out = io.StringIO()
    call_command(*arguments, "--json", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 1
    read: dict[str, object] = json.loads(lines[0])
    return read


@pytest.fixture
def account() -> Account:
    return opened().account


@pytest.fixture(autouse=True)
def _fresh_routes() -> None:
    route.forget()


@pytest.mark.django_db
def test_create_account_opens_everything() -> None:
    data = run(
        "create_account", "Atlas SARL", "--email", "Ops@Atlas.test", *OPEN, "--credit", "500",
        "--allow-country", "FR", "--allow-country", "es", "--channel", "sms", "--channel", "whatsapp",
    )  # fmt: skip
    made = Account.objects.get(id=ids.read("account", str(data["account_id"])))
    assert set(data) == {"account_id", "callback_secret"}
    assert str(data["account_id"]).startswith("acc_")
    assert (made.name, made.plan, made.currency, made.country) == ("Atlas SARL", "business", "MAD", "MA")
    assert (made.allowed_countries, made.channels) == (["FR", "ES"], ["sms", "whatsapp"])
    assert made.ledger.balance == Decimal("500.0000")
    assert User.objects.get(email="ops@atlas.test").check_password("a rather long sentence")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (["--plan", "gold"], "no plan 'gold'"),
        (["--currency", "USD"], "MAD or EUR"),
        (["--country", "XX"], "not a country code"),
        (["--allow-country", "Maroc"], "not a country code"),
        (["--channel", "pigeon"], "no price for a channel 'pigeon'"),
        (["--credit", "-5"], "must not be negative"),
        (["--credit", "ten"], "at most four decimals"),
        (["--password", "short"], "too short"),
        (["--password", "0123456789"], "common"),
        (["--email", "nobody"], "not an e-mail address"),
        (["--email", "TAKEN@atlas.test"], "is taken"),
    ],
)
def test_a_bad_opening_is_refused_and_leaves_nothing(changed: list[str], sentence: str) -> None:
    run("create_account", "First", "--email", "taken@atlas.test", *OPEN)
    with pytest.raises(CommandError, match=sentence):
        run("create_account", "Second", "--email", "new@atlas.test", *OPEN, *changed)
    assert (Account.objects.count(), User.objects.count(), Ledger.objects.count()) == (1, 1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "form", [lambda a: ids.show("account", a.id), lambda a: str(a.id), lambda a: a.id.hex]
)
def test_an_account_is_suspended_and_activated_by_either_form_of_its_id(
    account: Account, form: Callable[[Account], str]
) -> None:
    assert run("account", "suspend", form(account))["changed"] is True
    assert run("account", "suspend", form(account))["changed"] is False
    account.refresh_from_db()
    assert account.status == "suspended"
    assert run("account", "activate", form(account))["status"] == "active"
    actions = AuditEntry.objects.filter(account=account).order_by("id").values_list("action", flat=True)
    assert list(actions)[-2:] == ["account.suspended", "account.activated"]


@pytest.mark.django_db
def test_an_unknown_account_is_one_sentence() -> None:
    for unknown in ("acc_nonsense", str(ids.new_id())):
        with pytest.raises(CommandError, match=r"(?i)no such account|there is no account"):
            run("account", "suspend", unknown)


@pytest.mark.django_db
def test_create_api_key_gives_a_key_that_is_kept_as_a_hash(account: Account) -> None:
    data = run(
        "create_api_key", str(account.id), "--mode", "live", "--compat", "envoisms", "--permission", "send",
        "--permission", "status", "--ip", "203.0.113.0/24", "--rate-limit", "0", "--expires", "2999-01-31T00:00:00Z",
    )  # fmt: skip
    key = ApiKey.objects.get(id=ids.read("api_key", str(data["key_id"])))
    assert bytes(key.digest) == keys.digest_of(str(data["api_key"]))
    assert (key.mode, key.compat, key.scopes) == ("live", "envoisms", ["send", "status"])
    assert (key.ip_allow_list, key.rate_per_minute) == (["203.0.113.0/24"], 0)
    assert key.expires_at == datetime(2999, 1, 31, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "bad",
    [
        ["--mode", "both"],
        ["--compat", "other"],
        ["--permission", "everything"],
        ["--ip", "300.1.1.1"],
        ["--rate-limit", "-1"],
        ["--rate-limit", "many"],
        ["--expires", "tomorrow"],
        ["--expires", "2001-01-01"],
    ],
)
def test_a_bad_key_is_refused(account: Account, bad: list[str]) -> None:
    with pytest.raises(CommandError):
        run("create_api_key", str(account.id), "--mode", "live", *bad)
    assert not ApiKey.objects.filter(account=account).exists()


@pytest.mark.django_db
def test_topup_books_with_its_reason(account: Account) -> None:
    data = run("topup", str(account.id), "--amount", "50", "--currency", "MAD", "--reason", "Transfer 2211")
    assert (data["balance"], data["seq"]) == (150, 2)
    assert Entry.objects.get(account=account, seq=2).reason == "Transfer 2211"
    for bad in (["--amount", "0"], ["--amount", "-1"], ["--currency", "EUR"], ["--reason", " "]):
        with pytest.raises(CommandError):
            run("topup", str(account.id), "--amount", "50", "--reason", "R", *bad)
    assert Ledger.objects.get(account=account).balance == Decimal("150.0000")


@pytest.mark.django_db
def test_price_set_replaces_a_price_and_never_makes_one_free() -> None:
    given = ["--plan", "business", "--country", "ml", "--channel", "sms"]
    data = run("price", "set", *given, "--mad", "0.55", "--eur", "0.05")
    assert data == {"plan": "business", "country": "ML", "channel": "sms", "mad": 0.55, "eur": 0.05}
    for free in (["--mad", "0", "--eur", "0.05"], ["--mad", "0.5", "--eur", "-1"]):
        with pytest.raises(CommandError, match="at least"):
            run("price", "set", *given, *free)
    assert Price.objects.get(plan="business", country="ML", channel="sms").mad == Decimal("0.5500")


@pytest.mark.django_db
def test_a_carrier_is_added_changed_switched_and_its_credentials_stay_sealed() -> None:
    made = run(
        "carrier",
        "add",
        "smsto-1",
        "--kind",
        "sms_to",
        "--set",
        "base_url=http://127.0.0.1:9",
        "api_key=s3cret",
    )
    assert (made["settings"], made["secrets"]) == ({"base_url": "http://127.0.0.1:9"}, ["api_key"])
    assert "s3cret" not in json.dumps(run("carrier", "list"))
    row = Carrier.objects.get(name="smsto-1")
    assert b"s3cret" not in bytes(row.sealed_secrets or b"")
    assert run("carrier", "set", "smsto-1", "--set", "window=7", "--set", "speed=30")["window"] == 7
    assert run("carrier", "disable", "smsto-1")["enabled"] is False
    assert run("carrier", "enable", "smsto-1")["enabled"] is True
    row.refresh_from_db()
    assert (row.window, row.speed, connecting.secrets_of(row)) == (7, 30, {"api_key": "s3cret"})
    assert run("carrier", "sessions") == {"sessions": []}
    assert run("carrier", "resume", "smsto-1") == {"name": "smsto-1", "resumed": False}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "bad",
    [
        ["add", "new", "--kind", "pigeon"],
        ["add", "a name", "--kind", "simulator"],
        ["add", "simulator", "--kind", "simulator"],
        ["add", "new", "--kind", "sms_to"],
        ["add", "new", "--kind", "simulator", "--set", "window=0"],
        ["add", "new", "--kind", "simulator", "--set", "window"],
        ["set", "nobody", "--set", "window=1"],
        ["enable", "nobody"],
    ],
)
def test_a_bad_carrier_is_refused(bad: list[str]) -> None:
    with pytest.raises(CommandError):
        run("carrier", *bad)
    assert list(Carrier.objects.values_list("name", flat=True)) == ["simulator"]


@pytest.mark.django_db
def test_carrier_test_asks_and_says_what_came_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("carrier", "test", "simulator")["works"] is True
    run("carrier", "add", "gone", "--kind", "sms_to", "--set", "base_url=http://127.0.0.1:9", "api_key=k")
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("carrier", "test", "gone", "--json", stdout=out)
    assert (ended.value.code, json.loads(out.getvalue())["result"]) == (1, "TryLater")


@pytest.mark.django_db
def test_a_route_is_added_and_explained(account: Account) -> None:
    run("carrier", "add", "other", "--kind", "simulator")
    run("route", "add", "--carrier", "simulator", "--channel", "sms", "--priority", "1000")
    run("route", "add", "--carrier", "other", "--prefix", "+212", "--channel", "sms", "--priority", "10")
    told = run("route", "explain", "0612345678", "--account", str(account.id))
    assert (told["to"], told["country"], told["carrier"], told["price"]) == (
        "+212612345678",
        "MA",
        "other",
        0.28,
    )
    assert [r["carrier"] for r in run("route", "list")["routes"]] == ["other", "simulator"]  # type: ignore[attr-defined]
    for bad in (["--prefix", "212"], ["--carrier", "nobody"], ["--weight", "0"], ["--priority", "-1"]):
        with pytest.raises(CommandError):
            run("route", "add", "--carrier", "simulator", *bad)
    with pytest.raises(CommandError):
        run("route", "explain", "12", "--account", str(account.id))


@pytest.mark.django_db
def test_a_route_is_removed_and_the_next_one_takes_over(account: Account) -> None:
    run("carrier", "add", "other", "--kind", "simulator")
    run("route", "add", "--carrier", "simulator", "--priority", "1000")
    made = run("route", "add", "--carrier", "other", "--prefix", "+212", "--account", str(account.id))
    explain = ["route", "explain", "0612345678", "--account", str(account.id)]
    assert run(*explain)["carrier"] == "other"
    removed = run("route", "remove", str(made["route_id"]))
    assert removed == made | {"removed": True}
    assert run(*explain)["carrier"] == "simulator"
    entry = AuditEntry.objects.get(action="route.removed")
    assert (entry.account_id, entry.subject) == (account.id, "route to other")
    with pytest.raises(CommandError, match="no route"):
        run("route", "remove", str(made["route_id"]))
    assert Route.objects.count() == 1


@pytest.mark.django_db
def test_audit_books_ends_with_1_and_names_the_row(account: Account) -> None:
    assert run("audit_books")["clean"] is True
    lost = message(account, booked=False)
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("audit_books", "--json", stdout=out)
    assert ended.value.code == 1
    findings = json.loads(out.getvalue())["findings"]
    assert [(f["check"], f["rows"][0]["charge_ref"]) for f in findings] == [("charged_once", str(lost.id))]


@pytest.mark.django_db
def test_the_demo_account_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "VAR", tmp_path)
    first = demo.ensure(actor="test")
    assert demo.ensure(actor="test") == first
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600
    made = Account.objects.get(name="Demo")
    assert made.ledger.balance == Decimal("500.0000")
    admin = User.objects.get(email=first["admin_email"])
    assert admin.check_password(first["admin_password"])
    assert (admin.is_staff, admin.is_superuser) == (True, True)
    assert sorted(ApiKey.objects.values_list("mode", flat=True)) == ["live", "test"]
    assert list(
        Route.objects.order_by("channel").values_list("channel", "prefix", "priority", "carrier__name")
    ) == [
        ("sms", "", 1000, "simulator"),
        ("whatsapp", "", 1000, "simulator"),
    ]


@pytest.mark.django_db
def test_a_lost_demo_file_brings_new_keys_and_the_old_password_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "VAR", tmp_path)
    first = demo.ensure(actor="test")
    (tmp_path / "demo.json").unlink()
    second = demo.ensure(actor="test")
    assert (second["account_id"], second["admin_password"]) == (first["account_id"], "")
    assert second["api_key"] != first["api_key"]
    assert User.objects.get(email=first["admin_email"]).check_password(first["admin_password"])


@pytest.mark.parametrize("arguments", [["create_account"], ["account", "explode", "x"], ["carrier"]])
def test_bad_arguments_are_one_sentence_and_exit_code_1(arguments: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", *arguments, "--json"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert len(ended.stderr.strip().splitlines()) == 1
    assert json.loads(ended.stdout) == {"error": ended.stderr.strip()}


@pytest.mark.parametrize(
    "name",
    [
        "create_account",
        "create_api_key",
        "account",
        "topup",
        "price",
        "audit_books",
        "carrier",
        "route",
        "bootstrap",
    ],
)
def test_help_shows_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command(name, "--help")
    assert ended.value.code == 0
    assert f"manage.py {name}" in capsys.readouterr().out.split("example:")[1]
