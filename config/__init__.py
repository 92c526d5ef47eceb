"""The Django project: settings, URLs, the Celery application and the launcher. The top layer: it may import every app."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
