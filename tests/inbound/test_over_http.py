"""A text is told within seconds over real sockets: stored by the API, applied by the worker, posted to the webhook."""

import json

from tests.conftest import NewAccount
from tests.stand_ins import receiver
from tests.stand_ins.waiting import until


def test_a_stop_is_told_and_counts(new_account: NewAccount) -> None:
    customer = new_account(mode="test")
    with receiver.running() as endpoint:
        events = ["message.received", "contact.opted_out"]
        assert customer.post("/v1/webhooks", {"url": endpoint.url + "/", "events": events}).status == 201
        body = {"from": "+212612345678", "to": "Librairie", "text": "Arrêt"}
        assert customer.post("/v1/sandbox/inbound", body).status == 202
        told = sorted((json.loads(request.body) for request in endpoint.wait_for(2)), key=lambda b: b["type"])
    assert [body["type"] for body in told] == sorted(events)
    assert (told[0]["data"]["phone"], told[0]["data"]["opted_out"]) == ("+212612345678", True)
    assert (told[1]["data"]["text"], told[1]["data"]["effect"]) == ("Arrêt", "opted_out")
    shown = until(lambda: customer.get("/v1/inbound").body["data"], seconds=5, what="it is listed")
    assert [row["id"] for row in shown] == [told[1]["data"]["id"]] == [told[0]["data"]["inbound_id"]]
    assert customer.try_send().refusal == (403, "OPTED_OUT")
