"""`/v1/templates`: list, create, change, delete, submit, preview. The rules are `messaging/templates.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import ids
from accounts.api.pagination import page
from accounts.api.schemas import page_parameters
from accounts.api.viewset import AccountScopedViewSet
from accounts.refusals import Code, Refused
from contacts.api.repeats import KEY_HEADER, once
from messaging import templates, text, wording
from messaging.api import schemas, templated
from messaging.models.template import NAME_CHARACTERS, Template, TemplateVersion
from messaging.sending.draft import CHANNELS

DEFAULT, MOST = 50, 200
VERSIONS_SHOWN = 20
LANGUAGE = re.compile(r"[a-z]{2,3}([_-][A-Za-z]{2,4})?", re.ASCII)
STATES = tuple(TemplateVersion.State.values)
FILTERS = [
    OpenApiParameter("status", str, enum=list(STATES), description="Of the newest version."),
    OpenApiParameter("channel", str, enum=list(CHANNELS)),
    OpenApiParameter("category", str, enum=list(Template.Category.values)),
    OpenApiParameter("q", str, description="A part of the name."),
    *page_parameters(default=DEFAULT, most=MOST),
]
NEWEST = TemplateVersion.objects.filter(template=OuterRef("pk")).order_by("-number")


class TemplateViewSet(AccountScopedViewSet):
    """Templates of the account, the same for live and test keys."""

    queryset = Template.objects.filter(deleted_at__isnull=True)
    kind = "template"
    lookup_field = "id"
    required_scope = "campaigns"

    @property
    def actor(self) -> str:
        return ids.show("api_key", self.caller.key_id)

    @extend_schema(summary="List templates", parameters=FILTERS, responses={200: schemas.TEMPLATES})
    def list(self, request: Request) -> Response:
        """Newest first."""
        query = request.query_params
        answer = page(self._filtered(query), query, _row, default=DEFAULT, most=MOST)
        return Response(answer)

    def _filtered(self, query: Mapping[str, str]) -> QuerySet[Template]:
        rows = _with_texts(self.get_queryset(), most=1)
        for name, known in (("channel", CHANNELS), ("category", Template.Category.values)):
            if given := query.get(name):
                rows = rows.filter(**{name: _one_of(given, known, name)})
        if status := query.get("status"):
            rows = rows.annotate(state=Subquery(NEWEST.values("state")[:1]))
            rows = rows.filter(state=_one_of(status, STATES, "status"))
        part = query.get("q", "").strip()
        return rows.filter(name__icontains=part) if part else rows

    @extend_schema(
        summary="Create a template",
        parameters=[KEY_HEADER],
        request={"application/json": schemas.TEMPLATE_CREATE},
        responses={201: schemas.TEMPLATE},
    )
    def create(self, request: Request) -> Response:
        """A draft. `{{name}}` in the body is filled when it is sent."""
        wish = _wish(self.body)

        def work() -> dict[str, Any]:
            return self._shown(templates.create(self.caller.account_id, wish))

        return once(request._request, self.caller, self.body, work, status=201)

    @extend_schema(summary="Get a template", responses={200: schemas.TEMPLATE})
    def retrieve(self, request: Request, id: str) -> Response:
        """One template, with its newest versions."""
        return Response(self._shown(self.get_object()))

    @extend_schema(
        summary="Change a template",
        request={"application/json": schemas.TEMPLATE_CHANGE},
        responses={200: schemas.TEMPLATE},
    )
    def partial_update(self, request: Request, id: str) -> Response:
        """A new body of a template that was submitted once waits for approval; the approved text is used meanwhile."""
        changes = _changes(self.body)
        done = templates.edit(self.caller.account_id, self.get_object().id, changes, actor=self.actor)
        return Response(self._shown(done))

    @extend_schema(summary="Delete a template", responses={200: schemas.TEMPLATE_DELETED})
    def destroy(self, request: Request, id: str) -> Response:
        """It can no longer be sent, and its name is free."""
        template = self.get_object()
        templates.delete(self.caller.account_id, template.id, actor=self.actor)
        return Response({"deleted": True, "id": ids.show("template", template.id)})

    @extend_schema(summary="Submit a template", request=None, responses={200: schemas.TEMPLATE})
    def submit(self, request: Request, id: str) -> Response:
        """Asks the operator to approve a draft."""
        done = templates.submit(self.caller.account_id, self.get_object().id, actor=self.actor)
        return Response(self._shown(done))

    @extend_schema(
        summary="Preview a template",
        request={"application/json": schemas.TEMPLATE_PREVIEW},
        responses={200: schemas.TEMPLATE_PREVIEWED},
    )
    def preview(self, request: Request, id: str) -> Response:
        """The newest text with these variables, and what it takes. Nothing is sent."""
        body = templates.newest(self.get_object()).body
        return Response(_previewed(body, templated.values(self.body)))

    def _shown(self, template: Template) -> dict[str, Any]:
        """As a caller sees it now, with versions."""
        return _detail(_with_texts(Template.objects.filter(pk=template.pk), most=VERSIONS_SHOWN).get())


def _with_texts(rows: QuerySet[Template], *, most: int) -> QuerySet[Template]:
    """Read along what is shown, with the `most` newest versions: two queries for any number of rows."""
    versions = TemplateVersion.objects.order_by("-number")[:most]
    return rows.select_related("in_use").prefetch_related(Prefetch("versions", versions, to_attr="history"))


def _row(template: Template) -> dict[str, Any]:
    history: list[TemplateVersion] = template.history  # type: ignore[attr-defined]
    latest = history[0]
    in_use = template.in_use
    return {
        "id": ids.show("template", template.id),
        "name": template.name,
        "channel": template.channel,
        "category": template.category,
        "language": template.language,
        "status": latest.state,
        "reason": latest.reason or None,
        "version": latest.number,
        "body": latest.body,
        "variables": wording.variables(latest.body),
        "approved_version": in_use.number if in_use else None,
        "approved_body": in_use.body if in_use else None,
        "provider_name": template.provider_name or None,
        "provider_language": template.provider_language or None,
        "provider_status": template.provider_status or None,
        "created_at": template.created_at,
        "submitted_at": latest.submitted_at,
        "decided_at": latest.decided_at,
    }


def _detail(template: Template) -> dict[str, Any]:
    history: list[TemplateVersion] = template.history  # type: ignore[attr-defined]
    return _row(template) | {
        "versions": [
            {
                "version": version.number,
                "status": version.state,
                "reason": version.reason or None,
                "body": version.body,
                "created_at": version.created_at,
                "submitted_at": version.submitted_at,
                "decided_at": version.decided_at,
            }
            for version in history
        ]
    }


def _previewed(body: str, values: Mapping[str, str]) -> dict[str, Any]:
    filled = text.clean(wording.fill_known(body, values))
    measure = text.measure(filled)
    return {
        "text": filled,
        "missing": wording.missing(body, values),
        "characters": len(filled),
        "too_long": len(filled) > 1600,
        "encoding": measure.encoding,
        "segments": measure.segments,
        "unicode_characters": list(measure.costly[:10]),
    }


def _wish(body: Mapping[str, Any]) -> templates.Wish:
    changes = _changes(body)
    for name in ("name", "body"):
        if not changes.get(name):
            raise Refused(Code.MISSING_FIELD, f"{name} is required.", param=name)
    channel = body.get("channel") or "sms"
    if channel not in CHANNELS:
        raise Refused(Code.INVALID_CHANNEL, "channel must be sms, whatsapp, or telegram.", param="channel")
    return templates.Wish(
        name=changes["name"],
        channel=channel,
        category=changes.get("category", Template.Category.TRANSACTIONAL.value),
        language=changes.get("language", "fr"),
        body=changes["body"],
    )


def _changes(body: Mapping[str, Any]) -> dict[str, str]:
    """The texts that a body gives; null is as good as absent. Raises `Refused(INVALID_FIELD)`."""
    found = {}
    for name in ("name", "body", "category", "language"):
        value = body.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            raise Refused(Code.INVALID_FIELD, f"{name} must be a string.", param=name)
        found[name] = value if name == "body" else value.strip()
    _check(found)
    return found


def _check(given: Mapping[str, str]) -> None:
    name = given.get("name")
    if name is not None and not (1 <= len(name) <= NAME_CHARACTERS and name.isprintable()):
        sentence = f"name has 1 to {NAME_CHARACTERS} printable characters."
        raise Refused(Code.INVALID_FIELD, sentence, param="name")
    if "category" in given:
        _one_of(given["category"], Template.Category.values, "category")
    if LANGUAGE.fullmatch(given.get("language", "fr")) is None:
        sentence = "language is a code such as fr, en, ar or fr-MA."
        raise Refused(Code.INVALID_FIELD, sentence, param="language")


def _one_of(value: str, known: Any, param: str) -> str:
    if value not in known:
        raise Refused(Code.INVALID_FIELD, f"{param} is one of {', '.join(known)}.", param=param)
    return value
