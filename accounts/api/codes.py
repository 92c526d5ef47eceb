"""How the error codes are spelled for the clients of each document (contract of the API, 2.2 row 2)."""

from accounts.refusals import Code

SMSPROVIDER_NAMES = {
    Code.UNAUTHORIZED: "authentication_failed",
    Code.INSUFFICIENT_BALANCE: "insufficient_credits",
    Code.INVALID_PHONE: "invalid_phone_number",
    Code.RATE_LIMITED: "rate_limit_exceeded",
}


def shown(code: Code, compat: str) -> tuple[Code, str]:
    """The code that a dialect's client knows, and how it is spelled there."""
    if compat == "smsprovider":
        return code, SMSPROVIDER_NAMES.get(code, code.value.lower())
    if compat == "smsmaroc" and code is Code.CHANNEL_NOT_ALLOWED:
        return Code.CHANNEL_NOT_CONFIGURED, Code.CHANNEL_NOT_CONFIGURED.value
    return code, code.value
