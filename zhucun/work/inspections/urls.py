"""/inspections/: rounds, findings and corrections, circulars."""

app_name = "inspections"
urlpatterns: list = []
