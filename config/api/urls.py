"""Every machine address. The door (config/api/door.py) resolves paths here; `config/urls.py` includes them
too, so that nothing else can claim them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from accounts.api.lean import by_method
from billing import callbacks as payments
from config.api import health, openapi
from messaging import callbacks
from messaging.dialects.massejli import catalogue

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health.health),
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("v1/health", health.health),
    path("v1/openapi.yaml", openapi.yaml_view),
    path("v1/openapi.json", openapi.json_view),
    path("v1/", include("accounts.api.urls")),
    path("v1/", include("billing.api.urls")),
    path("v1/", include("contacts.api.urls")),
    path("v1/", include("messaging.api.urls")),
    path("v1/", include("webhooks.api.urls")),
    path("v1/", include("verify.api.urls")),
    path("v1/", include("campaigns.api.urls")),
    path("api/sms/", include("messaging.dialects.prosendi.urls")),
    path("api/v1", by_method(get=catalogue.index)),
    path("api/v1/", include("messaging.dialects.massejli.urls")),
    path("api/documentation", RedirectView.as_view(url="/docs/")),
    path("callbacks/carriers/<str:token>", callbacks.carrier, name="carrier-callback"),
    path("callbacks/<slug:gateway>", payments.payment, name="payment-callback"),
]
