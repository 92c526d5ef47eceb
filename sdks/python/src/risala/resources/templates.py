"""Calls of `templates`. Drawn from the OpenAPI document; do not change by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional, TypedDict

from risala.calls import OMIT, Resource
from risala.page import Page


class Template(TypedDict, total=False):
    id: str
    name: str
    channel: str
    category: str
    language: str
    status: str
    version: int
    body: str
    variables: list[str]
    approved_version: Optional[int]
    approved_body: Optional[str]
    created_at: str
    reason: Optional[str]
    provider_name: Optional[str]
    provider_language: Optional[str]
    provider_status: Optional[str]
    submitted_at: Optional[str]
    decided_at: Optional[str]


class TemplateCreateVersion(TypedDict, total=False):
    version: int
    status: str
    reason: Optional[str]
    body: str
    created_at: str
    submitted_at: Optional[str]
    decided_at: Optional[str]


class TemplateCreate(TypedDict, total=False):
    id: str
    name: str
    channel: str
    category: str
    language: str
    status: str
    version: int
    body: str
    variables: list[str]
    approved_version: Optional[int]
    approved_body: Optional[str]
    created_at: str
    reason: Optional[str]
    provider_name: Optional[str]
    provider_language: Optional[str]
    provider_status: Optional[str]
    submitted_at: Optional[str]
    decided_at: Optional[str]
    versions: list[TemplateCreateVersion]


class TemplateDelete(TypedDict, total=False):
    deleted: bool
    id: str


class TemplatePreview(TypedDict, total=False):
    text: str
    missing: list[str]
    characters: int
    too_long: bool
    encoding: str
    segments: int
    unicode_characters: list[str]


class TemplatesCalls(Resource):
    """`client.templates`"""

    def create(
        self,
        *,
        name: str,
        body: str,
        channel: str = OMIT,
        category: str = OMIT,
        language: str = OMIT,
        idempotency_key: Optional[str] = None,
    ) -> TemplateCreate:
        """Create a template.

        A draft. `{{name}}` in the body is filled when it is sent.

        Parameters:
            name: Once per account.
            body: Words in double braces are filled when it is sent.
            language: Of the text.
            idempotency_key: your own key for this call; without one, one is made, and repeats
                within the call keep it.
        """
        answer: TemplateCreate = self._caller.call(
            "POST",
            "/v1/templates",
            {
                "name": name,
                "body": body,
                "channel": channel,
                "category": category,
                "language": language,
            },
            keyed=True,
            idempotency_key=idempotency_key,
        )
        return answer

    def delete(self, id: str) -> TemplateDelete:
        """Delete a template.

        It can no longer be sent, and its name is free.
        """
        answer: TemplateDelete = self._caller.call("DELETE", f"/v1/templates/{self._part(id)}")
        return answer

    def get(self, id: str) -> TemplateCreate:
        """Get a template.

        One template, with its newest versions.
        """
        answer: TemplateCreate = self._caller.call("GET", f"/v1/templates/{self._part(id)}")
        return answer

    def list(
        self,
        *,
        category: str = OMIT,
        channel: str = OMIT,
        cursor: str = OMIT,
        limit: int = OMIT,
        offset: int = OMIT,
        q: str = OMIT,
        status: str = OMIT,
    ) -> Page[Template]:
        """List templates.

        Newest first.

        Parameters:
            cursor: next_cursor of the page before.
            limit: Rows of a page.
            offset: Rows to skip; not together with cursor.
            q: A part of the name.
            status: Of the newest version.
        """
        answer: Page[Template] = self._caller.pages(
            "/v1/templates",
            {
                "category": category,
                "channel": channel,
                "cursor": cursor,
                "limit": limit,
                "offset": offset,
                "q": q,
                "status": status,
            },
        )
        return answer

    def preview(self, id: str, *, variables: Mapping[str, Any] = OMIT) -> TemplatePreview:
        """Preview a template.

        The newest text with these variables, and what it takes. Nothing is sent.

        Parameters:
            variables: What the template's {{names}} stand for.
        """
        answer: TemplatePreview = self._caller.call(
            "POST", f"/v1/templates/{self._part(id)}/preview", {"variables": variables}
        )
        return answer

    def submit(self, id: str) -> TemplateCreate:
        """Submit a template.

        Asks the operator to approve a draft.
        """
        answer: TemplateCreate = self._caller.call("POST", f"/v1/templates/{self._part(id)}/submit")
        return answer

    def update(
        self,
        id: str,
        *,
        name: str = OMIT,
        body: str = OMIT,
        category: str = OMIT,
        language: str = OMIT,
    ) -> TemplateCreate:
        """Change a template.

        A new body of a template that was submitted once waits for approval; the approved text is
        used meanwhile.

        Parameters:
            name: Once per account.
            body: Words in double braces are filled when it is sent.
        """
        answer: TemplateCreate = self._caller.call(
            "PATCH",
            f"/v1/templates/{self._part(id)}",
            {"name": name, "body": body, "category": category, "language": language},
        )
        return answer
