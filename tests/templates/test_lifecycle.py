"""Templates over the API: written, submitted, decided; what is approved is what was read, and stays in use."""

import re
from typing import Any

import pytest
from django.test import override_settings

from accounts import ids
from accounts.models import Account, AuditEntry
from accounts.refusals import Code, Refused
from messaging import templates
from messaging.models import Template, TemplateVersion
from tests.contacts.conftest import Api
from tests.ops.worlds import opened
from tests.templates.conftest import BODY, approved, decide, made, submitted


def test_a_draft_is_made_and_shown(api: Api) -> None:
    draft = made(api, category="marketing", language="fr-MA")
    assert re.fullmatch("tpl_[0-9a-f]{32}", draft["id"])
    assert draft == {
        "id": draft["id"],
        "name": "Parcel",
        "channel": "sms",
        "category": "marketing",
        "language": "fr-MA",
        "status": "draft",
        "reason": None,
        "version": 1,
        "body": BODY,
        "variables": ["name", "day"],
        "approved_version": None,
        "approved_body": None,
        "provider_name": None,
        "provider_language": None,
        "provider_status": None,
        "created_at": draft["created_at"],
        "submitted_at": None,
        "decided_at": None,
        "versions": [
            {
                "version": 1,
                "status": "draft",
                "reason": None,
                "body": BODY,
                "created_at": draft["versions"][0]["created_at"],
                "submitted_at": None,
                "decided_at": None,
            }
        ],
    }
    assert api.get(f"templates/{draft['id']}") == draft
    row = {name: value for name, value in draft.items() if name != "versions"}
    assert api.get("templates") == {"data": [row], "limit": 50, "offset": 0, "total": 1, "next_cursor": None}


def test_the_approved_text_stays_in_use_until_a_newer_one_is_approved(api: Api, account: Account) -> None:
    shown = approved(api)
    changed = api.send("PATCH", f"templates/{shown}", {"body": "Salut {{name}}"})[1]
    assert (changed["status"], changed["version"], changed["approved_version"]) == ("pending", 2, 1)
    assert (changed["body"], changed["approved_body"]) == ("Salut {{name}}", BODY)
    assert templates.approved(account.id, shown).body == BODY
    decide(shown, reason="Say who you are")
    rejected = api.get(f"templates/{shown}")
    assert (rejected["status"], rejected["reason"]) == ("rejected", "Say who you are")
    assert templates.approved(account.id, shown).version == 1
    api.send("PATCH", f"templates/{shown}", {"body": "Atlas: salut {{name}}"})
    decide(shown)
    usable = templates.approved(account.id, shown)
    assert (usable.version, usable.body) == (3, "Atlas: salut {{name}}")
    told = AuditEntry.objects.filter(account=account, action__startswith="template.").order_by("id")
    assert [(entry.action, entry.detail["version"]) for entry in told] == [
        ("template.submitted", 1),
        ("template.approved", 1),
        ("template.submitted", 2),
        ("template.rejected", 2),
        ("template.submitted", 3),
        ("template.approved", 3),
    ]


def test_a_text_that_changed_while_it_was_read_cannot_be_approved(api: Api, account: Account) -> None:
    shown = submitted(api)
    template = Template.objects.get(pk=ids.read("template", shown))
    read = templates.newest(template)
    api.send("PATCH", f"templates/{shown}", {"body": "Something else entirely"})
    with pytest.raises(Refused) as refused:
        templates.approve(read.id, actor="boss@risala.test")
    assert refused.value.code is Code.INVALID_STATE
    template.refresh_from_db()
    assert template.in_use_id is None
    assert [(v.number, v.state) for v in TemplateVersion.objects.filter(template=template)] == [
        (2, "pending")
    ]


def test_a_decision_is_made_once(api: Api) -> None:
    shown = approved(api)
    version = templates.newest(Template.objects.get(pk=ids.read("template", shown)))
    with pytest.raises(Refused) as refused:
        templates.reject(version.id, actor="b", reason="late")
    assert refused.value.code is Code.INVALID_STATE
    with pytest.raises(Refused) as refused:
        templates.approve(version.id, actor="b")
    assert refused.value.code is Code.INVALID_STATE
    assert api.get(f"templates/{shown}")["status"] == "approved"
    assert api.refused("POST", f"templates/{shown}/submit") == (409, "INVALID_STATE", None)


