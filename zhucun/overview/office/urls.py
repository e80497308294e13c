"""/office/: 名录 制度 日历 账号 留痕 运行状况."""

from django.urls import path

from .views import accounts, calendar, directory, duties, health, journal, policy, start

app_name = "office"
urlpatterns = [
    path("start/", start.start, name="start"),
    path("start/county/", start.county_add, name="county_add"),
    path("villages/", directory.villages, name="villages"),
    path("villages/<str:code>/edit/", directory.village_edit, name="village_edit"),
    path("villages/<str:code>/class/", directory.village_class, name="village_class"),
    path("units/", directory.units, name="units"),
    path("units/add/", directory.unit_add, name="unit_add"),
    path("units/<uuid:pk>/edit/", directory.unit_edit, name="unit_edit"),
    path("divisions/", directory.divisions, name="divisions"),
    path("documents/", policy.documents, name="documents"),
    path("documents/add/", policy.document_add, name="document_add"),
    path("documents/<uuid:pk>/", policy.document, name="document"),
    path("documents/<uuid:pk>/clauses/", policy.clauses_add, name="clauses_add"),
    path("documents/<uuid:pk>/end/", policy.document_end, name="document_end"),
    path("parameters/", policy.parameters, name="parameters"),
    path("parameters/<str:key>/", policy.parameter, name="parameter"),
    path("parameters/<str:key>/set/", policy.parameter_set, name="parameter_set"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<str:day>/", calendar.calendar_day, name="calendar_day"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/open/", accounts.account_open, name="account_open"),
    path("accounts/batch/", accounts.accounts_batch, name="accounts_batch"),
    path("accounts/pick-person/", accounts.pick_person, name="pick_person"),
    path("accounts/pick-area/", duties.pick_area, name="pick_area"),
    path("accounts/<uuid:pk>/", accounts.account, name="account"),
    path("accounts/<uuid:pk>/reset/", accounts.account_reset, name="account_reset"),
    path("accounts/<uuid:pk>/active/", accounts.account_active, name="account_active"),
    path("accounts/<uuid:pk>/unlock/", accounts.account_unlock, name="account_unlock"),
    path("accounts/<uuid:pk>/tie/", accounts.account_tie, name="account_tie"),
    path("accounts/<uuid:pk>/duties/", duties.duty_grant, name="duty_grant"),
    path("duties/<uuid:pk>/end/", duties.duty_end, name="duty_end"),
    path("journal/", journal.journal, name="journal"),
    path("journal/<int:seq>/", journal.entry, name="entry"),
    path("journal/verify/", journal.journal_verify, name="journal_verify"),
    path("health/", health.health, name="health"),
]
