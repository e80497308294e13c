"""/placement/: rounds from their needs to an approved list."""

from django.urls import URLPattern

app_name = "placement"
urlpatterns: list[URLPattern] = []
