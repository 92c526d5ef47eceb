"""How fast the messages of a campaign are made, chunk by chunk, each charged from its hold, against a bare COPY of as many rows
into tables with the same columns and only their primary keys."""

import time
from collections.abc import Iterator
from uuid import UUID

from django.db import connection

from accounts.ids import new_id
from benchmarks.bulk import MESSAGES, TEXT, bare_copy, sender_of
from benchmarks.customers import customers, only_carrier
from benchmarks.table import Row, median
from campaigns import chunk, draft, start
from campaigns.models import Campaign
from contacts.models import ContactList
from messaging.sending.draft import Sender

ROUNDS = 3
CONTACTS = """
WITH made AS (
  INSERT INTO contacts_contact (id, account_id, phone, name)
  SELECT gen_random_uuid(), %(account)s, '+2126' || lpad(n::text, 8, '0'), 'Nr ' || n
    FROM generate_series(1, %(count)s) AS n RETURNING id)
INSERT INTO contacts_listmember (list_id, contact_id) SELECT %(list)s, id FROM made
"""


def frozen(sender: Sender) -> tuple[Campaign, float]:
    """A campaign whose recipients are frozen and paid, and the seconds that took."""
    found = ContactList.objects.filter(account_id=sender.account.id).first()
    if found is None:
        found = ContactList.objects.create(
            id=new_id(), account_id=sender.account.id, name="All", count=MESSAGES
        )
        values: dict[str, UUID | int] = {"account": sender.account.id, "list": found.id, "count": MESSAGES}
        with connection.cursor() as cursor:
            cursor.execute(CONTACTS, values)
            cursor.execute("ANALYZE contacts_contact, contacts_listmember")
    content = draft.Content(name="Benchmark", list_id=found.id, body=f"{{{{name}}}}: {TEXT}")
    made = draft.create(sender, content, most_recipients=None)
    began = time.perf_counter()
    sent = start.send(sender, made.id, most_recipients=None)
    return sent, time.perf_counter() - began


def seconds_of_chunks(campaign: Campaign) -> float:
    """How long all its chunks take. What they put into the queue is taken away in between, as workers would."""
    taken = 0.0
    while True:
        began = time.perf_counter()
        made = chunk.make(campaign.id)
        taken += time.perf_counter() - began
        if made is not chunk.Made.MORE:
            return taken
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE messaging_queuerow")


def measure() -> Iterator[Row]:
    """The rows of campaigns. No goal is set for them."""
    only_carrier("campaign", "http://127.0.0.1:9", window=50)
    sender = sender_of(customers(1)[0])
    bare = MESSAGES / bare_copy(sender)
    rates, freezes = [], []
    for _ in range(ROUNDS):
        campaign, seconds = frozen(sender)
        freezes.append(MESSAGES / seconds)
        rates.append(MESSAGES / seconds_of_chunks(campaign))
    name = "COPY of the same rows, primary keys only"
    yield Row("campaign, messages made by chunks", median(rates), "/s", bare, name)
    yield Row("campaign, recipients frozen and priced", median(freezes), "/s", bare, name)
