"""`manage.py analytics_rebuild`: compares, and makes right."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from messaging.models import Tally
from tests.analytics.conftest import World


def run(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    try:
        call_command("analytics_rebuild", *arguments, "--json", stdout=out)
        failed = False
    except SystemExit as ended:
        failed = ended.code == 1
    said: dict[str, Any] = json.loads(out.getvalue())
    return said | {"failed": failed}


def test_a_wrong_count_is_found_and_put_right(world: World) -> None:
    world.send("+212612345678")
    assert run("--check") == {"right": True, "rows": [], "failed": False}
    assert run() == {"rebuilt": True, "rows": 5, "failed": False}
    Tally.objects.filter(dimension="country").update(messages=2)
    found = run("--check")
    assert (found["right"], found["failed"]) == (False, True)
    (row,) = found["rows"]
    assert (row["dimension"], row["value"], row["counted"]["messages"], row["kept"]["messages"]) == (
        "country",
        "MA",
        1,
        2,
    )
    run()
    assert run("--check")["right"] is True


@pytest.mark.django_db
def test_without_messages_all_is_right() -> None:
    assert run("--check")["right"] is True
    assert run()["rows"] == 0
