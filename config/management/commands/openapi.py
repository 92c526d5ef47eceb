"""`manage.py openapi > docs/openapi.yaml`: the committed OpenAPI document, drawn anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from config.api.openapi import as_yaml


class Command(BaseCommand):
    help = "Write the OpenAPI document to standard output: manage.py openapi > docs/openapi.yaml"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(as_yaml().decode(), ending="")
