"""/evidence/: downloads and uploads."""

from django.urls import path

from . import views

app_name = "evidence"
urlpatterns = [
    path("<uuid:pk>/", views.download, name="download"),
    path("attach/<str:target_type>/<str:target_id>/", views.attach, name="attach"),
]
