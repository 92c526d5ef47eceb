"""The carrier of kind `http`: one call per message, made and understood by the settings of its row."""

import base64
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from yarl import URL

from messaging.carriers.contract import (
    Accepted,
    BadCallback,
    Callback,
    CarrierConfig,
    Channel,
    Receipt,
    Rejected,
    Result,
    Submission,
    TryLater,
    Unknown,
)
from messaging.carriers.http_client import Answer, HttpClient
from messaging.carriers.http_generic import answers, plan, receipts, template
from messaging.carriers.http_generic.finding import word
from messaging.carriers.http_generic.template import Unencodable
from messaging.carriers.reasons import Reason

MASK = "xxxxx"
CONTENT_TYPES = {
    "form": "application/x-www-form-urlencoded",
    "json": "application/json",
    "xml": "text/xml; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request, ready to be made."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None


class HttpGeneric:
    """The adapter. Its settings and credentials stand in `docs/carriers.md`."""

    kind: str = "http"
    channels: frozenset[Channel] = frozenset({"sms", "whatsapp", "telegram"})
    deduplicates: bool = False

    def __init__(self, config: CarrierConfig) -> None:
        self._plan, _ = plan.read(config.settings, config.secrets)
        self._secrets = {name: config.secrets.get(name, "") for name in plan.CREDENTIALS}
        self._callback_url = config.callback_url
        self.deduplicates = self._plan.deduplicates
        self._http = HttpClient(timeout_seconds=config.timeout_seconds, window=config.window)

    async def submit(self, submission: Submission) -> Result:
        """One call. Every answer and every failure of the network is a `Result`."""
        try:
            request = self._request(submission, self._secrets)
        except Unencodable as error:
            return Rejected("UNENCODABLE", Reason.CONTENT_REFUSED, str(error))
        answer = await self._http.request(
            request.method, URL(request.url, encoded=True), headers=request.headers, body=request.body
        )
        if isinstance(answer, Answer):
            return self._masked(answers.result(self._plan.reading, answer))
        return self._masked(answer)

    async def probe(self) -> Result:
        """Ask for the balance. Without a `balance_url` nobody can say whether messages would be taken: `Unknown`."""
        if not self._plan.balance_url:
            return Unknown("NO_BALANCE_URL", "there is nothing to ask; set balance_url, or send a message")
        asked = template.render(self._plan.balance_url, self._secrets, "url")
        url, headers = self._authorised(asked, {}, self._secrets)
        answer = await self._http.request("GET", URL(url, encoded=True), headers=headers)
        return self._masked(self._balance(answer) if isinstance(answer, Answer) else answer)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    def preview(self, submission: Submission) -> str:
        """The request of a submission as text, credentials masked. Raises ValueError when it cannot be written."""
        request = self._request(submission, dict.fromkeys(plan.CREDENTIALS, MASK))
        lines = [
            f"{request.method} {request.url}",
            *(f"{name}: {text}" for name, text in request.headers.items()),
        ]
        return "\n".join([*lines, "", (request.body or b"").decode("utf-8", "replace")]).rstrip()

    def judge(self, status: int, body: bytes) -> Result:
        """What an answer of this HTTP status and body would be taken for."""
        return answers.result(self._plan.reading, Answer(status, {}, body))

    def _request(self, submission: Submission, secrets: Mapping[str, str]) -> Prepared:
        made = self._plan
        address = receipts.address(self._callback_url, submission.reference)
        values = template.values_of(
            submission, callback_url=address, words=made.words, now=time.time()
        ) | dict(secrets)
        headers = {name: template.render(text, values, "header") for name, text in made.headers.items()}
        body = None
        if made.method != "GET" and made.body_type != "none":
            body = _encoded(template.render(made.body, values, made.body_type, made.charset), made.body_type)
            if "content-type" not in {name.lower() for name in headers}:
                headers["Content-Type"] = CONTENT_TYPES[made.body_type]
        url = template.render(made.url, values, "url", made.charset)
        url, headers = self._authorised(url, headers, secrets)
        return Prepared(made.method, url, headers, body)

    def _authorised(
        self, url: str, headers: Mapping[str, str], secrets: Mapping[str, str]
    ) -> tuple[str, dict[str, str]]:
        made, given = self._plan, dict(headers)
        if made.auth == "basic":
            both = f"{secrets['username']}:{secrets['password']}".encode()
            shown = MASK if secrets["password"] == MASK else base64.b64encode(both).decode()
            given["Authorization"] = f"Basic {shown}"
        elif made.auth == "bearer":
            given["Authorization"] = f"Bearer {secrets['token']}"
        elif made.auth == "header":
            given[made.auth_name] = secrets["token"]
        elif made.auth == "query":
            url += f"{'&' if '?' in url else '?'}{quote(made.auth_name)}={quote(secrets['token'], safe='')}"
        return url, given

    def _balance(self, answer: Answer) -> Result:
        reading = self._plan.reading
        if answer.status not in reading.accepted:
            return answers.result(replace(reading, verdict=None, message_id=None), answer)
        if self._plan.balance is None:
            return Accepted("")
        document = answers.document_of(answer.body, as_json=reading.json)
        text = word(self._plan.balance.find(document))
        try:
            left = float(text.replace(",", "."))
        except ValueError:
            return Unknown("NO_BALANCE", f"no balance in the answer: {text!r}")
        if left <= self._plan.balance_least:
            return TryLater("NO_CREDIT", "denied", f"the balance is {left:g}")
        return Accepted("")

    def _masked(self, result: Result) -> Result:
        """Without the credentials, which a provider or a library might quote."""
        if isinstance(result, Accepted):
            return result
        detail = result.detail
        for secret in self._secrets.values():
            for form in {secret, quote(secret, safe="")} - {""}:
                detail = detail.replace(form, MASK)
        return replace(result, detail=detail)

    @classmethod
    def receipts(cls, config: CarrierConfig, callback: Callback) -> Sequence[Receipt]:
        """The receipts in a callback. Raises `BadCallback`."""
        made, wrong = plan.read(config.settings, config.secrets)
        if wrong:
            raise BadCallback("the carrier's settings are wrong")
        return receipts.read(made.receipts, callback)

    @classmethod
    def check(cls, settings: Mapping[str, str], secrets: Mapping[str, str]) -> list[str]:
        """What is wrong with a configuration, one sentence each."""
        return plan.read(settings, secrets)[1]


def _encoded(body: str, body_type: str) -> bytes:
    return body.encode("utf-8") if body_type != "form" else body.encode("ascii")
