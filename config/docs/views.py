"""The doors of the documentation: pages, search, downloads, and the reader's sandbox key. Pages of a signed-in reader are
never cached; those without language in their address only by the browser."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.html import escape
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_POST, require_safe

from accounts import ids
from accounts.refusals import Refused
from config.api import openapi
from config.docs import contents, finding, library, postman, reader, sources
from config.docs.contents import HOME, WORDS
from config.docs.reader import Reader

ANYBODY = "public, max-age=300"
BROWSER = "private, max-age=300"
NOBODY = "private, no-store"


@require_safe
def page(request: HttpRequest, slug: str, language: str | None = None) -> HttpResponse:
    """A page, in the language of its address or else that of the reader."""
    spoken = language or spoken_by(request)
    found = library.page(spoken, slug)
    if found is None:
        who = reader.of(request, "native")
        answer = render(request, "docs/missing.html", _frame(request, spoken, HOME, who), status=404)
        return _kept(answer, None, who, spoken)
    who = reader.of(request, found.compat)
    html = found.html
    if who is not None and who.key:
        html = html.replace(escape(sources.placeholder_key()), escape(who.key))
    before, after = library.neighbours(found)
    context = _frame(request, spoken, slug, who) | {
        "page": found,
        "body": html,
        "before": before,
        "after": after,
        "compat": found.compat,
    }
    return _kept(render(request, "docs/page.html", context), language, who, spoken)


@csp_update({"style-src": ["'unsafe-inline'"]})
@require_safe
def reference(request: HttpRequest, language: str | None = None) -> HttpResponse:
    """The interactive reference. Swagger UI writes style attributes, hence the one exception to our policy."""
    spoken = language or spoken_by(request)
    who = reader.of(request, "native")
    context = _frame(request, spoken, "reference", who) | {"key": who.key if who else None}
    return _kept(render(request, "docs/reference.html", context), language, who, spoken)


@require_safe
def search(request: HttpRequest, language: str | None = None) -> HttpResponse:
    """The search for browsers without script; with one the page itself searches."""
    spoken = language or spoken_by(request)
    query = request.GET.get("q", "")[:200]
    who = reader.of(request, "native")
    context = _frame(request, spoken, "search", who) | {
        "query": query,
        "places": finding.search(spoken, query),
    }
    return _kept(render(request, "docs/search.html", context), None, who, spoken)


@require_safe
def index(request: HttpRequest, language: str) -> HttpResponse:
    """The list that the page's script searches."""
    return _file(JsonResponse({"places": finding.as_rows(language)}), "")


@require_safe
def as_text(request: HttpRequest, slug: str, language: str | None = None) -> HttpResponse:
    """A page as Markdown."""
    spoken = language or spoken_by(request)
    text = library.as_text(spoken, slug)
    if text is None:
        raise Http404(slug)
    return _kept(HttpResponse(text, content_type="text/markdown; charset=utf-8"), language, None, spoken)


@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """What language models are told of this site (llmstxt.org): a summary and where the pages are in Markdown."""
    root = settings.PUBLIC_URL
    lines = [f"# {settings.BRAND_NAME} API", ""]
    home = library.page("en", HOME)
    lines += [f"> {home.description}" if home else "", ""]
    for title, group in library.menu("en"):
        lines += [f"## {title}", ""]
        lines += [f"- [{e.title}]({root}/en/docs/{e.slug}.md): {e.description}" for e in group]
        lines.append("")
    lines += ["## Machine-readable", "", f"- [OpenAPI document]({root}/docs/openapi.yaml)"]
    lines += [f"- [Postman collection]({root}/docs/postman.json)", ""]
    return _file(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"), "")


@require_safe
def openapi_file(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document as a download."""
    return _file(
        HttpResponse(openapi.as_yaml(), content_type="application/yaml; charset=utf-8"), "openapi.yaml"
    )


@require_safe
def postman_file(request: HttpRequest) -> HttpResponse:
    """The Postman collection as a download."""
    return _file(JsonResponse(postman.collection()), f"{settings.BRAND_KEY_PREFIX}.postman_collection.json")


@require_POST
def sandbox_key(request: HttpRequest) -> HttpResponse:
    """Make or revoke the reader's key; then back to the page."""
    compat = request.POST.get("compat", "")
    try:
        if "revoke" in request.POST:
            reader.revoke_key(request, compat=compat)
        else:
            account_id = ids.read("account", request.POST.get("account", ""))
            reader.make_key(request, account_id=account_id, compat=compat)
    except Refused as refused:
        return HttpResponse(refused.detail, status=403, content_type="text/plain; charset=utf-8")
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if safe else contents.address(spoken_by(request)))


def spoken_by(request: HttpRequest) -> str:
    """The first language the reader accepts that the pages have, else English."""
    accepted = parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
    asked = (language.partition("-")[0] for language, _ in accepted)
    return next((language for language in asked if language in contents.LANGUAGES), contents.LANGUAGES[0])


def _frame(request: HttpRequest, language: str, slug: str, who: Reader | None) -> dict[str, Any]:
    """What every page's frame shows."""
    own = contents.address(language, slug)
    return {
        "brand": settings.BRAND_NAME,
        "root": settings.PUBLIC_URL,
        "language": language,
        "languages": [
            (code, contents.NAMES[code], contents.address(code, slug)) for code in contents.LANGUAGES
        ],
        "words": WORDS[language],
        "menu": library.menu(language),
        "slug": slug,
        "home": contents.address(language),
        "own": own,
        "reader": who,
        "sign_in": f"{reverse(settings.LOGIN_URL)}?next={own}",
    }


def _kept(answer: HttpResponse, language: str | None, who: Reader | None, spoken: str) -> HttpResponse:
    """Say who may keep an answer (nobody that of a signed-in reader), and in which language it is."""
    answer["Content-Language"] = spoken
    answer["Cache-Control"] = NOBODY if who else ANYBODY if language else BROWSER
    patch_vary_headers(answer, ["Cookie"] if language else ["Cookie", "Accept-Language"])
    return answer


def _file(answer: HttpResponse, name: str) -> HttpResponse:
    answer["Cache-Control"] = ANYBODY
    if name:
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
