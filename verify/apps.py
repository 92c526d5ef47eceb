"""App registration."""

from django.apps import AppConfig


class VerifyConfig(AppConfig):
    name = "verify"
