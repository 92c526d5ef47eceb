"""What every client library does against the running stack, said once for all of them."""

from __future__ import annotations

import pytest

from tests.conftest import NewAccount
from tests.sdks.library import Library, LibraryError
from tests.stand_ins.running import Stack


def test_a_message_is_sent_delivered_and_listed(
    library: Library, new_account: NewAccount, stack: Stack
) -> None:
    customer = new_account()
    library.connect(stack.base_url + "/v1/", customer.key)
    sent = library.call(
        "messages.send", to="+212600000000", message="Été à Fès", from_="Atlas", metadata={"n": 1}
    )
    assert (sent["status"], sent["from"], sent["segments"]) == ("queued", "Atlas", 1)
    customer.wait_for(sent["id"])
    shown = library.call("messages.get", sent["id"])
    assert (shown["status"], shown["body"], shown["metadata"]) == ("delivered", "Été à Fès", {"n": 1})
    page = library.call("messages.list", status="delivered", to="+212600000000")
    assert ([row["id"] for row in page["data"]], page["total"], page["next_cursor"]) == (
        [sent["id"]],
        1,
        None,
    )


def test_a_batch_tells_of_each_item(library: Library, new_account: NewAccount, stack: Stack) -> None:
    customer = new_account()
    library.connect(stack.base_url, customer.key)
    texts = [{"to": to, "message": "Bonjour"} for to in ("+212611111111", "+212622222222", "12")]
    batch = library.call("messages.bulk", messages=texts)
    assert (batch["total"], batch["accepted"], batch["rejected"]) == (3, 2, 1)
    assert [row["status"] for row in batch["messages"]] == ["queued", "queued", "rejected"]
    assert batch["messages"][2]["error"]["code"] == "INVALID_PHONE"


def test_a_code_is_checked(library: Library, new_account: NewAccount, stack: Stack) -> None:
    customer = new_account(mode="test")
    library.connect(stack.base_url, customer.key)
    session = library.call("verify.send", to="+212612345678", code_length=4)
    code: str = session["sandbox_code"]
    assert len(code) == 4
    wrong = "1111" if code == "0000" else "0000"
    with pytest.raises(LibraryError) as caught:
        library.call("verify.check", session_id=session["session_id"], code=wrong)
    assert (caught.value.kind, caught.value.told["code"]) == ("InvalidRequestError", "INVALID_CODE")
    checked = library.call("verify.check", session_id=session["session_id"], code=code)
    assert checked["verified"] is True
    assert library.call("verify.status", session["session_id"])["status"] == "verified"


def test_a_list_is_gone_over_page_by_page(library: Library, new_account: NewAccount, stack: Stack) -> None:
    customer = new_account()
    library.connect(stack.base_url, customer.key)
    numbers = [f"+2126123456{n:02d}" for n in range(5)]
    for number in numbers:
        library.call("optouts.create", phone=number)
    first = library.call("optouts.list", limit=2)
    assert (len(first["data"]), first["total"]) == (2, 5)
    assert first["next_cursor"]
    assert [row["phone"] for row in library.all("optouts.list", limit=2)] == numbers[::-1]
    assert [row["phone"] for row in library.all("optouts.list", limit=2, offset=1)] == numbers[-2::-1]
    assert library.call("optouts.delete", numbers[0]) == {"phone": numbers[0], "opted_out": False}


def test_a_field_can_be_emptied(library: Library, new_account: NewAccount, stack: Stack) -> None:
    customer = new_account()
    library.connect(stack.base_url, customer.key)
    clients = library.call("lists.create", name="Clients")
    made = library.call("contacts.create", phone="+212612345678", name="Amal", list_id=clients["id"])
    changed = library.call("contacts.update", made["id"], name=None)
    assert (changed["name"], changed["list_ids"]) == (None, [clients["id"]])


def test_a_refusal_is_an_error_of_its_kind(library: Library, new_account: NewAccount, stack: Stack) -> None:
    customer = new_account(credit="0.10")
    library.connect(stack.base_url, customer.key)
    with pytest.raises(LibraryError) as poor:
        library.call("messages.send", to="+212612345678", message="Bonjour")
    told = poor.value.told
    assert (poor.value.kind, told["code"], told["status"]) == (
        "InsufficientBalanceError",
        "INSUFFICIENT_BALANCE",
        402,
    )
    assert told["docs"].endswith("#insufficient_balance")
    assert told["request_id"]
    with pytest.raises(LibraryError) as wrong:
        library.call("messages.send", to="12", message="Bonjour")
    assert (wrong.value.kind, wrong.value.told["param"]) == ("InvalidRequestError", "to")
    with pytest.raises(LibraryError) as nothing:
        library.call("messages.get", "msg_0")
    assert (nothing.value.kind, nothing.value.told["code"]) == ("NotFoundError", "NOT_FOUND")
    library.call("optouts.create", phone="+212612345678")
    with pytest.raises(LibraryError) as refused:
        library.call("messages.send", to="+212612345678", message="Bonjour")
    assert (refused.value.kind, refused.value.told["code"]) == ("PermissionDeniedError", "OPTED_OUT")
    assert customer.get("/v1/messages").body["total"] == 0


def test_your_own_idempotency_key_is_used(library: Library, new_account: NewAccount, stack: Stack) -> None:
    customer = new_account()
    library.connect(stack.base_url, customer.key)
    first = library.call("messages.send", to="+212612345678", message="Bonjour", key="order-1")
    assert library.call("messages.send", to="+212612345678", message="Bonjour", key="order-1") == first
    with pytest.raises(LibraryError) as conflict:
        library.call("messages.send", to="+212612345678", message="Bonsoir", key="order-1")
    assert (conflict.value.kind, conflict.value.told["code"]) == ("ConflictError", "IDEMPOTENCY_CONFLICT")
    library.call("messages.send", to="+212612345678", message="Bonjour")
    assert customer.get("/v1/messages").body["total"] == 2
