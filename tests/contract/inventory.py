"""The addresses that the five documents list, and the tests of each beyond its printed example. The rules they state in words are
in rules.py, error codes in refusals.py, limits in limits.py, printed answers in examples_*.py; table.py draws all of it."""

EXAMPLES = "contract/test_examples.py::test_the_answer_is_the_printed_one"
REFUSALS = "contract/test_refusals.py::test_a_refusal_is_the_document_s"
LIMITS = "contract/test_limits.py::test_the_edge_is_taken_and_one_past_it_is_not"
RULES_FILE, PROGRAMS, SIGNATURES = (
    "contract/test_rules.py",
    "contract/test_programs.py",
    "contract/test_signatures.py",
)

ENDPOINTS: dict[str, tuple[str, ...]] = {
    "a": (
        "GET /health",
        "POST /v1/messages",
        "POST /v1/messages/bulk",
        "GET /v1/messages",
        "GET /v1/messages/{id}",
        "POST /v1/verify/send",
        "POST /v1/verify/check",
        "GET /v1/verify/{session_id}",
        "GET /v1/analytics",
        "GET /v1/contacts",
        "POST /v1/contacts",
        "POST /v1/contacts/import",
        "GET /v1/contacts/lists",
        "POST /v1/contacts/lists",
        "DELETE /v1/contacts/{id}",
        "GET /v1/optouts",
        "POST /v1/optouts",
        "DELETE /v1/optouts/{phone}",
        "GET /v1/campaigns",
        "POST /v1/campaigns",
        "GET /v1/campaigns/{id}",
        "POST /v1/campaigns/{id}/send",
        "GET /v1/webhooks",
        "POST /v1/webhooks",
        "PATCH /v1/webhooks/{id}",
        "DELETE /v1/webhooks/{id}",
        "POST /v1/webhooks/{id}/test",
        "GET /v1/api-keys",
        "POST /v1/api-keys",
        "PATCH /v1/api-keys/{id}",
        "DELETE /v1/api-keys/{id}",
        "GET /v1/billing/balance",
        "GET /v1/balance",
        "GET /v1/billing/transactions",
        "GET /v1/billing/plans",
        "POST /v1/billing/topups",
    ),
    "b": (
        "POST /v1/messages",
        "POST /v1/messages/bulk",
        "GET /v1/messages",
        "GET /v1/messages/:id",
        "POST /v1/verify/send",
        "POST /v1/verify/check",
        "GET /v1/verify/:id",
        "POST /v1/verify/lookup",
        "GET /v1/contacts",
        "POST /v1/contacts",
        "POST /v1/contacts/import",
        "DELETE /v1/contacts/:id",
        "GET /v1/contacts/lists",
        "POST /v1/contacts/lists",
        "GET /v1/campaigns",
        "POST /v1/campaigns",
        "GET /v1/campaigns/:id",
        "POST /v1/campaigns/:id/send",
        "GET /v1/webhooks",
        "POST /v1/webhooks",
        "PATCH /v1/webhooks/:id",
        "DELETE /v1/webhooks/:id",
        "POST /v1/webhooks/:id/test",
        "GET /v1/api-keys",
        "POST /v1/api-keys",
        "PATCH /v1/api-keys/:id",
        "DELETE /v1/api-keys/:id",
        "GET /v1/billing/balance",
        "GET /v1/analytics",
    ),
    "c": ("GET /v1/account", "POST /v1/messages", "GET /v1/messages/{message_id}", "POST /v1/webhooks"),
    "d": (
        "POST /api/sms/send",
        "POST /api/sms/send-bulk",
        "GET /api/sms/status/{sms_id}",
        "GET /api/sms/sims/available",
        "GET /api/sms/test-connection",
    ),
    "e": (
        "POST /api/v1/send",
        "POST /api/v1/send-bulk",
        "GET /api/v1/balance",
        "GET /api/v1/logs",
        "GET /api/v1/pricing",
        "POST /api/v1/calculate",
        "GET /api/v1/account",
    ),
}
E_ADDRESSES = f"{RULES_FILE}::test_document_e_s_addresses_answer_by_either_header"
MORE: dict[tuple[str, str], tuple[str, ...]] = {
    ("a", "POST /v1/messages/bulk"): (
        "journeys/test_bulk.py::test_ten_thousand_are_taken_and_one_more_is_not",
    ),
    ("b", "POST /v1/messages"): (f"{PROGRAMS}::test_document_b_s_laravel_program_sends",),
    ("b", "POST /v1/verify/lookup"): ("verify/test_lookup.py",),
    ("c", "GET /v1/account"): (f"{PROGRAMS}::test_document_c_s_account_is_the_key_s",),
    ("c", "POST /v1/messages"): (f"{PROGRAMS}::test_document_c_s_list_of_numbers_is_sent_to_each",),
    ("c", "POST /v1/webhooks"): (f"{PROGRAMS}::test_document_c_s_webhook_is_made",),
    ("d", "POST /api/sms/send"): (
        f"{PROGRAMS}::test_document_d_s_shell_programs_send",
        f"{PROGRAMS}::test_document_d_s_programs_send",
        "dialects/test_prosendi_send.py",
    ),
    ("d", "POST /api/sms/send-bulk"): ("dialects/test_prosendi_send.py",),
    ("d", "GET /api/sms/status/{sms_id}"): ("dialects/test_prosendi_shows.py",),
    ("d", "GET /api/sms/sims/available"): ("dialects/test_prosendi_shows.py",),
    ("d", "GET /api/sms/test-connection"): ("dialects/test_prosendi_shows.py",),
    ("e", "POST /api/v1/send"): (E_ADDRESSES, "dialects/test_massejli.py"),
    ("e", "POST /api/v1/send-bulk"): (E_ADDRESSES, "dialects/test_massejli.py"),
    ("e", "GET /api/v1/balance"): (E_ADDRESSES,),
    ("e", "GET /api/v1/logs"): (E_ADDRESSES, "dialects/test_massejli.py"),
    ("e", "GET /api/v1/pricing"): (E_ADDRESSES, "dialects/test_massejli.py"),
    ("e", "POST /api/v1/calculate"): (E_ADDRESSES, "dialects/test_massejli.py"),
    ("e", "GET /api/v1/account"): (E_ADDRESSES, "dialects/test_massejli.py"),
}
"""Further tests of an address; all there are where the document prints no answer. A file stands for all of its tests."""
LATER = ("/v1/campaigns", "/v1/analytics")
"""Addresses that are not there yet begin like these."""


def is_there(endpoint: str) -> bool:
    """Whether an address is there yet."""
    return not endpoint.partition(" ")[2].startswith(LATER)
