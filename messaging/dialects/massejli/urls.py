"""The addresses of document E, under `/api/v1/`: those of the provider's own page, and by convention the rest."""

from django.urls import path

from accounts.api.lean import by_method
from messaging.dialects.massejli import catalogue, sending, showing

urlpatterns = [
    path("send", by_method(post=sending.send)),
    path("send-bulk", by_method(post=sending.send_bulk)),
    path("balance", by_method(get=showing.balance)),
    path("logs", by_method(get=showing.logs)),
    path("history", by_method(get=showing.logs)),
    path("pricing", by_method(get=showing.pricing)),
    path("calculate", by_method(get=sending.calculate, post=sending.calculate)),
    path("calculate-cost", by_method(get=sending.calculate, post=sending.calculate)),
    path("account", by_method(get=showing.account)),
    path("me", by_method(get=showing.account)),
    path("<path:rest>", catalogue.unknown),
]
