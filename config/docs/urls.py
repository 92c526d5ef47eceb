"""The addresses of the documentation: `/docs/…` in the reader's language, `/en/docs/…` and `/fr/docs/…` in theirs; each also
with a slash at its end."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

from config.docs import mark, views

START = r"^(?:(?P<language>en|fr)/)?docs"
urlpatterns: list[URLPattern] = [
    path("favicon.svg", mark.favicon, name="favicon"),
    path("favicon.ico", RedirectView.as_view(url="/favicon.svg")),
    path("llms.txt", views.llms, name="llms"),
    path("docs/llms.txt", views.llms),
    path("docs/openapi.yaml", views.openapi_file, name="openapi-file"),
    path("docs/postman.json", views.postman_file, name="postman-file"),
    path("docs/sandbox-key", views.sandbox_key, name="docs-sandbox-key"),
    re_path(r"^docs/search-(?P<language>en|fr)\.json$", views.index, name="docs-index"),
    re_path(START + r"/?$", views.page, {"slug": "index"}, name="docs"),
    re_path(START + r"/reference/?$", views.reference, name="reference"),
    re_path(START + r"/search/?$", views.search),
    re_path(START + r"/(?P<slug>[a-z-]+)\.md$", views.as_text),
    re_path(START + r"/(?P<slug>[a-z-]+)/?$", views.page),
]
