"""Every receipt is kept as it came, and what several came in is kept once."""

import json

import pytest
from django.test import Client

from messaging.carriers.contract import Receipt
from messaging.models import Carrier, ReceiptRecord
from messaging.sending import receipt

pytestmark = pytest.mark.django_db


def test_a_callback_of_many_receipts_is_kept_once() -> None:
    carrier = Carrier.objects.create(name="talkative", kind="sms_to")
    said = [{"messageId": f"m-{n}", "status": "DELIVERED", "parts": 1} for n in range(200)]
    body = json.dumps(said).encode()
    answer = Client().post(
        f"/callbacks/carriers/{carrier.callback_token}", body, content_type="application/json"
    )
    assert answer.status_code == 200
    rows = list(ReceiptRecord.objects.filter(carrier_id=carrier.pk).order_by("id"))
    assert [row.reference for row in rows] == [f"m-{n}" for n in range(200)]
    assert [bytes(row.raw) for row in rows if row.raw is not None] == [body]
    assert rows[0].raw is not None
    assert {row.raw_id for row in rows} == {None, rows[0].id}
    assert [row.raw_id for row in rows].count(None) == 1


def test_callbacks_stored_together_stay_apart() -> None:
    found = Receipt("m-1", "delivered", "DELIVERED", "", None)
    receipt.store([(1, found, b"one"), (2, found, b"one"), (1, found, b"two"), (1, found, None)])
    rows = ReceiptRecord.objects.order_by("id").values_list("carrier_id", "raw", "raw_id")
    assert [(c, raw and bytes(raw), other) for c, raw, other in rows] == [
        (1, b"one", None),
        (2, b"one", None),
        (1, b"two", None),
        (1, None, None),
    ]
