"""The addresses of the pages about keys, below `/dashboard/`."""

from django.urls import path

from accounts.views import keys

urlpatterns = [
    path("developers/", keys.listed, name="page-developers"),
    path("developers/keys/<str:shown_id>/revoke", keys.revoke, name="page-key-revoke"),
]
