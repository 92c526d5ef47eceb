"""`manage.py postman > collection.json`: the Postman collection of the API."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from config.docs.postman import collection


class Command(BaseCommand):
    help = "Write the Postman collection to standard output: manage.py postman > collection.json"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(collection(), ensure_ascii=False, indent=2))
