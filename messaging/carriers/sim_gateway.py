"""A gateway with the operator's own SIMs in it, of the kind that document D is written for (1SIMPLE1): it takes a port, a
slot and a text, gives a task id, and tells what became of the task when asked or by callback.

Document D shows the words port, slot, task id and `"result": "success"`; the addresses and the other words are assumed and
stand in `docs/carriers.md`. A gateway that speaks otherwise is a carrier of kind `http`, without the pool."""

import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlsplit

import orjson

from messaging.carriers.contract import (
    Accepted,
    BadCallback,
    Callback,
    CarrierConfig,
    Channel,
    Receipt,
    ReceiptStatus,
    Rejected,
    Result,
    SimLine,
    Submission,
    TryLater,
    Unknown,
)
from messaging.carriers.http_client import Answer, HttpClient, retry_after_seconds
from messaging.carriers.reasons import Reason

SECRET_KEYS = frozenset({"api_key", "callback_secret"})
SETTING_KEYS = frozenset({"base_url", "polls"})
SECRET_HEADER = "x-gateway-secret"  # noqa: S105 - the header's name
LIMIT_BYTES = 64 * 1024
LIMIT_RECEIPTS = 1000
MOST_POLLED = 50
SIM_SECONDS = 30.0
"""How long a message waits for its SIM before it is tried again."""
STATUSES: Mapping[str, tuple[ReceiptStatus, str]] = {
    "pending": ("buffered", ""),
    "sending": ("buffered", ""),
    "sent": ("sent", ""),
    "delivered": ("delivered", ""),
    "undelivered": ("undeliverable", Reason.UNREACHABLE),
    "expired": ("expired", Reason.HANDSET_EXPIRED),
    "failed": ("failed", Reason.UNKNOWN),
    "cancelled": ("failed", Reason.CARRIER_REFUSED),
}
REFUSALS: Mapping[str, Reason] = {
    "invalid_number": Reason.INVALID_NUMBER,
    "blocked": Reason.BLOCKED,
    "invalid_text": Reason.CONTENT_REFUSED,
    "text_too_long": Reason.CONTENT_REFUSED,
}
# The SIM's fault, not the gateway's or the message's: another SIM may do. Codes that begin with SIM_ count against it.
SIM_FAULTS = frozenset({"no_sim", "no_network", "sim_barred", "no_credit", "port_down"})
BUSY = frozenset({"port_busy", "queue_full"})
THROTTLING = frozenset({429, 503})
DENYING = frozenset({401, 402, 403, 405, 407, 415})
UNRECEIVED = frozenset({408, 421})


