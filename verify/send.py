"""Send a code: the session and the message that carries it are made in one transaction, in the urgent lane, or not at all.

Lock order: idempotency key → number, block and address (limits.py) → sessions → the message's own (accept.py), the ledger last."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from django.db import OperationalError, connection, transaction
from psycopg import errors as pg

from accounts import idempotency
from accounts.ids import new_id
from accounts.refusals import Refused
from messaging.sending import accept
from messaging.sending.draft import Draft, Sender, check_channel
from verify import codes, guard, limits, wording
from verify.models import Session

log = structlog.get_logger()
MOST_TRIES = 3

REPLACE = """
UPDATE verify_session SET state = 'expired', mac = NULL
 WHERE account_id = %s AND mode = %s AND phone = %s AND state = 'pending'
"""
OPEN = """
INSERT INTO verify_session (id, account_id, mode, phone, block, country, channel, message_id, end_user_ip, code_length, mac,
                            state, expires_at, created_at)
VALUES (%(id)s, %(account)s, %(mode)s, %(phone)s, %(block)s, %(country)s, %(channel)s, %(message)s, %(ip)s::inet, %(length)s,
        %(mac)s, 'pending', statement_timestamp() + make_interval(secs => %(expiry)s), statement_timestamp())
RETURNING expires_at
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer wants sent. `template` and `domain` as `wording.py` checked them; `end_user_ip` is the address of the
    person who waits for the code, None if unknown; `button_text` is what WhatsApp's copy button says."""

    to: str
    brand: str
    template: str
    channel: str = "sms"
    code_length: int = 6
    expiry_seconds: int = 600
    end_user_ip: str | None = None
    domain: str = ""
    button_text: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A code on its way. `code` is for the answers of test keys only."""

    session_id: UUID
    message_id: UUID
    to: str
    channel: str
    expires_at: datetime
    code: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """A request that was answered before under the same key."""

    answer: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Key:
    """An Idempotency-Key, the hash of the request it came with, and how to write the answer down."""

    key: str
    request_hash: bytes
    answer: Callable[[Sent], Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class _Plan:
    """All that can be known before the transaction."""

    sender: Sender
    wish: Wish
    order: accept.Order
    asked: limits.Asked
    session_id: UUID
    code: str
    key: Key | None


def send(sender: Sender, wish: Wish, *, key: Key | None = None) -> Sent | Replayed:
    """Send a new code; an older one of the same account and number is good for nothing from then on.

    Raises `Refused`: what `accept.message` refuses, `RESEND_COOLDOWN` and `RATE_LIMITED` by the limits of `limits.py`,
    `COUNTRY_NOT_ALLOWED` by the guard; `OperationalError` when the database is away.
    """
    check_channel(wish.channel, sender)
    plan = _prepared(sender, wish, key)
    for attempt in range(1, MOST_TRIES + 1):
        try:
            with transaction.atomic():
                return _write(plan)
        except guard.Pumping as pumping:
            log.warning("codes stopped", account_id=str(sender.account.id), reason=pumping.reason.value)
            raise guard.close(plan.asked, pumping, block_id=new_id()) from None
        except OperationalError as error:
            transient = isinstance(error.__cause__, pg.DeadlockDetected | pg.SerializationFailure)
            if transient and attempt < MOST_TRIES:
                time.sleep(0.005 * attempt)
                continue
            kept = None if transient or isinstance(error.__cause__, pg.LockNotAvailable) else _kept(plan)
            if kept is None:
                raise
            return kept
    raise RuntimeError("the loop ends by itself")


def _prepared(sender: Sender, wish: Wish, key: Key | None) -> _Plan:
    code = codes.new(wish.code_length)
    texts = wording.texts(wish.template, brand=wish.brand, code=code, domain=wish.domain)
    draft = Draft(
        to=wish.to,
        text=texts.real,
        shown_text=texts.shown,
        code=code,
        channel=wish.channel,
        expires_in_seconds=wish.expiry_seconds,
        buttons=[{"type": "copy", "text": wish.button_text}] if wish.button_text else None,
    )
    order = accept.order(sender, [draft])
    ready = order.ready[0]
    asked = limits.Asked(
        account_id=sender.account.id,
        mode=sender.mode,
        phone=ready.to,
        country=ready.country,
        code_length=wish.code_length,
        end_user_ip=wish.end_user_ip,
    )
    return _Plan(sender, wish, order, asked, new_id(), code, key)


def _write(plan: _Plan) -> Sent | Replayed:
    former = _former(plan)
    if former is not None:
        return Replayed(former)
    _check(plan)
    sent = _open(plan)
    taken = accept.batch([plan.order])[0]
    if isinstance(taken, Refused):
        raise taken
    if plan.key:
        mark = (plan.asked.account_id, plan.asked.mode, plan.key.key)
        idempotency.keep([(*mark, plan.key.answer(sent))])
    return sent


def _former(plan: _Plan) -> Mapping[str, object] | None:
    """The answer that was given under this key before; None when the key is ours now, or there is none."""
    if plan.key is None:
        return None
    claim = idempotency.Claim(plan.asked.account_id, plan.asked.mode, plan.key.key, plan.key.request_hash)
    found = idempotency.claim([claim])[0]
    if isinstance(found, Refused):
        raise found
    return found


def _check(plan: _Plan) -> None:
    asked = plan.asked
    limits.lock(asked)
    if asked.mode == "live":
        limits.check(asked)
        guard.check(asked)


def _open(plan: _Plan) -> Sent:
    asked, ready = plan.asked, plan.order.ready[0]
    with connection.cursor() as cursor:
        cursor.execute(REPLACE, [asked.account_id, asked.mode, asked.phone])
        cursor.execute(
            OPEN,
            {
                "id": plan.session_id,
                "account": asked.account_id,
                "mode": asked.mode,
                "phone": asked.phone,
                "block": asked.block,
                "country": asked.country,
                "channel": plan.wish.channel,
                "message": ready.id,
                "ip": asked.end_user_ip,
                "length": plan.wish.code_length,
                "mac": codes.seal(plan.session_id, asked.phone, plan.code),
                "expiry": plan.wish.expiry_seconds,
            },
        )
        (expires_at,) = cursor.fetchone()
    return Sent(plan.session_id, ready.id, ready.to, plan.wish.channel, expires_at, plan.code)


def _kept(plan: _Plan) -> Sent | None:
    """What became of a transaction whose COMMIT was not answered: asked on a new connection."""
    connection.close()
    try:
        row = Session.objects.filter(pk=plan.session_id).first()
    except OperationalError:
        return None
    if row is None:
        return None
    return Sent(row.id, row.message_id, row.phone, row.channel, row.expires_at, plan.code)
