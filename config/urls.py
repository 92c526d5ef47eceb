"""Every address of the project. Each app's own addresses are in its `api/urls.py`, `views.py` or `callbacks.py`."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from config.api import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/docs/")),
    path("", include("config.api.urls")),
    path("docs/", pages.index),
    path("docs/reference", pages.reference, name="reference"),
    path("docs/errors", pages.errors, name="errors"),
    path("admin/", admin.site.urls),
]
