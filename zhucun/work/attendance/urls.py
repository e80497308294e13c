"""/attendance/: the book, the month, leave, and what a person reads of their own days."""

app_name = "attendance"
urlpatterns: list = []
