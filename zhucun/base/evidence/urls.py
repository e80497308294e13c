"""/evidence/: downloads."""

from django.urls import path

from . import views

app_name = "evidence"
urlpatterns = [path("<uuid:pk>/", views.download, name="download")]
