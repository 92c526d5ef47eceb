"""Accept: the one transaction in which messages come to be. Messages, queue rows, the charge and the idempotent answer,
all or nothing; many orders of many accounts at once, an order that is refused is refused alone.

Lock order: idempotency keys (sorted) → what orders reserve (SIMs by id) → quotas and ledgers in account order, last."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

import structlog
from django.conf import settings
from django.db import OperationalError, connection, transaction
from psycopg import errors as pg

from accounts import idempotency
from accounts.ids import new_id
from accounts.models import Mode
from accounts.refusals import Code, Refused
from billing import ledger, quotas
from contacts import optouts
from messaging.models.message import Batch, Lane, Message
from messaging.sending import repeats, store, tally, wake
from messaging.sending.draft import Draft, Ready, Sender, prepare

log = structlog.get_logger()
MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Rejected:
    """One item of a bulk that was not taken: its position from 0, the number as given, and why."""

    index: int
    to: str
    refusal: Refused


@dataclass(slots=True)
class Taken:
    """An accepted order. `balance` is what is left after the charge, None when nothing was charged."""

    ready: list[Ready]
    rejected: list[Rejected]
    batch_id: UUID | None
    balance: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """An order that was answered before under the same key."""

    answer: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A key, the hash of the request it came with, and how to write the answer down once it is known."""

    key: str
    request_hash: bytes
    answer: Callable[[Taken], Mapping[str, object]]


@dataclass(slots=True)
class Order:
    """What one request wants sent. `ready` and `rejected` together are its drafts; `batch` orders share one charge.
    `reserve` takes what else it needs, in accept's transaction and before the charge; it may raise `Refused`. `pay` takes the
    place of the charge: the order is a chunk of a campaign, paid from its hold, and no batch of the customer's."""

    sender: Sender
    ready: list[Ready]
    rejected: list[Rejected] = field(default_factory=list)
    batch: bool = False
    channel: str = "sms"
    idempotency: Idempotency | None = None
    batch_id: UUID | None = None
    reserve: Callable[["Order"], None] | None = None
    pay: Callable[["Order"], None] | None = None

    @property
    def total(self) -> Decimal:
        return sum((ready.price for ready in self.ready), Decimal(0))

    @property
    def charge_reference(self) -> UUID | None:
        return self.batch_id or (self.ready[0].id if self.ready else None)


Answer = Taken | Replayed | Refused


class _DoNotFit(Exception):
    """These accounts cannot have all their orders; the transaction is rolled back. `refusal` is for one that is alone."""

    def __init__(self, accounts: set[UUID], refusal: Refused) -> None:
        super().__init__()
        self.accounts = accounts
        self.refusal = refusal


def order(
    sender: Sender,
    drafts: Sequence[Draft],
    *,
    batch: bool = False,
    atomic: bool = True,
    idempotency: Idempotency | None = None,
) -> Order:
    """Prepare drafts as one order.

    Raises `Refused` when a draft is refused and `atomic` holds (always for a single one); else the item is set aside.
    """
    made = Order(sender, [], batch=batch, idempotency=idempotency, batch_id=new_id() if batch else None)
    made.channel, now = drafts[0].channel if drafts else "sms", datetime.now(UTC)
    for index, draft in enumerate(drafts):
        try:
            made.ready.append(prepare(draft, sender, now))
        except Refused as refusal:
            if atomic or refusal.code == Code.ACCOUNT_INACTIVE:
                raise
            made.rejected.append(Rejected(index, draft.to, refusal))
    return made


def message(sender: Sender, draft: Draft) -> Taken:
    """Accept one message. Raises `Refused`."""
    answer = batch([order(sender, [draft])])[0]
    if isinstance(answer, Refused):
        raise answer
    if isinstance(answer, Replayed):
        raise TypeError("an order without a key cannot be a replay")
    return answer


def batch(orders: Sequence[Order]) -> list[Answer]:
    """Accept many orders of many accounts in as few transactions as can be; the answers in the same order.

    Raises only what concerns all of them: a database that is away (`OperationalError`). An order's own refusal is its answer.
    """
    seen: set[tuple[UUID, str, str]] = set()
    now: list[Order] = []
    twins: list[Order] = []
    for item in orders:
        mark = (item.sender.account.id, item.sender.mode, item.idempotency.key) if item.idempotency else None
        (twins if mark in seen else now).append(item)
        if mark:
            seen.add(mark)
    if not twins:
        return _settle(now)
    return _settle_apart([now, *([twin] for twin in twins)], orders)


