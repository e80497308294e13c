"""/teams/: the ledger and everything done to teams and postings."""

app_name = "teams"
urlpatterns: list = []