class SimGateway:
    """The adapter. Settings `base_url` and `polls` (`yes` without it); secrets `api_key` and, where the gateway can send
    it, `callback_secret`."""

    kind: str = "sim_gateway"
    channels: frozenset[Channel] = frozenset({"sms"})
    deduplicates: bool = False

    def __init__(self, config: CarrierConfig) -> None:
        self._base = config.settings["base_url"].rstrip("/")
        self._callback_url = config.callback_url
        self._headers = {
            "Authorization": f"Bearer {config.secrets['api_key']}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        self.polls = config.settings.get("polls", "yes") == "yes"
        self._http = HttpClient(timeout_seconds=config.timeout_seconds, window=config.window)

    async def submit(self, submission: Submission) -> Result:
        """One `POST /send` by the submission's SIM. Without a SIM nothing is sent."""
        if submission.sim is None:
            return TryLater("NO_SIM", "queue_full", "no SIM has room or works", SIM_SECONDS)
        fields = {
            "port": submission.sim.port,
            "slot": submission.sim.slot,
            "to": submission.to,
            "text": submission.text,
            "reference": submission.reference,
        }
        if self._callback_url:
            fields["callback_url"] = self._callback_url
        try:
            body = orjson.dumps(fields)
        except TypeError:
            return Rejected("UNENCODABLE", Reason.CONTENT_REFUSED, "the text is not valid Unicode")
        answer = await self._http.request("POST", f"{self._base}/send", headers=self._headers, body=body)
        return _submitted(answer) if isinstance(answer, Answer) else answer

    async def probe(self) -> Result:
        """`GET /test`: the gateway answers and knows the key."""
        return await self._asked("/test")

    async def probe_sim(self, sim: SimLine) -> Result:
        """`GET /sim`: whether this SIM is ready to send."""
        return await self._asked(f"/sim?port={_shown(sim.port)}&slot={_shown(sim.slot)}", ready="state")

    async def poll(self, references: Sequence[str]) -> Sequence[Receipt]:
        """`GET /tasks`: what is known of at most fifty tasks by now; nothing when the gateway does not say."""
        listed = ",".join(quote(reference, safe="") for reference in references[:MOST_POLLED])
        answer = await self._http.request("GET", f"{self._base}/tasks?ids={listed}", headers=self._headers)
        fields = _object(answer.body) if isinstance(answer, Answer) and answer.status == 200 else None
        tasks = (fields or {}).get("tasks")
        asked = set(references)
        rows = [task for task in tasks if isinstance(task, dict)] if isinstance(tasks, list) else []
        return [_receipt(row) for row in rows if _text(row, "task_id") in asked and _text(row, "status")]

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def _asked(self, path: str, *, ready: str = "") -> Result:
        answer = await self._http.request("GET", self._base + path, headers=self._headers)
        if not isinstance(answer, Answer):
            return answer
        fields = _object(answer.body) or {}
        if answer.status != 200 or _text(fields, "result") != "success":
            found = _submitted(answer)
            return (
                Unknown("GARBLED", "not an answer of the gateway") if isinstance(found, Accepted) else found
            )
        state = _text(fields, ready) if ready else ""
        if ready and state != "ready":
            return TryLater(f"SIM_{state.upper() or 'UNKNOWN'}"[:60], "queue_full", f"the SIM is {state!r}")
        return Accepted("")

    @classmethod
    def receipts(cls, config: CarrierConfig, callback: Callback) -> Sequence[Receipt]:
        """The receipts in a callback: JSON, one object or a list under `tasks`.

        Raises `BadCallback` for a wrong secret where a `callback_secret` is set, for more than 64 KiB or a thousand
        receipts, and for one without a task or a status.
        """
        expected = config.secrets.get("callback_secret", "")
        given = callback.headers.get(SECRET_HEADER, "")
        if expected and not hmac.compare_digest(expected.encode(), given.encode()):
            raise BadCallback("the secret is missing or wrong")
        fields = _object(callback.body) if len(callback.body) <= LIMIT_BYTES else None
        if fields is None:
            raise BadCallback("the body is not a JSON object of at most 64 KiB")
        rows = fields.get("tasks", [fields])
        if not isinstance(rows, list) or not 0 < len(rows) <= LIMIT_RECEIPTS:
            raise BadCallback("not a list of receipts")
        if not all(isinstance(row, dict) and _text(row, "task_id") and _text(row, "status") for row in rows):
            raise BadCallback("a receipt without a task or a status")
        return [_receipt(row) for row in rows]

    @classmethod
    def check(cls, settings: Mapping[str, str], secrets: Mapping[str, str]) -> list[str]:
        """What is wrong with a configuration, one sentence each."""
        wrong = [f"{key} is not a setting of a SIM gateway." for key in settings if key not in SETTING_KEYS]
        wrong += [f"{key} is not a credential of a SIM gateway." for key in secrets if key not in SECRET_KEYS]
        if not _is_address(settings.get("base_url", "")):
            wrong.append("base_url must be an http or https address without query, fragment or password.")
        if settings.get("polls", "yes") not in ("yes", "no"):
            wrong.append("polls is one of yes, no.")
        key = secrets.get("api_key", "")
        if not (key and key.isascii() and key.isprintable() and " " not in key):
            wrong.append("api_key must be printable ASCII without spaces.")
        return wrong


def _submitted(answer: Answer) -> Result:
    fields = _object(answer.body)
    if fields is not None and _text(fields, "result") == "error" and _text(fields, "code"):
        return _refused(fields)
    detail = _text(fields or {}, "message")
    if 200 <= answer.status < 300:
        if fields is None or _text(fields, "result") != "success":
            return Unknown("GARBLED", f"HTTP {answer.status} that says neither yes nor no")
        return Accepted(_text(fields, "task_id"))
    code = f"HTTP_{answer.status}"
    if answer.status in THROTTLING:
        return TryLater(code, "throttled", detail, retry_after_seconds(answer))
    if answer.status in DENYING or 300 <= answer.status < 400:
        return TryLater(code, "denied", detail)
    if answer.status in UNRECEIVED:
        return TryLater(code, "unreachable", detail)
    return Rejected(code, Reason.CARRIER_REFUSED, detail) if answer.status < 500 else Unknown(code, detail)


def _refused(fields: Mapping[str, object]) -> Result:
    code, detail = _text(fields, "code", limit=50).lower(), _text(fields, "message")
    if code in SIM_FAULTS:
        return TryLater(f"SIM_{code.removeprefix('sim_').upper()}", "queue_full", detail, SIM_SECONDS)
    if code in BUSY:
        return TryLater(code.upper(), "queue_full", detail, 5.0)
    return Rejected(code.upper(), REFUSALS.get(code, Reason.UNKNOWN), detail)


def _receipt(row: Mapping[str, object]) -> Receipt:
    word, error = _text(row, "status").lower(), _text(row, "code", limit=30)
    # A word that is not known is kept under its own name and moves nothing.
    status, reason = STATUSES.get(word, ("buffered", Reason.UNKNOWN))
    if error.lower() in REFUSALS and status == "failed":
        reason = REFUSALS[error.lower()]
    return Receipt(_text(row, "task_id"), status, f"{word}:{error}" if error else word, str(reason))


def _object(body: bytes | None) -> dict[str, object] | None:
    try:
        value = orjson.loads(body or b"")
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def _text(fields: Mapping[str, object], key: str, *, limit: int = 120) -> str:
    value = fields.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).replace("\x00", "").strip()[:limit]


def _shown(number: int | None) -> str:
    return "" if number is None else str(number)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        return False
    extras = parts.query or parts.fragment or parts.username or parts.password
    return bool(parts.scheme in {"http", "https"} and parts.hostname and port_is_valid and not extras)
