"""The addresses of pages: the public ones, the ways in, and the dashboard."""

from django.urls import include, path
from django.views.i18n import set_language

from config.dashboard import brand, home, landing, styleguide, switch, welcome

urlpatterns = [
    path("", landing.landing, name="landing"),
    path("brand.css", brand.stylesheet, name="brand"),
    path("language", set_language, name="set_language"),
    path("styleguide", styleguide.styleguide, name="styleguide"),
    path("dashboard/", home.home, name="home"),
    path("dashboard/", include("messaging.views.urls")),
    path("dashboard/", include("accounts.views.urls")),
    path("dashboard/switch", switch.switch, name="switch"),
    path("dashboard/welcome", welcome.welcome, name="welcome"),
]
