"""/accountability/: cases from their source to a closed file."""

from django.urls import path

from .views import cases, leads, mine, offers, opening, steps

app_name = "accountability"
urlpatterns = [
    path("", cases.cases, name="cases"),
    path("leads/", leads.leads, name="leads"),
    path("mine/", mine.mine, name="mine"),
    path("open/", opening.case_open, name="case_open"),
    path("pick/people/", opening.pick_person, name="pick_person"),
    path("cases/<uuid:pk>/", cases.case, name="case"),
    path("cases/<uuid:pk>/change/", opening.case_change, name="case_change"),
    path("cases/<uuid:pk>/papers/<slug:paper>/", cases.case_paper, name="case_paper"),
    *(
        path(f"cases/<uuid:pk>/{name.replace('_', '-')}/", steps.step, {"name": name}, name=name)
        for name in offers.STEPS
    ),
]
