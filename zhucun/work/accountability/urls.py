"""/accountability/: cases from their source to a closed file."""

app_name = "accountability"
urlpatterns: list = []
