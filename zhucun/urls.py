"""Every path of the site, in the order of the house: base, work, overview."""

from django.urls import include, path

from zhucun.overview.office.views.health import probe

urlpatterns = [
    path("", include("zhucun.overview.desk.urls")),
    path("access/", include("zhucun.base.access.urls")),
    path("timeline/", include("zhucun.base.timeline.urls")),
    path("evidence/", include("zhucun.base.evidence.urls")),
    path("teams/", include("zhucun.work.teams.urls")),
    path("placement/", include("zhucun.work.placement.urls")),
    path("attendance/", include("zhucun.work.attendance.urls")),
    path("inspections/", include("zhucun.work.inspections.urls")),
    path("accountability/", include("zhucun.work.accountability.urls")),
    path("indicators/", include("zhucun.overview.indicators.urls")),
    path("exchange/", include("zhucun.overview.exchange.urls")),
    path("office/", include("zhucun.overview.office.urls")),
    path("health/", probe, name="probe"),
]
handler400 = "zhucun.base.web.trouble.bad_request"
handler500 = "zhucun.base.web.trouble.server_error"
