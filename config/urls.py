"""Every address of the project. Each app's own addresses are in its `api/urls.py`, `views.py` or
`callbacks.py`."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("config.api.urls")),
]
