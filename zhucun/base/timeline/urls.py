"""/timeline/: the “查看日期” switch."""

from django.urls import path

from . import views

app_name = "timeline"
urlpatterns = [path("as-on/", views.as_on, name="as_on")]
