"""The rules that the documents state in words, each with the tests that show it, and where the product does otherwise."""

from typing import NamedTuple

from tests.contract.inventory import EXAMPLES, LIMITS, PROGRAMS, REFUSALS, RULES_FILE, SIGNATURES

LIMITS_FILE = "contract/test_limits.py"


class Rule(NamedTuple):
    """One rule of some documents. `tests` are names or whole files below tests/; `differs` says what we do otherwise, and why."""

    documents: str
    says: str
    tests: tuple[str, ...]
    differs: str = ""


def of_rules(*names: str) -> tuple[str, ...]:
    """Tests of test_rules.py."""
    return tuple(f"{RULES_FILE}::test_{name}" for name in names)


def of_limits(*names: str) -> tuple[str, ...]:
    """Tests of test_limits.py."""
    return tuple(f"{LIMITS_FILE}::test_{name}" for name in names)


def of_signatures(*names: str) -> tuple[str, ...]:
    """Tests of test_signatures.py."""
    return tuple(f"{SIGNATURES}::test_{name}" for name in names)


ACCESS = (
    Rule("abc", "The key goes in `Authorization: Bearer`", (EXAMPLES,)),
    Rule("d", "The key goes in `X-API-Key` or `Authorization: Bearer`", of_rules("document_d_s_key_comes_by_either_header")),
    Rule("e", "The key goes in `X-API-Key` or `Authorization: Bearer`", of_rules("document_e_s_addresses_answer_by_either_header")),
    Rule("a", "Keys are kept as hashes and shown once", of_rules("keys_are_known_by_their_sums_alone")),
    Rule("ab", "An address that is not on the key's list gets 401", (REFUSALS,)),
    Rule("b", "Eleven permissions", of_rules("a_permission_of_document_b_opens_what_it_names_and_nothing_else"),
         "`billing` opens the balance too"),
    Rule("abc", "Rate headers on every answer", of_rules("every_answer_has_the_headers")),
    Rule("ab", "The version header on every answer", of_rules("every_answer_has_the_headers"),
         "beside one with the brand of the house"),
    Rule("ab", "Answers are `application/json; charset=utf-8`", of_rules("every_answer_has_the_headers")),
    Rule("ab", "Browsers may send the documents' headers (CORS)", of_rules("a_browser_may_send_the_headers_of_a_and_b")),
    Rule("b", "The printed request head is taken", (f"{PROGRAMS}::test_document_b_s_headers_are_taken",)),
    Rule("abe", "A key may ask 100 times a minute unless it says otherwise",
         of_limits("a_key_may_ask_a_hundred_times_a_minute_when_nothing_is_said")),
    Rule("a", "After too many requests, wait 60 seconds", (REFUSALS,),
         "`Retry-After` has the seconds that it really takes, at most 60"),
    Rule("c", "Standard 10, Enterprise 50 requests a second; `X-RateLimit-Reset` in seconds",
         of_limits("document_c_s_plans_have_a_speed")),
    Rule("d", "Expiry, switch, service and company of a key are looked at", (REFUSALS, EXAMPLES)),
    Rule("abcd", "A printed key opens nothing", (f"{PROGRAMS}::test_a_printed_key_is_nobody_s",)),
    Rule("a", "The OpenAPI document can be fetched as YAML", ("api/test_openapi.py::test_it_is_served_without_a_key",)),
    Rule("ab", "An error links to its explanation", (REFUSALS,), "to the code's own paragraph on the pages of the house"),
)  # fmt: skip

