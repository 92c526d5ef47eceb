"""The documentation site: complete in both languages, whole without foreign files, and true about who reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from accounts.models import Account, ApiKey, AuditEntry, Membership, User
from config.api.openapi import document
from config.docs import contents, finding, inserts, library, sources
from config.docs.postman import collection
from config.docs.reader import SCOPES, SLOT
from config.docs.rendering import render
from config.stack.launch import ROOT
from tests.docs.site_samples import blocks
from tests.ops.worlds import opened

SLUGS = tuple(contents.slugs())
PAGES = [(language, entry.slug) for language in contents.LANGUAGES for entry in library.entries(language)]
HEADING = re.compile(r"^##+ .*\{#([a-z0-9-]+)\}$", re.MULTILINE)
FOREIGN = re.compile(
    r"<(?:script|link|img|iframe|source|form)[^>]+(?:src|href|action)=\"(?:https?:)?//([^/\"]+)"
)
KEY = re.compile(r"rsl_test_[A-Za-z0-9_-]{43}")


def text(answer: Any) -> str:
    page: str = answer.content.decode()
    return page


# What is written


def test_both_languages_have_every_page_and_no_other() -> None:
    for language in contents.LANGUAGES:
        assert {path.stem for path in (sources.folder() / language).iterdir()} == set(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_both_languages_show_the_same_code_and_sections(slug: str) -> None:
    english, french = sources.read("en", slug), sources.read("fr", slug)
    assert blocks("en", slug) == blocks("fr", slug)
    assert HEADING.findall(english.body) == HEADING.findall(french.body)
    assert english.body.count("\n## ") + english.body.startswith("## ") == len(
        re.findall(r"^## .*\{#", english.body, re.MULTILINE)
    )
    assert inserts.advice(english).keys() == inserts.advice(french).keys()
    own = ("needs", "compat")
    assert [english.head.get(name) for name in own] == [french.head.get(name) for name in own]
    assert english.title != french.title or slug == "webhooks" or slug == "messages"


def test_every_value_a_page_asks_for_is_known() -> None:
    known = {*sources.values(), *inserts.INSERTS, "pages"}
    for language in contents.LANGUAGES:
        for slug in SLUGS:
            source = sources.read(language, slug)
            asked = re.findall(r"\[\[([a-z_]+)\]\]", source.body + "".join(source.head.values()))
            assert set(asked) <= known, (language, slug)


def test_advice_is_given_for_codes_that_exist() -> None:
    codes = {code.value for code in inserts.BY_STATUS}
    assert set(inserts.advice(sources.read("en", "errors"))) <= codes


def test_what_the_api_has_not_is_not_told() -> None:
    given = (
        "a [[needs v1/messages]]\nb [[lacks v1/messages]]\n[[needs v1/dreams]]c\n[[lacks v1/dreams]]d\ne\n"
    )
    assert sources.fitted(given) == "a\nd\ne\n"


# What is served


@pytest.mark.parametrize(("language", "slug"), PAGES)
def test_a_page_is_whole(client: Client, language: str, slug: str) -> None:
    """Served in its language without a database, with no style or script of its own and nothing from elsewhere."""
    address = contents.address(language, slug)
    answer = client.get(address)
    assert answer.status_code == 200
    page = text(answer)
    assert f'<html lang="{language}">' in page
    assert f'<link rel="canonical" href="{settings.PUBLIC_URL}{address}">' in page
    for other in contents.LANGUAGES:
        there = contents.address(other, slug)
        assert f'<link rel="alternate" hreflang="{other}" href="{settings.PUBLIC_URL}{there}">' in page
    assert page.count("<h1>") == 1
    assert "[[" not in page
    assert answer["Cache-Control"] == "public, max-age=300"
    assert answer["Content-Language"] == language
    assert set(FOREIGN.findall(page)) <= {settings.PUBLIC_URL.partition("//")[2]}
    assert not re.search(r"<style|<script(?![^>]+src=)|<[^>]+\s(?:style|on[a-z]+)=", page)
    assert "'unsafe" not in answer["Content-Security-Policy"]


def test_every_link_between_pages_leads_to_its_place(client: Client) -> None:
    drawn = {contents.address(*page): text(client.get(contents.address(*page))) for page in PAGES}
    others: dict[str, int] = {}
    for address, page in drawn.items():
        for href in set(re.findall(r'<a[^>]+href="((?:/|#)[^"]*)"', page)):
            path, _, part = href.partition("#")
            there = drawn.get(path or address)
            if there is None:
                place = path.partition("?")[0]
                others[place] = others.get(place) or client.get(path).status_code
                assert others[place] in (200, 302), (address, href)
            elif part:
                assert f'id="{part}"' in there, (address, href)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("fr-MA,fr;q=0.9,en;q=0.5", "fr"),
        ("ar,fr;q=0.5", "fr"),
        ("de", "en"),
        ("en,fr;q=0.9", "en"),
    ],
)
def test_without_a_language_the_readers_is_spoken(client: Client, accepted: str, language: str) -> None:
    for address in ("/docs/", "/docs", "/docs/webhooks", "/docs/webhooks/"):
        answer = client.get(address, headers={"accept-language": accepted})
        assert f'<html lang="{language}">' in text(answer)
        assert answer["Cache-Control"] == "private, max-age=300"
        assert {"Accept-Language", "Cookie"} <= set(re.split(r", ?", answer["Vary"]))


def test_the_addresses_that_document_a_links_to(client: Client) -> None:
    for address in ("/docs", "/docs/", "/en/docs", "/en/docs/", "/fr/docs"):
        assert 'id="errors"' in text(client.get(address))


def test_the_reference_with_and_without_a_slash(client: Client) -> None:
    for address in ("/docs/reference", "/docs/reference/", "/fr/docs/reference"):
        assert 'data-document="/v1/openapi.json"' in text(client.get(address))


@pytest.mark.parametrize("address", ["/docs/nothing", "/fr/docs/nothing/", "/de/docs", "/en/docs/nothing.md"])
def test_what_is_not_there_is_404(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_every_code_has_its_anchor_and_its_advice_in_the_language(client: Client) -> None:
    page = text(client.get("/fr/docs/errors"))
    for code in inserts.BY_STATUS:
        assert page.count(f'<tr id="{code.value.lower()}">') == 1
    assert "Le solde est insuffisant." in page
    assert "الرصيد غير كافٍ." in page
    assert "Rechargez, puis renvoyez la même requête." in page


def test_the_search_finds(client: Client) -> None:
    assert finding.search("fr", "webhook SIGNATURE")[0].url.startswith("/fr/docs/webhooks")
    assert finding.search("fr", "desabonnements")[0].url.startswith("/fr/docs/opt-outs")
    assert finding.search("en", "invalid_phone")[0].url == "/en/docs/errors#invalid_phone"
    assert finding.search("en", "zebra unicorn") == []
    assert 'href="/en/docs/opt-outs"' in text(client.get("/en/docs/search?q=opt-out"))
    assert "&lt;b&gt;" in text(client.get("/en/docs/search?q=<b>"))
    rows = json.loads(client.get("/docs/search-en.json").content)["places"]
    assert {row["url"].partition("#")[0] for row in rows} == {
        entry.address for entry in library.entries("en")
    }


def test_written_html_is_not_let_through() -> None:
    drawn = render(
        "<script>x()</script> [a](javascript:x()) [b](other.txt)\n\n```bash\n<b>\n```\n",
        language="en",
        link_to=lambda href: None,
        references={},
    )
    assert "<script" not in drawn.html
    assert "href" not in drawn.html
    assert "<b>" not in drawn.html


# What machines read


def test_downloads(client: Client) -> None:
    assert client.get("/docs/openapi.yaml").content == (ROOT / "docs" / "openapi.yaml").read_bytes()
    assert "attachment" in client.get("/docs/openapi.yaml")["Content-Disposition"]
    assert json.loads(client.get("/docs/postman.json").content) == collection()
    told = StringIO()
    call_command("postman", stdout=told)
    assert json.loads(told.getvalue()) == collection()


def requests(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        inner = item.get("item")
        if isinstance(inner, list):
            yield from requests(inner)
        else:
            yield item["request"]


def test_the_postman_collection_has_every_operation() -> None:
    made = {(one["method"], "/" + "/".join(one["url"]["path"])) for one in requests(collection()["item"])}
    drawn = {
        (method.upper(), re.sub(r"\{(\w+)\}", r":\1", path))
        for path, operations in document()["paths"].items()
        for method in operations
    }
    assert made == drawn
    bodies = {
        one["url"]["raw"]: one["body"]
        for one in requests(collection()["item"])
        if "body" in one and one["method"] == "POST"
    }
    body = json.loads(bodies["{{baseUrl}}/v1/messages"]["raw"])
    assert body == {"to": "+212612345678", "message": "Bonjour"}


def test_language_models_are_told_every_page_as_markdown(client: Client) -> None:
    told = text(client.get("/llms.txt"))
    for entry in library.entries("en"):
        assert f"{settings.PUBLIC_URL}/en/docs/{entry.slug}.md" in told
        page = text(client.get(f"/en/docs/{entry.slug}.md"))
        assert page.startswith(f"# {entry.title}\n")
        assert "[[" not in page
    assert "`INSUFFICIENT_BALANCE` (402)" in text(client.get("/en/docs/errors.md"))


@pytest.mark.parametrize(
    ("colour", "ink"), [("#0f766e", "#ffffff"), ("#ffd400", "#10201d"), ("#000000", "#ffffff")]
)
def test_the_icon_has_the_brands_colour(client: Client, settings: Settings, colour: str, ink: str) -> None:
    settings.BRAND_COLOR = colour
    icon = client.get("/favicon.svg")
    assert icon["Content-Type"] == "image/svg+xml"
    assert text(icon).count(colour) == 2
    assert text(icon).count(ink) == 1
    assert client.get("/favicon.ico")["Location"] == "/favicon.svg"


# Who reads


@pytest.fixture
def account(db: None) -> Account:
    return opened().account


def signed_in(account: Account, role: Membership.Role = Membership.Role.DEVELOPER) -> Client:
    user = User.objects.create(email=f"{role}-{account.id.hex}@atlas.test")
    Membership.objects.create(account=account, user=user, role=role)
    browser = Client()
    browser.force_login(user)
    return browser


def ask(browser: Client, owner: Account, **more: str) -> Any:
    form = {"account": f"acc_{owner.id.hex}", "compat": "native", "next": "/en/docs/quickstart", **more}
    return browser.post("/docs/sandbox-key", form)


def test_a_readers_examples_carry_a_key_that_works_and_nobody_elses_do(
    account: Account, client: Client
) -> None:
    browser = signed_in(account)
    assert ask(browser, account)["Location"] == "/en/docs/quickstart"
    answer = browser.get("/en/docs/quickstart")
    assert answer["Cache-Control"] == "private, no-store"
    keys = set(KEY.findall(text(answer)))
    assert len(keys) == 1
    (key,) = keys
    assert "rsl_test_YOUR_KEY" not in text(answer)
    told = client.get("/v1/account", headers={"authorization": f"Bearer {key}"}).json()
    assert (told["id"], told["mode"]) == (f"acc_{account.id.hex}", "test")
    row = ApiKey.objects.get(account=account)
    assert row.scopes == list(SCOPES)
    assert {"api_keys", "billing", "admin:gateway"}.isdisjoint(row.scopes)
    assert row.expires_at is not None
    assert key not in json.dumps(browser.session[SLOT])
    assert AuditEntry.objects.filter(account=account, action="api_key.issued").count() == 1
    for stranger in (Client(), signed_in(account, Membership.Role.OWNER)):
        assert KEY.findall(text(stranger.get("/en/docs/quickstart"))) == []


def test_a_new_key_ends_the_one_before_and_revoking_ends_it_for_good(account: Account) -> None:
    browser = signed_in(account)
    ask(browser, account)
    first = KEY.findall(text(browser.get("/docs/")))[0]
    ask(browser, account)
    assert first not in text(browser.get("/docs/"))
    assert ApiKey.objects.filter(account=account, active=True).count() == 1
    ask(browser, account, revoke="1")
    assert ApiKey.objects.filter(account=account, active=True).count() == 0
    assert "rsl_test_YOUR_KEY" in text(browser.get("/docs/"))


def test_the_key_speaks_the_dialect_of_the_page(account: Account) -> None:
    browser = signed_in(account)
    assert 'name="compat" value="smsprovider"' in text(browser.get("/en/docs/migrate-sms-provider"))
    ask(browser, account, compat="smsprovider")
    assert KEY.search(text(browser.get("/en/docs/migrate-sms-provider")))
    assert not KEY.search(text(browser.get("/en/docs/quickstart")))
    assert ApiKey.objects.get(account=account).compat == "smsprovider"


@pytest.mark.parametrize("role", [Membership.Role.SENDER, Membership.Role.BILLING, Membership.Role.READ_ONLY])
def test_roles_that_make_no_keys_get_none_here(account: Account, role: Membership.Role) -> None:
    browser = signed_in(account, role)
    assert "/docs/sandbox-key" not in text(browser.get("/en/docs/quickstart"))
    assert ask(browser, account).status_code == 403
    assert ApiKey.objects.count() == 0


def test_nobody_gets_a_key_of_a_strangers_account(account: Account, client: Client) -> None:
    other = opened("Rif").account
    assert ask(signed_in(account), other).status_code == 403
    assert ask(client, account).status_code == 403
    assert ask(signed_in(account, Membership.Role.ADMIN), account, account="acc_x").status_code == 403
    assert ask(signed_in(account, Membership.Role.OWNER), account, compat="klingon").status_code == 403
    forger = Client(enforce_csrf_checks=True)
    forger.cookies = signed_in(other).cookies
    assert ask(forger, other).status_code == 403
    assert ApiKey.objects.count() == 0


def test_the_way_back_stays_in_the_house(account: Account) -> None:
    assert ask(signed_in(account), account, next="https://evil.example/")["Location"] == "/en/docs"
