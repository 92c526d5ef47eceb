"""Calls of `verify`. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from typing import Optional, TypedDict

from risala.calls import OMIT, Resource


class VerificationCheck(TypedDict, total=False):
    session_id: str
    verified: bool
    verified_at: str


class NumberLookup(TypedDict, total=False):
    valid: bool
    number: str
    country_code: Optional[str]
    carrier: Optional[str]
    line_type: str
    ported: str
    local_format: Optional[str]
    international_format: Optional[str]
    country_prefix: Optional[str]
    country_name: Optional[str]
    location: Optional[str]


class NewVerification(TypedDict, total=False):
    session_id: str
    message_id: str
    to: str
    channel: str
    expires_at: str
    status: str
    sandbox_code: str


class Verification(TypedDict, total=False):
    id: str
    to: str
    channel: str
    status: str
    expires_at: str
    verified_at: Optional[str]
    created_at: str
    session_id: str
    message_id: str
    attempts: int
    max_attempts: int


class VerifyCalls(Resource):
    """`client.verify`"""

    def check(self, *, session_id: str, code: str) -> VerificationCheck:
        """Check a one-time code.

        Right once, within three tries.
        """
        answer: VerificationCheck = self._caller.call(
            "POST", "/v1/verify/check", {"session_id": session_id, "code": code}
        )
        return answer

    def lookup(self, *, number: str, country_code: str = OMIT) -> NumberLookup:
        """Look a number up.

        Free of charge, and offline: allocation, not portability.

        Parameters:
            country_code: ISO 3166-1 alpha-2, for numbers in local form; the account's country
                without it.
        """
        answer: NumberLookup = self._caller.call(
            "POST", "/v1/verify/lookup", {"number": number, "country_code": country_code}
        )
        return answer

    def send(
        self,
        *,
        to: str,
        channel: str = OMIT,
        code_length: int = OMIT,
        expiry: int = OMIT,
        brand: str = OMIT,
        template: str = OMIT,
        language: str = OMIT,
        domain: str = OMIT,
        otp_button_text: str = OMIT,
        end_user_ip: str = OMIT,
        idempotency_key: Optional[str] = None,
    ) -> NewVerification:
        """Send a one-time code.

        Sends a new code; an older one to the same number is good for nothing from then on.

        Parameters:
            expiry: Seconds.
            brand: Shown in the text.
            template: Text with {{code}} and, if wanted, {{brand}}; a sentence of ours without it.
            language: Of our sentence; the account's without it.
            domain: Your site's host name: browsers there offer to fill the code in.
            otp_button_text: What WhatsApp's copy button says.
            end_user_ip: Address of the person who waits for the code; limits abuse.
            idempotency_key: your own key for this call; without one, one is made, and repeats
                within the call keep it.
        """
        answer: NewVerification = self._caller.call(
            "POST",
            "/v1/verify/send",
            {
                "to": to,
                "channel": channel,
                "code_length": code_length,
                "expiry": expiry,
                "brand": brand,
                "template": template,
                "language": language,
                "domain": domain,
                "otp_button_text": otp_button_text,
                "end_user_ip": end_user_ip,
            },
            keyed=True,
            idempotency_key=idempotency_key,
        )
        return answer

    def status(self, id: str) -> Verification:
        """Get a verification session.

        Its state, never its code.
        """
        answer: Verification = self._caller.call("GET", f"/v1/verify/{self._part(id)}")
        return answer
