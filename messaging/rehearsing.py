"""Trying a carrier without sending: what a request would look like, and what an answer or a callback would be taken for. For
carriers whose adapter can be asked (kind `http`); nothing here opens a connection or writes a row."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

from accounts.ids import new_id
from accounts.refusals import Code, Refused
from messaging import text
from messaging.carriers import registry
from messaging.carriers.contract import BadCallback, Callback, Receipt, Rehearses, Result, Submission
from messaging.models import Carrier
from messaging.sending.submit import config_of

VALIDITY = timedelta(hours=24)


def _adapter(carrier: Carrier) -> Rehearses:
    try:
        made = registry.build(config_of(carrier))
    except (registry.UnknownKind, ValueError) as error:
        raise Refused(Code.INVALID_STATE, str(error), param="carrier") from error
    if not isinstance(made, Rehearses):
        raise Refused(
            Code.INVALID_STATE,
            f"A carrier of kind {carrier.kind} cannot be tried without sending.",
            param="carrier",
        )
    return made


def request(carrier: Carrier, *, to: str, message: str, sender: str = "RISALA") -> str:
    """The request that would hand over this text, credentials masked. `to` is E.164.

    Raises `Refused(INVALID_STATE)` for a carrier that cannot be asked or used, `Refused(INVALID_FIELD)` for a text that
    cannot be written for it.
    """
    adapter = _adapter(carrier)
    measure = text.measure(text.clean(message))
    submission = Submission(
        id=new_id(),
        attempt=1,
        to=to,
        sender=sender,
        text=text.clean(message),
        encoding=measure.encoding,
        segments=measure.segments,
        channel="sms",
        expires_at=datetime.now(UTC) + VALIDITY,
    )
    try:
        return adapter.preview(submission)
    except ValueError as error:
        raise Refused(Code.INVALID_FIELD, f"This text cannot be sent: {error}.", param="text") from error


def answer(carrier: Carrier, *, status: int, body: str) -> Result:
    """What an answer of this HTTP status and body would be taken for. Raises `Refused(INVALID_STATE)` as `request`."""
    return _adapter(carrier).judge(status, body.encode())


def callback(carrier: Carrier, *, body: str, query: Mapping[str, str] | None = None) -> list[Receipt]:
    """The receipts in a callback's body, as if its secret or signature were right.

    Raises `Refused(INVALID_STATE)` as `request`, `Refused(INVALID_FIELD)` for what is not a callback of this carrier.
    """
    _adapter(carrier)
    config = config_of(carrier)
    unguarded = {key: value for key, value in config.settings.items() if not key.startswith("callback_")}
    try:
        asked = Callback("POST", query or {}, {}, body.encode())
        return list(registry.adapter(carrier.kind).receipts(replace(config, settings=unguarded), asked))
    except BadCallback as error:
        raise Refused(Code.INVALID_FIELD, f"Refused: {error}.", param="body") from error


def told(found: Result | Receipt) -> str:
    """A result or a receipt in one line: its name and what it holds."""
    name = type(found).__name__
    held = {key: value for key, value in asdict(found).items() if value not in ("", None, (), False)}
    return " ".join([name, *(f"{key}={value}" for key, value in held.items())])
