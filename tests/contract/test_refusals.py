"""Every error code of every document, provoked for every reason it gives: status, envelope and spelling are the document's, and
nothing has moved."""

import pytest

from tests.contract import refusals_de
from tests.contract.conftest import NewWorld
from tests.contract.refusals import REFUSALS, Refusal
from tests.stand_ins.customer import Answer

assert refusals_de
# The codes that the documents list; E lists statuses alone.
LISTED = {
    "a": "INVALID_JSON UNAUTHORIZED RATE_LIMITED MISSING_FIELD INVALID_PHONE INVALID_CHANNEL CHANNEL_NOT_CONFIGURED"
    " INSUFFICIENT_BALANCE OPTED_OUT SESSION_NOT_FOUND INVALID_CODE MAX_ATTEMPTS TOO_MANY_MESSAGES TOO_MANY_CONTACTS"
    " NOT_FOUND",
    "b": "UNAUTHORIZED INSUFFICIENT_BALANCE INVALID_PHONE RATE_LIMITED CHANNEL_NOT_ALLOWED",
    "c": "authentication_failed insufficient_credits invalid_phone_number message_too_long rate_limit_exceeded",
    "d": "missing_api_key invalid_api_key inactive_api_key inactive_company service_type_mismatch quota_exceeded"
    " invalid_request sim_unavailable company_not_found",
}
E_STATUSES = {400, 401, 403, 404, 429}


@pytest.mark.parametrize("document", LISTED)
def test_every_listed_code_is_provoked(document: str) -> None:
    assert {one.code for one in REFUSALS if one.document == document and not one.differs} == set(
        LISTED[document].split()
    )


def test_every_status_that_document_e_lists_is_provoked() -> None:
    """But for 500, which is never our answer to anything a client does."""
    assert {one.status for one in REFUSALS if one.document == "e"} == E_STATUSES


def code_of(document: str, answer: Answer) -> str:
    """The code of a refusal, in the envelope of the document, of which nothing is missing."""
    body = answer.body
    assert body["success"] is False
    if document == "d":
        assert set(body) == {"success", "message", "error", "data"}
        assert body["message"]
        return str(body["error"])
    error = body["error"]
    assert error["message"]
    if document == "e":
        assert body["message"] == error["message"]
    else:
        assert error["docs"].partition("#")[2]
    return str(error["code"])


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: one.name)
def test_a_refusal_is_the_document_s(refusal: Refusal, world: NewWorld) -> None:
    asked = world(refusal.document)
    answer = refusal.run(asked)
    assert (answer.status, code_of(refusal.document, answer)) == (refusal.status, refusal.code), answer.raw
    assert asked.nothing_moved()
