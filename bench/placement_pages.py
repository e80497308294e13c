"""The pages of a placement round over the demonstration county (91 villages, 320 candidates): milliseconds and queries.

`python -m bench.placement_pages [--repeat 9] [--keep DIR]` builds the demonstration, then asks for every page as the
county office. Goals: what one looks at 300 ms, the detail of a village 500 ms, a constant number of queries.
"""

import argparse
import os
import sys
import tempfile
from io import StringIO

from bench import figures_page

ROUND, PROPOSAL = "/placement/rounds/{round}/", "/placement/proposals/{proposal}/"
# title → (address, goal in ms, most queries)
PAGES = {
    "round": (ROUND, 300, 40),
    "needs": (f"{ROUND}needs/", 300, 30),
    "needs as a grid": (f"{ROUND}needs/grid/", 300, 30),
    "candidates": (f"{ROUND}candidates/", 300, 40),
    "putting forward": (f"{ROUND}candidates/add/", 300, 40),
    "quotas": (f"{ROUND}quotas/", 300, 30),
    "board of 91 villages": (PROPOSAL, 300, 40),
    "map": (f"{PROPOSAL}map/", 300, 40),
    "one village": (f"{PROPOSAL}villages/{{village}}/", 500, 70),
    "who else": (f"{PROPOSAL}villages/{{village}}/others/?seat={{number}}", 500, 60),
    "table of the meeting": (f"{PROPOSAL}table/", 300, 50),
    "approve": (f"{PROPOSAL}approve/", 500, 70),
}


def main() -> int:
    """Build the demonstration, ask for every page several times, print the medians; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--keep", help="folder in which the demonstration is kept and used again")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["ZHUCUN_DATA_DIR"] = given.keep or scratch
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhucun.settings")
        import django

        django.setup()
        client, keys = prepare()
        figures_page.PAGES = {
            title: (address.format(**keys), goal, goal, most) for title, (address, goal, most) in PAGES.items()
        }
        return figures_page.measure(client, given.repeat, large=False)


def prepare():
    """The office signed in on a demonstration, and the keys of its round."""
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from zhucun.base.access.models import ShownAccount
    from zhucun.work.placement.models import Proposal

    settings.ALLOWED_HOSTS = ["*"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    call_command("demo", "--no-serve", stdout=StringIO())
    proposal = Proposal.objects.get()
    seat = (
        proposal.seats.filter(leads=False).order_by("line__village").select_related("line", "candidate__person").first()
    )
    client = Client()
    client.force_login(
        ShownAccount.objects.get(user__username="county").user, backend="django.contrib.auth.backends.ModelBackend"
    )
    return client, {
        "round": proposal.round_id, "proposal": proposal.pk, "village": seat.line.village_id, "number": seat.candidate.person.number,
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
