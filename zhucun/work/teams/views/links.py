"""Where a row's page is."""

from functools import partial

from django.urls import reverse


def page(name: str, pk) -> str:
    """The address of the page `teams:name` about one row; empty for none."""
    return reverse(f"teams:{name}", args=[pk]) if pk else ""


team = partial(page, "team")
person = partial(page, "person")
village = partial(page, "village")
unit = partial(page, "unit")