@override_settings(REQUIRE_TEMPLATE_APPROVAL=False)
def test_installations_may_approve_sms_by_themselves(api: Api) -> None:
    shown = made(api)["id"]
    assert api.post(f"templates/{shown}/submit", {}, 200)["status"] == "approved"
    whatsapp = made(api, name="Parcel on WhatsApp", channel="whatsapp")["id"]
    assert api.post(f"templates/{whatsapp}/submit", {}, 200)["status"] == "pending"


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"body": "x"}, (400, "MISSING_FIELD", "name")),
        ({"name": "N"}, (400, "MISSING_FIELD", "body")),
        ({"name": "N", "body": " \n"}, (400, "MISSING_FIELD", "body")),
        ({"name": "N", "body": "x" * 1601}, (400, "MESSAGE_TOO_LONG", "body")),
        ({"name": "N", "body": "Hi {{}}"}, (400, "INVALID_FIELD", "body")),
        ({"name": "N", "body": "Hi {{first name}}"}, (400, "INVALID_FIELD", "body")),
        ({"name": "N", "body": "Hi {{name}"}, (400, "INVALID_FIELD", "body")),
        ({"name": "N", "body": 5}, (400, "INVALID_FIELD", "body")),
        ({"name": "x" * 121, "body": "x"}, (400, "INVALID_FIELD", "name")),
        ({"name": "N", "body": "x", "channel": "fax"}, (400, "INVALID_CHANNEL", "channel")),
        ({"name": "N", "body": "x", "category": "spam"}, (400, "INVALID_FIELD", "category")),
        ({"name": "N", "body": "x", "language": "français"}, (400, "INVALID_FIELD", "language")),
    ],
)
def test_what_is_wrong_is_refused_and_makes_nothing(api: Api, body: Any, refusal: Any) -> None:
    assert api.refused("POST", "templates", body) == refusal
    assert not Template.objects.exists()


def test_a_text_of_1600_characters_is_taken(api: Api) -> None:
    assert made(api, body="x" * 1600)["body"] == "x" * 1600


def test_a_name_is_taken_once_and_free_again_after_a_deletion(api: Api) -> None:
    shown = made(api)["id"]
    assert api.refused("POST", "templates", {"name": "Parcel", "body": "x"}) == (409, "INVALID_STATE", "name")
    assert api.send("DELETE", f"templates/{shown}") == (200, {"deleted": True, "id": shown})
    assert api.refused("GET", f"templates/{shown}") == (404, "NOT_FOUND", None)
    assert api.get("templates")["data"] == []
    assert made(api)["name"] == "Parcel"


def test_what_kind_it_is_stays_once_it_was_submitted(api: Api) -> None:
    shown = made(api)["id"]
    assert api.send("PATCH", f"templates/{shown}", {"category": "marketing"})[1]["category"] == "marketing"
    api.post(f"templates/{shown}/submit", {}, 200)
    assert api.refused("PATCH", f"templates/{shown}", {"category": "otp", "name": "X"}) == (
        409,
        "INVALID_STATE",
        "category",
    )
    assert api.get(f"templates/{shown}")["name"] == "Parcel"


def test_nobody_sees_or_touches_the_template_of_another_account(api: Api) -> None:
    shown = approved(api)
    stranger = Api(opened("Rif").account)
    for method, path in (
        ("GET", f"templates/{shown}"),
        ("PATCH", f"templates/{shown}"),
        ("DELETE", f"templates/{shown}"),
        ("POST", f"templates/{shown}/submit"),
        ("POST", f"templates/{shown}/preview"),
    ):
        body = {"name": "Mine"} if method == "PATCH" else None
        assert stranger.refused(method, path, body) == (404, "NOT_FOUND", None)
    assert stranger.get("templates")["total"] == 0
    with pytest.raises(Refused) as refused:
        templates.approved(stranger.account.id, shown)
    assert refused.value.code is Code.TEMPLATE_NOT_FOUND


def test_a_key_without_the_permission_may_not(account: Account) -> None:
    weak = Api(account, scopes=["send"])
    assert weak.refused("GET", "templates") == (403, "FORBIDDEN", None)


def test_lists_are_filtered(api: Api) -> None:
    first = approved(api, name="Parcel")
    made(api, name="Offer", category="marketing")
    for query, names in (
        ("?status=approved", ["Parcel"]),
        ("?status=draft", ["Offer"]),
        ("?category=marketing", ["Offer"]),
        ("?channel=whatsapp", []),
        ("?q=parc", ["Parcel"]),
    ):
        assert [row["name"] for row in api.get(f"templates{query}")["data"]] == names
    api.send("PATCH", f"templates/{first}", {"body": "Salut"})
    assert [row["name"] for row in api.get("templates?status=pending")["data"]] == ["Parcel"]
    assert api.refused("GET", "templates?status=lost") == (400, "INVALID_FIELD", "status")


def test_a_preview_counts_and_names_what_is_missing(api: Api) -> None:
    shown = made(api)["id"]
    answer = api.post(f"templates/{shown}/preview", {"variables": {"name": "Sara €", "day": "lundi"}}, 200)
    assert answer == {
        "text": "Bonjour Sara €, votre colis arrive lundi.",
        "missing": [],
        "characters": 41,
        "too_long": False,
        "encoding": "gsm7",
        "segments": 1,
        "unicode_characters": [],
    }
    partly = api.post(f"templates/{shown}/preview", {"variables": {"name": "سارة" * 20}}, 200)
    assert (partly["missing"], partly["encoding"], partly["segments"]) == (["day"], "ucs2", 2)
    assert "{{ day }}" in partly["text"]
    assert api.refused("POST", f"templates/{shown}/preview", {"variables": {"name": [1]}}) == (
        400,
        "INVALID_FIELD",
        "variables.name",
    )


def test_a_repeated_creation_makes_one(api: Api) -> None:
    body = {"name": "Parcel", "body": BODY}
    first = api.told("POST", "templates", body, **{"idempotency-key": "once"})
    again = api.told("POST", "templates", body, **{"idempotency-key": "once"})
    assert (first[0], again[0], again[1]) == (201, 201, first[1])
    assert Template.objects.count() == 1