def _settle(orders: list[Order]) -> list[Answer]:
    """Commit the orders together; if they cannot be, in parts, so that what is wrong with one harms no other: those of an
    account that cannot pay for all of its own one by one, those of each account apart when a lock is not to be had."""
    try:
        return _commit(orders)
    except _DoNotFit as short:
        if len(orders) == 1:
            return [short.refusal]
        fitting = [item for item in orders if item.sender.account.id not in short.accounts]
        parts = [[item] for item in orders if item.sender.account.id in short.accounts]
        return _settle_apart([fitting, *parts] if fitting else parts, orders)
    except OperationalError as error:
        parts = _by_account(orders)
        if not isinstance(error.__cause__, pg.LockNotAvailable) or len(parts) == 1:
            raise
        return _settle_apart(parts, orders)
    except Exception:
        if len(orders) == 1:
            raise
        log.exception("orders cannot be accepted together; each is tried alone")
        return _settle_apart([[item] for item in orders], orders)


def _by_account(orders: list[Order]) -> list[list[Order]]:
    parts: dict[UUID, list[Order]] = {}
    for item in orders:
        parts.setdefault(item.sender.account.id, []).append(item)
    return list(parts.values())


def _settle_apart(parts: Sequence[list[Order]], orders: Sequence[Order]) -> list[Answer]:
    """Settle each part by itself; the answers in the order of `orders`. What is committed stays answered as such: an error
    in one part is the answer of that part only."""
    answers: dict[int, Answer] = {}
    for part in parts:
        try:
            given = _settle(part)
        except OperationalError as error:
            log.warning("orders not accepted for now", orders=len(part), reason=str(error))
            given = [Refused(Code.SERVICE_UNAVAILABLE) for _ in part]
        except Exception:
            log.exception("orders not accepted", orders=len(part))
            given = [Refused(Code.INTERNAL_ERROR) for _ in part]
        answers |= zip(map(id, part), given, strict=True)
    return [answers[id(item)] for item in orders]


def _commit(orders: list[Order]) -> list[Answer]:
    """One transaction, tried again as a whole after a deadlock; after a lost connection, looked up before it is called lost."""
    answers: list[Answer] = []
    for attempt in range(1, MOST_TRIES + 1):
        try:
            with transaction.atomic():
                answers = []
                answers = _write(orders)
            break
        except OperationalError as error:
            if connection.in_atomic_block:
                raise  # the caller's transaction is the whole: theirs to try again
            transient = isinstance(error.__cause__, pg.DeadlockDetected | pg.SerializationFailure)
            if transient and attempt < MOST_TRIES:
                time.sleep(0.005 * attempt)
                continue
            if isinstance(error.__cause__, pg.LockNotAvailable) or transient or not _was_committed(answers):
                raise
            break
    due = {
        (ready.carrier_id, int(item.sender.lane))
        for item, answer in zip(orders, answers, strict=True)
        if isinstance(answer, Taken)
        for ready in item.ready
        if not ready.scheduled
    }
    transaction.on_commit(partial(wake.up, due))
    return answers


def _was_committed(answers: Sequence[Answer]) -> bool:
    """Whether a transaction whose COMMIT was not answered did happen: asked on a new connection, about one of the messages
    that it stored (refused orders store none). `answers` is empty when it never came to the COMMIT."""
    ids = [ready.id for answer in answers if isinstance(answer, Taken) for ready in answer.ready][:1]
    connection.close()
    try:
        return bool(ids) and Message.objects.filter(id__in=ids).exists()
    except OperationalError:
        return False


def _write(orders: list[Order]) -> list[Answer]:
    answers: list[Answer | None] = [None] * len(orders)
    claimed = _claim_keys(orders, answers)
    _refuse_opted_out(orders, answers)
    going = [(index, item) for index, item in enumerate(orders) if answers[index] is None]
    repeats.flag([(item.sender.account.id, ready) for _, item in going for ready in item.ready])
    _store([item for _, item in going])
    _reserve([item for _, item in going])
    _take_quota([item for _, item in going])
    booked = _charge([item for _, item in going])
    for index, item in going:
        entry = booked.get(item.charge_reference) if item.charge_reference else None
        balance = entry.balance_after if entry else None
        answers[index] = Taken(item.ready, item.rejected, item.batch_id, balance)
    _keep_answers(orders, answers, claimed)
    return [answer for answer in answers if answer is not None]


def _claim_keys(orders: list[Order], answers: list[Answer | None]) -> set[int]:
    """Take the idempotency keys; an order whose key is taken gets its former answer, or the conflict."""
    keyed = {index: item for index, item in enumerate(orders) if item.idempotency}
    claims = [
        idempotency.Claim(
            item.sender.account.id, item.sender.mode, item.idempotency.key, item.idempotency.request_hash
        )
        for item in keyed.values()
        if item.idempotency
    ]
    for index, found in zip(keyed, idempotency.claim(claims), strict=True):
        if found is None:
            continue
        answers[index] = found if isinstance(found, Refused) else Replayed(found)
    return {index for index in keyed if answers[index] is None}


