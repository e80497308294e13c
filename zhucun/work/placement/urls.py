"""/placement/: rounds from their needs to an approved list."""

from django.urls import path

from .views import candidates, comparing, decided, deciding, lines, needs, proposals, quotas, rounds

app_name = "placement"
_ROUND, _PROPOSAL = "rounds/<uuid:pk>/", "proposals/<uuid:pk>/"
_LINE = f"{_PROPOSAL}villages/<slug:code>/"
urlpatterns = [
    path("", rounds.rounds, name="rounds"),
    path("rounds/new/", rounds.round_open, name="round_open"),
    path(_ROUND, rounds.round_home, name="round"),
    path(f"{_ROUND}change/", rounds.round_change, name="round_change"),
    path(f"{_ROUND}move/", rounds.round_move, name="round_move"),
    path(f"{_ROUND}cancel/", rounds.round_cancel, name="round_cancel"),
    path(f"{_ROUND}meeting/", deciding.meeting, name="meeting"),
    path(f"{_ROUND}needs/", needs.needs, name="needs"),
    path(f"{_ROUND}needs/grid/", needs.needs_grid, name="needs_grid"),
    path(f"{_ROUND}needs/bring/", needs.needs_bring, name="needs_bring"),
    path("needs/<uuid:pk>/", needs.need, name="need"),
    path("needs/<uuid:pk>/drop/", needs.need_drop, name="need_drop"),
    path("pick/villages/", needs.pick_village, name="pick_village"),
    path(f"{_ROUND}quotas/", quotas.quotas, name="quotas"),
    path(f"{_ROUND}quotas/new/", quotas.quota_new, name="quota_new"),
    path("quotas/<uuid:pk>/", quotas.quota, name="quota"),
    path(f"{_ROUND}candidates/", candidates.candidates, name="candidates"),
    path(f"{_ROUND}candidates/add/", candidates.candidates_add, name="candidates_add"),
    path(f"{_ROUND}candidates/bring/", candidates.candidates_bring, name="candidates_bring"),
    path("candidates/<uuid:pk>/", candidates.candidate, name="candidate"),
    path("candidates/<uuid:pk>/take-back/", candidates.candidate_take_back, name="candidate_take_back"),
    path(f"{_ROUND}proposals/", proposals.proposals, name="proposals"),
    path(f"{_ROUND}proposals/ask/", proposals.proposal_ask, name="proposal_ask"),
    path(f"{_ROUND}instance/", proposals.instance_file, name="instance"),
    path(f"{_ROUND}weights/", comparing.weights, name="weights"),
    path(f"{_ROUND}others/", comparing.others, name="others"),
    path("locks/<uuid:pk>/lift/", proposals.unlock, name="unlock"),
    path(_PROPOSAL, proposals.proposal, name="proposal"),
    path(f"{_PROPOSAL}progress/", proposals.proposal_progress, name="proposal_progress"),
    path(f"{_PROPOSAL}map/", proposals.proposal_map, name="proposal_map"),
    path(f"{_PROPOSAL}compare/", comparing.compare, name="compare"),
    path(f"{_PROPOSAL}table/", deciding.table, name="table"),
    path(f"{_PROPOSAL}reasons/", deciding.reasons, name="reasons"),
    path(f"{_PROPOSAL}approve/", deciding.approve, name="approve"),
    path(f"{_PROPOSAL}approving/", deciding.approving, name="approving"),
    path(f"{_PROPOSAL}notice/", deciding.notice_word, name="notice"),
    path(_LINE, lines.line, name="line"),
    path(f"{_LINE}others/", lines.seat_options, name="seat_options"),
    path(f"{_LINE}what-if/", lines.what_if, name="what_if"),
    path(f"{_LINE}exchange/", lines.exchange, name="exchange"),
    path(f"{_LINE}lead/", lines.lead, name="lead"),
    path(f"{_LINE}swap/", lines.swap, name="swap"),
    path(f"{_LINE}fix/", lines.fix, name="fix"),
    path(f"{_LINE}say/", lines.say, name="say"),
    path(f"{_ROUND}decided/", decided.decided, name="decided"),
    path("seats/<uuid:pk>/", decided.seat, name="seat"),
    path("objections/", decided.objections_list, name="objections"),
    path("objections/<uuid:pk>/", decided.objection, name="objection"),
]
