"""Paths under /exchange/."""

from django.urls import path

from .views import ledger, roster

app_name = "exchange"
urlpatterns = [
    path("", ledger.home, name="home"),
    path("upload/", ledger.upload, name="upload"),
    path("template/", ledger.template, name="template"),
    path("export/", ledger.export, name="export"),
    path("imports/<uuid:id>/", ledger.job, name="job"),
    path("imports/<uuid:id>/progress/", ledger.job_progress, name="job_progress"),
    path("imports/<uuid:id>/confirm/", ledger.job_confirm, name="job_confirm"),
    path("imports/<uuid:id>/abandon/", ledger.job_abandon, name="job_abandon"),
    path("imports/<uuid:id>/marked/", ledger.job_marked, name="job_marked"),
    path("roster/", roster.roster, name="roster"),
    path("imports/<uuid:id>/columns/", roster.roster_columns, name="roster_columns"),
    path("imports/<uuid:id>/words/", roster.roster_words, name="roster_words"),
    path("imports/<uuid:id>/again/", roster.roster_again, name="roster_again"),
]
