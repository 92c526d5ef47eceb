"""The first hour of a customer: a message is sent, charged, delivered and shown."""

from decimal import Decimal

from tests.conftest import NewAccount


def test_a_message_is_accepted_charged_sent_and_delivered(new_account: NewAccount) -> None:
    customer = new_account(plan="starter", credit="100")
    accepted = customer.send("0612345678", "Votre code est 483921", **{"from": "MonApp"})
    assert accepted["to"] == "+212612345678"
    assert (accepted["status"], accepted["segments"], accepted["channel"]) == ("queued", 1, "sms")
    assert accepted["cost"] == {"eur": Decimal("0.22"), "mad": Decimal("2.42")}
    delivered = customer.wait_for(accepted["id"])
    assert delivered["status"] == "delivered"
    assert (delivered["body"], delivered["from"]) == ("Votre code est 483921", "MonApp")
    assert delivered["created_at"] <= delivered["sent_at"] <= delivered["delivered_at"]
    assert [step["event"] for step in delivered["timeline"]] == [
        "accepted",
        "submitting",
        "submit_accepted",
        "receipt",
        "delivered",
    ]
    assert customer.is_owed_nothing_more() == Decimal("97.58")