SENDING = (
    Rule("a", "06, 07, 212 and +212 become E.164", of_rules("document_a_s_numbers_become_e164")),
    Rule("d", "Numbers match its rule; its lists of valid and invalid ones",
         of_rules("document_d_s_valid_and_invalid_examples"),
         "one number of its own list of valid ones breaks its rule: it is taken all the same"),
    Rule("ab", "`message` or `body`, `from`", of_rules("a_name_of_a_field_is_as_good_as_the_other")),
    Rule("abc", "Without `from` a default is used", of_rules("a_sender_that_is_not_given_is_the_account_s"),
         "the account's, else the house's own, and not a provider's brand"),
    Rule("e", "Without `sender_id` a default is used", ("dialects/test_massejli.py::test_the_documented_send",),
         "the account's, else the house's own, and not `SMS`"),
    Rule("a", "Control characters are removed", of_limits("control_characters_do_not_count")),
    Rule("a", "A text is cut at 1,600 characters", of_limits("document_a_cuts_a_longer_text_and_says_so"),
         "the answer says `truncated: true`"),
    Rule("abc", "160 then 153 characters a segment, 70 then 67 in Unicode; the price is per segment",
         of_limits("segments_are_counted_as_printed")),
    Rule("ab", "`cascade` uses the channels there are", of_rules("cascade_goes_by_the_channels_there_are")),
    Rule("ab", "`metadata` is kept with the message and told in webhooks",
         (*of_rules("metadata_is_kept"), *of_signatures("sent_and_delivered_are_told_and_document_b_verifies_them"))),
    Rule("ab", "A batch that the balance does not cover is refused whole", (REFUSALS,)),
    Rule("ab", "10,000 messages in a batch",
         ("journeys/test_bulk.py::test_ten_thousand_are_taken_and_one_more_is_not",)),
    Rule("c", "`to` is a number or a list of them",
         (f"{PROGRAMS}::test_document_c_s_list_of_numbers_is_sent_to_each",)),
    Rule("c", "`scheduled_at`", ("journeys/test_scheduling.py",)),
    Rule("c", "`callback_url` of one message",
         ("journeys/test_webhooks.py::test_a_callback_address_of_one_message",)),
    Rule("abce", "Its words for statuses, and filters by them",
         of_rules("statuses_have_the_document_s_words_and_can_be_filtered_by_them")),
    Rule("d", "Its words for statuses", ("dialects/test_prosendi_shows.py::test_status_in_the_document_s_words",)),
    Rule("ab", "Filters by channel and time, `limit` and `offset`", of_rules("document_a_s_filters_by_date_and_channel")),
    Rule("ab", "50 messages, 100 contacts on a page unless it says otherwise",
         of_limits("a_page_has_the_document_s_size_when_none_is_asked_for")),
    Rule("d", "The status is `sent` in the answer to sending", (EXAMPLES,),
         "`pending` when the gateway has not answered within three seconds"),
    Rule("d", "SIMs have limits of a day and a month, one is the default, some are assigned",
         ("dialects/test_prosendi_send.py", "dialects/test_over_http.py::test_a_limit_holds_among_parallel_requests")),
    Rule("e", "`schedule_time` is `Y-m-d H:i:s`",
         ("dialects/test_massejli.py::test_a_schedule_is_meant_in_the_account_s_zone",),
         "in the account's time zone, of which the document says nothing"),
    Rule("e", "`message_type` 1, 2 or 4", ("dialects/test_massejli.py::test_the_kind_of_text_is_a_hint", LIMITS),
         "a hint: no text is garbled for it"),
    Rule("e", "History in pages, by status and by days",
         ("dialects/test_massejli.py::test_the_history_in_pages_and_by_status",
          "dialects/test_massejli.py::test_the_history_between_days")),
    Rule("e", "The calculator sends nothing", ("dialects/test_massejli.py::test_the_calculator_sends_nothing",)),
    Rule("e", "500 for our own faults", ("dialects/test_over_http.py::test_document_e_sends_and_is_delivered",),
         "not provoked: nothing that a client does leads there; an overload is 503"),
)  # fmt: skip

CODES = (
    Rule("ab", "Six digits, ten minutes unless it says otherwise",
         of_limits("a_code_has_six_digits_and_ten_minutes_when_nothing_is_said")),
    Rule("ab", "`{{code}}` and `{{brand}}` in a template; the code is shown in the sandbox alone",
         of_rules("a_code_in_the_sandbox_alone_is_shown")),
    Rule("a", "A brand is cut at 32 characters", of_limits("document_a_cuts_a_longer_brand")),
    Rule("a", "The code is kept hashed", ("verify/test_send.py::test_everybody_but_the_carrier_sees_stars",)),
    Rule("ab", "Three failed checks, however many guess at once", of_limits("two_hundred_guesses_at_once_get_three_checks")),
    Rule("a", "A session is deleted once its code was right", (REFUSALS, EXAMPLES),
         "checking it again is `SESSION_NOT_FOUND`; reading it still shows when it was verified, as B has it"),
    Rule("ab", "A code may be sent at any time", ("verify/test_limits.py",),
         "live keys have limits per number and address: `RESEND_COOLDOWN`, `RATE_LIMITED`"),
)  # fmt: skip

