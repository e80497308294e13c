"""/indicators/: figures, the records behind them, the structure of the teams."""

from django.urls import path

from . import views

app_name = "indicators"
urlpatterns = [
    path("", views.figures, name="figures"),
    path("structure/", views.shape, name="structure"),
    path("records/<str:code>/", views.records, name="records"),
]
