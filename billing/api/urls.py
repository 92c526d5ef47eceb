"""Addresses of the billing API, under `/v1/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from billing.api.balance import AccountViewSet, BalanceViewSet
from billing.api.plans import PlanViewSet
from billing.api.topups import TopUpViewSet
from billing.api.transactions import TransactionViewSet

urlpatterns: list[URLPattern] = [
    path("account", AccountViewSet.as_view({"get": "retrieve"}), name="account"),
    path("balance", BalanceViewSet.as_view({"get": "retrieve"}), name="balance-alias"),
    path("billing/balance", BalanceViewSet.as_view({"get": "retrieve"}), name="balance"),
    path("billing/transactions", TransactionViewSet.as_view({"get": "list"}), name="transactions"),
    path("billing/plans", PlanViewSet.as_view({"get": "list"}), name="plans"),
    path("billing/topups", TopUpViewSet.as_view({"get": "list", "post": "create"}), name="topups"),
    path("billing/topups/<str:id>", TopUpViewSet.as_view({"get": "retrieve"}), name="topup"),
]
