"""Every path of the site, in the order of the house: base, work, overview."""

from importlib.util import find_spec

from django.urls import include, path

from zhucun.overview.office.views.health import probe

_ROOMS = [
    ("", "zhucun.overview.desk.urls"),
    ("access/", "zhucun.base.access.urls"),
    ("timeline/", "zhucun.base.timeline.urls"),
    ("evidence/", "zhucun.base.evidence.urls"),
    ("teams/", "zhucun.work.teams.urls"),
    ("indicators/", "zhucun.overview.indicators.urls"),
    ("exchange/", "zhucun.overview.exchange.urls"),
    ("office/", "zhucun.overview.office.urls"),
]
urlpatterns = [
    path(prefix, include(name)) for prefix, name in _ROOMS if find_spec(name.rpartition(".")[0]) and find_spec(name)
]
urlpatterns.append(path("health/", probe, name="probe"))
handler500 = "zhucun.base.web.trouble.server_error"
