"""/teams/: the ledger and everything done to teams, postings and people."""

from django.urls import path

from .views import changes, handovers, ledger, people, picks, places, postings, reviews, teams

app_name = "teams"
urlpatterns = [
    path("", ledger.ledger, name="ledger"),
    path("end/", ledger.end_postings, name="end_postings"),
    path("changes/", changes.changes, name="changes"),
    path("teams/", teams.teams, name="teams"),
    path("teams/new/", teams.team_open, name="team_open"),
    path("teams/<uuid:pk>/", teams.team, name="team"),
    path("teams/<uuid:pk>/close/", teams.team_close, name="team_close"),
    path("teams/<uuid:pk>/units/", teams.team_units, name="team_units"),
    path("teams/<uuid:pk>/post/", postings.post, name="post"),
    path("teams/<uuid:pk>/post/check/", postings.post_check, name="post_check"),
    path("postings/<uuid:pk>/end/", postings.posting_end, name="posting_end"),
    path("postings/<uuid:pk>/transfer/", postings.posting_transfer, name="posting_transfer"),
    path("postings/<uuid:pk>/transfer/check/", postings.successor_check, name="successor_check"),
    path("postings/<uuid:pk>/correct/", postings.posting_correct, name="posting_correct"),
    path("postings/<uuid:pk>/paper/", postings.posting_paper, name="posting_paper"),
    path("handovers/", handovers.handovers, name="handovers"),
    path("handovers/<uuid:pk>/", handovers.handover, name="handover"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<uuid:pk>/", reviews.review, name="review"),
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<uuid:pk>/", people.person, name="person"),
    path("people/<uuid:pk>/correct/", people.person_correct, name="person_correct"),
    path("people/<uuid:pk>/change/", people.person_change, name="person_change"),
    path("people/<uuid:pk>/reveal/", people.person_reveal, name="person_reveal"),
    path("villages/<slug:code>/", places.village, name="village"),
    path("units/<uuid:pk>/", places.unit, name="unit"),
    path("pick/people/", picks.pick_person, name="pick_person"),
    path("pick/villages/", picks.pick_village, name="pick_village"),
    path("pick/units/", picks.pick_unit, name="pick_unit"),
]
