"""The project's addresses, and the operators' admin at its place."""

from django.contrib import admin
from django.urls import path

from config.urls import urlpatterns as of_the_project

urlpatterns = [path("admin/", admin.site.urls), *of_the_project]
