"""The first page of the dashboard: how today goes, what needs a look, and the first steps of a new account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.pages.place import Place, enter


@enter()
def home(request: HttpRequest, place: Place) -> HttpResponse:
    """GET `/dashboard/`."""
    return render(request, "dashboard/home.html", {})