PEOPLE = (
    Rule("ab", "One contact a number; search by number, name and address; members of a list",
         (EXAMPLES, "contacts/test_upsert.py", "contacts/test_search.py")),
    Rule("ab", "5,000 contacts in an import", (EXAMPLES, REFUSALS, "contacts/test_imports.py")),
    Rule("a", "An opt-out marks the contact, and nothing more is sent", (EXAMPLES, REFUSALS, "contacts/test_optouts.py")),
)  # fmt: skip

CAMPAIGNS_FILE = "contract/test_campaigns.py"
CAMPAIGNS = (
    Rule("ab", "`{{name}}` is filled in; who opted out is left out; a campaign is sent once",
         (f"{CAMPAIGNS_FILE}::test_each_member_who_did_not_opt_out_gets_the_text_with_the_name",),
         "a second `send` is 409 `INVALID_STATE`"),
    Rule("a", "A campaign is sent to its list, and not without one",
         (f"{CAMPAIGNS_FILE}::test_a_campaign_without_a_list_is_not_sent",)),
    Rule("ab", "A name, and a text or a template", (f"{CAMPAIGNS_FILE}::test_a_campaign_has_a_name_and_a_text_or_a_template",)),
    Rule("b", "An approved template in place of the text", (f"{CAMPAIGNS_FILE}::test_a_campaign_may_take_an_approved_template",)),
    Rule("ab", "`scheduled_at`", (f"{CAMPAIGNS_FILE}::test_a_scheduled_campaign_waits",)),
    Rule("a", "In the order they were made", (f"{CAMPAIGNS_FILE}::test_campaigns_are_in_the_order_they_were_made",), "newest first"),
    Rule("b", "`metadata.throttling`", (EXAMPLES,)),
    Rule("ab", "Analytics count messages, by its words for statuses",
         (EXAMPLES, f"{CAMPAIGNS_FILE}::test_analytics_count_by_the_document_s_words")),
)  # fmt: skip

MONEY = (
    Rule("a", "Top-ups by stripe, cmi and bank_transfer", of_rules("document_a_s_ways_to_pay_are_known")),
    Rule("a", "A top-up is pending until it is paid",
         (*of_rules("a_top_up_that_nobody_paid_moves_no_money"), "topups/test_stripe.py", "topups/test_transfers.py")),
)  # fmt: skip

HOOKS = (
    Rule("b", "Its signature, verified by its own program",
         of_signatures("sent_and_delivered_are_told_and_document_b_verifies_them"),
         "the header comes without its dot as well: some proxies drop names with dots"),
    Rule("c", "Its payload and signature, verified by its own program", of_signatures("document_c_verifies_its_own")),
    Rule("a", "`X-SMSMaroc-Signature` and `-Event`",
         of_signatures("document_a_s_header_has_the_form_of_b_s_over_the_same_bytes"),
         "A does not say how it signs: as B does"),
    Rule("abc", "Its names of events", of_signatures("each_state_is_told_by_the_document_s_name")),
    Rule("b", "`verify.success`", of_signatures("a_right_code_is_told_to_document_b")),
    Rule("ab", "Events when none are named", of_signatures("events_that_are_not_named_are_the_document_s")),
    Rule("ab", "HTTPS only", ("webhooks/test_addresses.py",)),
    Rule("a", "A post has ten seconds", ("webhooks/test_egress_limits.py",), "settable: `WEBHOOK_TIMEOUT_SECONDS`"),
    Rule("d", "Webhooks are planned", ("journeys/test_webhooks.py",), "they work: make them at `/v1/webhooks`"),
)  # fmt: skip

RULES: dict[str, tuple[Rule, ...]] = {
    "Keys, headers and speed": ACCESS,
    "Messages": SENDING,
    "One-time codes": CODES,
    "Contacts and opt-outs": PEOPLE,
    "Campaigns and analytics": CAMPAIGNS,
    "Money": MONEY,
    "Webhooks": HOOKS,
}
