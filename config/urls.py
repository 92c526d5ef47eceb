"""Every address of the project. Each app's own addresses are in its `api/urls.py`, `views.py` or `callbacks.py`."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from billing import views as billing_pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("config.dashboard.urls")),
    path("", include("config.api.urls")),
    path("", include("config.docs.urls")),
    path("account/", include("allauth.urls")),
    path("dashboard/billing", billing_pages.status, name="topup-status"),
    path("dashboard/billing/pay", billing_pages.pay, name="topup-pay"),
    path("admin/", admin.site.urls),
]
