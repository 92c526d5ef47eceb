"""The Django project: settings, URLs, the Celery application and the launcher. The top layer: it may import every app."""
