"""The OpenAPI document, drawn from the code by drf-spectacular: what every operation shares is added here."""

from __future__ import annotations

from drf_spectacular.openapi import AutoSchema


class Schema(AutoSchema):
    """One operation of the API."""
