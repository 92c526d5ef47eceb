"""`/v1/api-keys` of documents A and B: list, create, change, revoke. Whoever makes or changes a key gives it
no right that their own key lacks: no other scope, address, mode or longer life (contract of the API, 3.6)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import keys
from accounts.api import authentication, fields
from accounts.api.schemas import KEY_CREATE, KEY_CREATED, KEY_LIST, KEY_REVOKED, KEY_UPDATE, KEY_UPDATED
from accounts.api.viewset import AccountScopedViewSet
from accounts.caller import Caller
from accounts.models import ApiKey, Compat, Mode
from accounts.networks import normalise, read_network, within
from accounts.refusals import Code, Refused

WARNING = "The full API key is shown once. Store it securely."


class ApiKeyViewSet(AccountScopedViewSet):
    """API keys of the account. A test key sees and makes test keys only."""

    queryset = ApiKey.objects.all()
    kind = "api_key"
    lookup_field = "id"
    required_scope = "api_keys"

    def get_queryset(self) -> Any:
        if self.is_drawn:
            return ApiKey.objects.none()
        rows = ApiKey.objects.filter(account_id=self.caller.account_id)
        return rows.filter(mode=Mode.TEST) if self.caller.mode == Mode.TEST else rows

    @extend_schema(summary="List API keys", responses={200: KEY_LIST})
    def list(self, request: Request) -> Response:
        """All keys, active or revoked, newest first; never a full key."""
        compat = self.caller.compat
        return Response({"data": [_row(key, compat) for key in self.get_queryset()[: keys.MOST_PER_ACCOUNT]]})

    @extend_schema(
        summary="Create an API key", request={"application/json": KEY_CREATE}, responses={201: KEY_CREATED}
    )
    def create(self, request: Request) -> Response:
        """Makes a key and returns its full text, once."""
        maker = self.caller
        body = fields.body_of(request)
        if self.get_queryset().count() >= keys.MOST_PER_ACCOUNT:
            raise Refused(Code.INVALID_STATE, f"An account has at most {keys.MOST_PER_ACCOUNT} keys.")
        scopes = _permissions(body, maker)
        maker_row = ApiKey.objects.get(pk=maker.key_id)
        networks = _networks(body, maker)
        key, full_key = keys.issue(
            maker.account_id,
            mode=maker.mode,
            compat=maker.compat,
            name=fields.text(body, "name") or "API key",
            scopes=sorted(maker.scopes - {"admin:gateway"}) if scopes is None else scopes,
            ip_allow_list=maker_row.ip_allow_list if networks is None else networks,
            rate_per_minute=_rate(body) or keys.DEFAULT_RATE,
            expires_at=maker_row.expires_at,
            service=maker.service,
            actor=f"api key {maker.key_name}",
            ip=maker.ip,
        )
        shown = {
            "id": keys.shown_id(key),
            "name": key.name,
            "key_prefix": key.prefix,
            "api_key": full_key,
            "permissions": key.scopes,
            "ip_whitelist": key.ip_allow_list,
            "rate_limit": key.rate_per_minute,
            "warning": WARNING,
        }
        return Response(shown, status=201)

    @extend_schema(
        summary="Change an API key", request={"application/json": KEY_UPDATE}, responses={200: KEY_UPDATED}
    )
    def partial_update(self, request: Request, id: str) -> Response:
        """Changes what the body names. It acts within five seconds."""
        key: ApiKey = self.get_object()
        body = fields.body_of(request)
        changes: keys.Changes = {}
        if (name := fields.text(body, "name")) is not None:
            changes["name"] = name
        if (scopes := _permissions(body, self.caller)) is not None:
            changes["scopes"] = scopes
        if (networks := _networks(body, self.caller)) is not None:
            changes["ip_allow_list"] = networks
        if (rate := _rate(body)) is not None:
            changes["rate_per_minute"] = rate
        if (active := fields.yes_or_no(body, "active")) is not None:
            changes["active"] = active
        if changes:
            keys.update(key, actor=f"api key {self.caller.key_name}", ip=self.caller.ip, **changes)
            authentication.forget()
        return Response({"updated": True, "id": keys.shown_id(key)})

    @extend_schema(summary="Revoke an API key", responses={200: KEY_REVOKED})
    def destroy(self, request: Request, id: str) -> Response:
        """Ends a key for good, within five seconds."""
        key: ApiKey = self.get_object()
        keys.revoke(key, actor=f"api key {self.caller.key_name}", ip=self.caller.ip)
        authentication.forget()
        return Response({"revoked": True, "id": keys.shown_id(key)})


def _row(key: ApiKey, compat: str) -> dict[str, object]:
    document_a = compat == Compat.SMSMAROC
    return {
        "id": keys.shown_id(key),
        "name": key.name,
        "key_prefix": key.prefix,
        "mode": key.mode,
        "compat": key.compat,
        "permissions": json.dumps(key.scopes, separators=(",", ":")) if document_a else key.scopes,
        "ip_whitelist": key.ip_allow_list,
        "rate_limit": key.rate_per_minute,
        "active": int(key.active) if document_a else key.active,
        "last_used_at": key.last_used_at,
        "expires_at": key.expires_at,
        "created_at": key.created_at,
    }


def _permissions(body: Mapping[str, Any], maker: Caller) -> Sequence[str] | None:
    scopes = fields.texts(body, "permissions")
    for index, scope in enumerate(scopes or ()):
        if scope in keys.DEFAULT_SCOPES and scope not in maker.scopes:
            sentence = f"Your own API key lacks the permission {scope}."
            raise Refused(Code.FORBIDDEN, sentence, param=f"permissions[{index}]")
        if scope not in keys.DEFAULT_SCOPES:
            sentence = f"A permission is one of {', '.join(keys.DEFAULT_SCOPES)}."
            raise Refused(Code.INVALID_FIELD, sentence, param=f"permissions[{index}]")
    return scopes


def _networks(body: Mapping[str, Any], maker: Caller) -> Sequence[str] | None:
    given = fields.texts(body, "ip_whitelist")
    if given is None or not maker.networks:
        return given
    networks = normalise(given)
    if not networks or not all(within(read_network(text), maker.networks) for text in networks):
        raise Refused(Code.FORBIDDEN, "Your own API key is not allowed from there.", param="ip_whitelist")
    return networks


def _rate(body: Mapping[str, Any]) -> int | None:
    rate = body.get("rate_limit")
    if rate is None:
        return None
    if isinstance(rate, float) and rate.is_integer():
        rate = int(rate)  # 100.0 is a whole number in JSON.
    if isinstance(rate, bool) or not isinstance(rate, int) or not keys.LEAST_RATE <= rate <= keys.MOST_RATE:
        sentence = f"rate_limit is {keys.LEAST_RATE} to {keys.MOST_RATE} requests per minute."
        raise Refused(Code.INVALID_FIELD, sentence, param="rate_limit")
    return rate