def _refuse_opted_out(orders: list[Order], answers: list[Answer | None]) -> None:
    pairs = [
        (item.sender.account.id, ready.to)
        for item in orders
        if not _is_exempt(item.sender)
        for ready in item.ready
    ]
    gone = optouts.among(pairs)
    if not gone:
        return
    for index, item in enumerate(orders):
        account_id = item.sender.account.id
        hit = [ready for ready in item.ready if (account_id, ready.to) in gone]
        if not hit or answers[index] is not None or _is_exempt(item.sender):
            continue
        param = hit[0].draft.param_of("to")
        refusal = Refused(Code.OPTED_OUT, "The recipient opted out for this account.", param=param)
        if not item.batch:
            answers[index] = refusal
            continue
        item.rejected.extend(Rejected(position_of(ready), ready.to, refusal) for ready in hit)
        item.rejected.sort(key=lambda rejected: rejected.index)
        item.ready = [ready for ready in item.ready if (account_id, ready.to) not in gone]


def _is_exempt(sender: Sender) -> bool:
    """One-time codes are, by their lane: the recipient is at the other end, asking for one. Unless the account forbids it."""
    return sender.lane == Lane.URGENT and settings.OTP_TO_OPTED_OUT and sender.account.codes_to_opted_out


def position_of(ready: Ready) -> int:
    """Where a draft stood in its request, from its param (`messages[3].` or `to[3]`); 0 for a single one."""
    inside = ready.draft.param.partition("[")[2].partition("]")[0]
    return int(inside) if inside.isdigit() else 0


def _store(orders: list[Order]) -> None:
    store.write([(one.sender, one.ready, one.batch_id, not one.pay) for one in orders])
    tally.accepted((item.sender, item.ready) for item in orders)
    Batch.objects.bulk_create(_batch_row(item) for item in orders if item.batch and not item.pay)


def _batch_row(item: Order) -> Batch:
    return Batch(
        id=item.batch_id,
        account_id=item.sender.account.id,
        mode=item.sender.mode,
        channel=item.channel,
        total=len(item.ready) + len(item.rejected),
        accepted=len(item.ready),
        price_mad=sum((ready.price_mad for ready in item.ready), Decimal(0)),
        price_eur=sum((ready.price_eur for ready in item.ready), Decimal(0)),
        rejected=[
            {"index": r.index, "to": r.to[:40], "code": r.refusal.code, "detail": r.refusal.detail}
            for r in item.rejected
        ],
        flagged=[position_of(ready) for ready in item.ready if ready.duplicate_suspected],
    )


def _reserve(orders: list[Order]) -> None:
    """Let orders take what they need besides money; a refusal is settled with the orders of its account one by one."""
    for item in orders:
        try:
            if item.reserve is not None:
                item.reserve(item)
        except Refused as refusal:
            raise _DoNotFit({item.sender.account.id}, refusal) from None


def _take_quota(orders: list[Order]) -> None:
    """Count live messages against monthly quotas, for accounts that have one."""
    wanted: dict[UUID, int] = {}
    for item in orders:
        if item.sender.mode == Mode.LIVE and item.ready:
            account_id = item.sender.account.id
            wanted[account_id] = wanted.get(account_id, 0) + len(item.ready)
    refused = quotas.take(wanted)
    if refused:
        raise _DoNotFit(set(refused), next(iter(refused.values())))


def _charge(orders: list[Order]) -> dict[UUID, ledger.Booked]:
    movements = [
        ledger.Movement(
            item.sender.account.id,
            item.total,
            item.charge_reference,
            "batch" if item.batch else "message",
            item.sender.actor,
        )
        for item in orders
        if item.charge_reference and item.total > 0 and not item.pay
    ]
    booked = ledger.charge(movements)
    short = {movement.account_id for movement in movements if movement.reference not in booked}
    if short:
        sentence = "The balance is too low for this; top up and send again."
        raise _DoNotFit(short, Refused(Code.INSUFFICIENT_BALANCE, sentence))
    for item in orders:
        if item.pay is not None:
            item.pay(item)
    return booked


def _keep_answers(orders: list[Order], answers: list[Answer | None], claimed: set[int]) -> None:
    """Write the answers beside their keys; free the keys of orders that were refused, so that they work later."""
    kept = []
    freed = []
    for index in sorted(claimed):
        item, answer = orders[index], answers[index]
        if item.idempotency is None:
            continue
        claim = (item.sender.account.id, item.sender.mode, item.idempotency.key)
        if isinstance(answer, Taken):
            kept.append((*claim, item.idempotency.answer(answer)))
        else:
            freed.append(claim)
    idempotency.keep(kept)
    idempotency.free(freed)
