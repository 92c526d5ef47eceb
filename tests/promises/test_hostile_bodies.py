"""Promise P12: whatever a body holds, the answer is a refusal in JSON, never a 500, and never much work."""

from typing import Any

import pytest

from tests.conftest import NewAccount

ONE = {"to": "+212612345678", "message": "Bonjour"}
BEYOND_64_BITS = 10**25
BUTTONS: list[dict[str, Any]] = [{"type": "url", "n": BEYOND_64_BITS}]


def test_an_integer_beyond_64_bits_in_an_unknown_field_harms_no_idempotency_key(
    new_account: NewAccount,
) -> None:
    customer = new_account()
    body = ONE | {"x": BEYOND_64_BITS}
    first, again = (customer.post("/v1/messages", body, idempotency_key="k") for _ in range(2))
    assert (first.status, again.status, again.raw) == (202, 202, first.raw)
    other = customer.post("/v1/messages", ONE | {"x": BEYOND_64_BITS + 1}, idempotency_key="k")
    assert other.refusal == (409, "IDEMPOTENCY_CONFLICT")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/messages", ONE),
        ("/v1/messages", ONE | {"to": [ONE["to"]]}),
        ("/v1/messages/bulk", {"messages": [ONE]}),
    ],
)
@pytest.mark.parametrize("buttons", [BUTTONS, [{"type": "url", "url": "x" * 9000}]])
def test_buttons_that_cannot_be_kept_are_refused(
    new_account: NewAccount, path: str, body: dict[str, Any], buttons: list[dict[str, Any]]
) -> None:
    customer = new_account(credit="10")
    answer = customer.post(path, body | {"cascade": True, "buttons": buttons})
    assert (answer.refusal, answer.error["param"]) == ((400, "INVALID_FIELD"), "buttons")
    assert customer.balance() == 10


def test_a_huge_text_to_thousands_is_refused_in_no_time(new_account: NewAccount) -> None:
    customer = new_account(mode="test")
    many = {"to": ["+212612345678"] * 3000, "message": "a" * 900_000}
    answer = customer.post("/v1/messages", many)
    assert answer.refusal == (400, "MESSAGE_TOO_LONG")
    assert answer.seconds < 5
    alone = customer.post("/v1/messages", ONE | {"message": "a" * 900_000})
    assert alone.refusal == (400, "MESSAGE_TOO_LONG")
    cut = customer.post("/v1/messages", ONE | {"message": "a" * 900_000, "truncate": True})
    assert (cut.status, cut.body["truncated"], cut.body["segments"]) == (202, True, 11)


def test_a_callback_token_with_nul_names_no_carrier(new_account: NewAccount) -> None:
    answer = new_account().post("/callbacks/carriers/%00", {"id": 1})
    assert answer.status == 404


def test_a_replayed_batch_echoes_a_long_number_as_at_first(new_account: NewAccount) -> None:
    body = {"messages": [ONE, ONE | {"to": "9" * 200}]}
    customer = new_account()
    first, again = (customer.post("/v1/messages/bulk", body, idempotency_key="b") for _ in range(2))
    assert (first.status, first.body["rejected"], again.raw) == (202, 1, first.raw)
