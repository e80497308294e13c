"""Figures, structure, records, home page and search over 7,000 teams and 20,000 postings: milliseconds and queries.

`python -m bench.figures_page [--teams 7000 --postings 20000] [--repeat 15] [--keep DIR]`; on PostgreSQL:
`python -m tests.postgres -- sh -c 'ZHUCUN_DATABASE_URL=$ZHUCUN_TEST_DATABASE_URL python -m bench.figures_page'`.
Goals (issue 2, roadmap): the figures page in 300 ms at that size; home page and suggestions in 150 ms for a county
(`--teams 91 --postings 271`); everything within a constant number of queries.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time

COUNTY = 500  # teams: above this it is a prefecture
HOME = "home page (office)"
# title → (address, goal in ms for a county, for a prefecture, most queries)
PAGES = {
    "figures": ("/indicators/", 300, 300, 50),
    "figures of a township": ("/indicators/?scope=430426103", 300, 300, 50),
    "figures of a quarter": ("/indicators/?part=Q3", 300, 300, 50),
    "structure": ("/indicators/structure/", 300, 1000, 24),
    "structure on paper": ("/indicators/structure/?format=print", 1000, 3000, 40),
    "records of people": ("/indicators/records/people.count/", 300, 1000, 20),
    "records, narrowed": ("/indicators/records/people.college/?age=31-35&sort=-age", 300, 1000, 20),
    "records of transfers": ("/indicators/records/teams.members_transferred/", 300, 1000, 20),
    HOME: ("/", 150, 1000, 40),
    "suggestions, a name": ("/search/?q=王秀", 150, 150, 14),
    "suggestions, a village": ("/search/?q=村12", 150, 150, 14),
    "suggestions, nothing found": ("/search/?q=没有这个", 150, 150, 14),
}


def main() -> int:
    """Fill an empty database, ask for every page several times, print the medians; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teams", type=int, default=7_000)
    parser.add_argument("--postings", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="folder in which the database is kept and used again")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["ZHUCUN_DATA_DIR"] = given.keep or scratch
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhucun.settings")
        import django

        django.setup()
        from bench.ledger_page import prepare

        return measure(prepare(given), given.repeat, given.teams > COUNTY)


def measure(client, repeat: int, large: bool) -> int:
    """Ask for each page `repeat` times after two to warm up; median and slowest milliseconds, CPU, queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    missed = 0
    head = f"{'page':28}{'median ms':>10}{'slowest':>9}{'CPU ms':>8}{'goal':>7}{'queries':>9}"
    print(f"{connection.vendor}, {repeat} times each\n{head}")
    for title, (address, county, prefecture, most) in PAGES.items():
        headers = {"HX-Request": "true"} if "suggestions" in title else {}
        took, used = [], []
        for turn in range(repeat + 2):
            started, cpu = time.perf_counter(), time.process_time()
            answer = client.get(address, headers=headers)
            assert answer.status_code == 200, (address, answer.status_code)
            if turn > 1:
                took.append(1000 * (time.perf_counter() - started))
                used.append(1000 * (time.process_time() - cpu))
        with CaptureQueriesContext(connection) as asked:
            client.get(address, headers=headers)
        middle, goal = statistics.median(took), prefecture if large else county
        missed += middle > goal or len(asked) > most
        print(
            f"{title:28}{middle:10.1f}{max(took):9.1f}{statistics.median(used):8.1f}{goal:7}{len(asked):9}", flush=True
        )
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
