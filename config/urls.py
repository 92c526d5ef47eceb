"""Every address of the project. Each app's own addresses are in its `api/urls.py`, `views.py` or `callbacks.py`."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("config.dashboard.urls")),
    path("", include("config.api.urls")),
    path("", include("config.docs.urls")),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
