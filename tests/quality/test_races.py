"""The same thing done twice at the same moment is done once, and the other is told so; on both engines, by threads."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from tests.cast import NOW
from zhucun.base.journal.models import Entry
from zhucun.base.journal.verify import verify
from zhucun.base.people import actions as people
from zhucun.base.people.models import Record
from zhucun.base.policy import actions as policy
from zhucun.base.policy.models import Parameter
from zhucun.work.teams import actions
from zhucun.work.teams.models import Handover, Posting, Team

pytestmark = pytest.mark.django_db(transaction=True)
AGAIN = 20


def at_once(times: int, work) -> list:
    """What `work(n)` answered or raised, called by that many threads that start together."""
    gate = Barrier(times)

    def one(n):
        try:
            gate.wait(30)
            return work(n)
        except ValidationError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def told(results) -> tuple[int, set[str]]:
    """How many succeeded, and what the others were told."""
    refusals = [result for result in results if isinstance(result, ValidationError)]
    return len(results) - len(refusals), {message for refusal in refusals for message in refusal.messages}


def test_the_same_posting_twenty_times_is_one(world):
    posted = {"role": "member", "start": date(2022, 12, 8), "reason": "补充", "by": world.office, "at": NOW}
    results = at_once(AGAIN, lambda n: actions.post(person=world.qian, team=world.team_shiqiao, **posted))
    done, sentences = told(results)
    assert (done, Posting.objects.filter(person=world.qian, team=world.team_shiqiao).count()) == (1, 1)
    assert all("时间重叠" in sentence for sentence in sentences)
    assert verify().whole


def test_two_teams_cannot_have_one_person(world):
    posted = {"role": "member", "start": date(2022, 12, 8), "reason": "补充", "by": world.office, "at": NOW}
    teams = [world.team_shiqiao, world.team_gaoling]
    done, sentences = told(at_once(8, lambda n: actions.post(person=world.qian, team=teams[n % 2], **posted)))
    assert (done, Posting.objects.filter(person=world.qian, end__isnull=True).count()) == (1, 1)
    assert all("时间重叠" in sentence for sentence in sentences)


def test_of_two_transfers_one_wins_and_the_other_is_told(world):
    """Each has loaded the posting before, as a page does; the second is told who was quicker, and changes nothing."""
    loaded = [Posting.objects.select_related("person", "team__village").get(pk=world.li_posting.pk) for _ in range(6)]

    def transfer(n):
        last = date(2022, 12, 20 + n)
        return actions.transfer(posting=loaded[n], last_day=last, reason=f"需要{n}", by=world.office, at=NOW) or n

    results = at_once(6, transfer)
    done, sentences = told(results)
    assert done == 1
    assert all("已经在" in sentence and "离任" in sentence for sentence in sentences)
    winner = next(result for result in results if isinstance(result, int))
    posting = Posting.objects.get(pk=world.li_posting.pk)
    assert (posting.last_day, posting.ending_reason) == (date(2022, 12, 20 + winner), f"需要{winner}")
    assert Entry.objects.filter(action="posting.ended_by_transfer", target_id=str(posting.pk)).count() == 1
    assert Handover.objects.filter(posting=posting).count() == 1


def test_a_transfer_and_a_recall_at_once_leave_one_ending(world):
    ways = [{"ending": "transfer", "reason": "轮换"}, {"ending": "recall", "reason": "走读"}]
    loaded = [Posting.objects.select_related("person", "team__village").get(pk=world.li_posting.pk) for _ in range(6)]
    done, _ = told(
        at_once(
            6,
            lambda n: actions.end_posting(
                posting=loaded[n], last_day=date(2022, 12, 20), by=world.office, at=NOW, **ways[n % 2]
            ),
        )
    )
    assert done == 1
    assert Entry.objects.filter(action__startswith="posting.ended_by_", target_id=str(world.li_posting.pk)).count() == 1


def test_a_team_is_closed_once(world):
    loaded = [Team.objects.select_related("village").get(pk=world.team_gaoling.pk) for _ in range(4)]
    said = {"ending": "term", "reason": "轮换", "by": world.office, "at": NOW}
    results = at_once(4, lambda n: actions.close_team(team=loaded[n], last_day=date(2022, 12, 20 + n), **said))
    done, sentences = told(results)
    assert done == 1
    assert all("已经在" in sentence and "撤销" in sentence for sentence in sentences)
    assert Entry.objects.filter(action="team.closed").count() == 1


def test_nobody_joins_a_team_that_was_closed_meanwhile(world):
    """The page was loaded while the team stood; whoever is first, no posting outlasts its team."""
    loaded = [Team.objects.select_related("village").get(pk=world.team_shiqiao.pk) for _ in range(2)]
    close = {"last_day": date(2022, 12, 20), "ending": "term", "reason": "轮换", "by": world.office, "at": NOW}
    post = {"role": "member", "start": date(2022, 12, 15), "reason": "补充", "by": world.office, "at": NOW}
    work = [
        lambda: actions.close_team(team=loaded[0], **close),
        lambda: actions.post(person=world.qian, team=loaded[1], **post),
    ]
    done, _ = told(at_once(2, lambda n: work[n]()))
    assert done in {1, 2}
    assert Team.objects.get(pk=world.team_shiqiao.pk).last_day == date(2022, 12, 20)
    assert not Posting.objects.filter(team=world.team_shiqiao, end__isnull=True).exists()


def test_a_team_number_is_given_once(world):
    said = {"village": world.qingshui, "lead_unit": world.finance, "partners": [], "start": date(2022, 12, 8)}
    results = at_once(
        8, lambda n: _or_conflict(lambda: actions.open_team(number="T009", by=world.office, at=NOW, **said))
    )
    assert sum(isinstance(result, Team) for result in results) == 1
    assert Team.objects.filter(number="T009").count() == 1


def _or_conflict(work):
    """A race lost at a constraint is answered by the page of base/web/trouble.py."""
    try:
        return work()
    except IntegrityError as lost:
        return lost


def test_a_person_is_registered_once(world):
    said = {"identity_fields": {"name": "新人", "number": "P100", "born": date(1990, 1, 1), "sex": "male"},
            "record_fields": {"unit": world.finance, "political": "party", "education": "college"}}  # fmt: skip
    results = at_once(
        8, lambda n: _or_conflict(lambda: people.register(county=world.county, by=world.office, at=NOW, **said))
    )
    assert Counter(type(result).__name__ for result in results)["Person"] == 1


def test_a_change_of_the_record_happens_once(world):
    changed = {"start": date(2022, 12, 8), "fields": {"education": "postgraduate"}, "by": world.office, "at": NOW}
    results = at_once(8, lambda n: _or_conflict(lambda: people.change_record(person=world.wang, **changed)))
    assert sum(isinstance(result, Record) for result in results) == 1
    spans = list(Record.objects.filter(person=world.wang).order_by("start").values_list("start", "end"))
    assert spans == [(date(1900, 1, 1), date(2022, 12, 8)), (date(2022, 12, 8), None)]


def test_a_parameter_has_one_value_a_day(world):
    key = "teams.min_people"
    results = at_once(
        8, lambda n: _or_conflict(lambda: policy.set_parameter(key=key, value=str(2 + n), start=date(2023, 1, 1), clause=None, by=world.office, at=NOW))
    )  # fmt: skip
    assert any(isinstance(result, Parameter) for result in results)
    assert Parameter.objects.filter(key=key).count() == 1


def test_the_same_form_sent_by_many_tabs_is_one_posting_and_no_error(world, signed_in):
    """Through the pages: every answer is a redirect or a page with a sentence."""
    cookies = signed_in(world.office).cookies
    data = {"person": str(world.qian.pk), "role": "member", "start": "2022-12-08", "reason": "补充"}
    address = reverse("teams:post", args=[world.team_shiqiao.pk])

    def send(n):
        client = Client()
        client.cookies = cookies
        return client.post(address, data).status_code

    codes = Counter(at_once(AGAIN, send))
    assert set(codes) <= {200, 302, 409}, codes
    assert Posting.objects.filter(person=world.qian, team=world.team_shiqiao).count() == 1


def test_eight_writers_never_find_the_database_locked(world):
    units = [world.finance, world.farming, world.police]

    def write(n):
        for round_ in range(6):
            with transaction.atomic():
                unit = units[(n + round_) % 3]
                unit.chief = f"{n}-{round_}"
                actions.journal.note(by=world.office, at=NOW, action="unit.edited", target=unit, data={"n": n})
        return "done"

    assert at_once(8, write) == ["done"] * 8
    assert Entry.objects.filter(action="unit.edited", target_type="directory.unit").count() >= 48
    assert verify().whole


@pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="on SQLite the locked check of the action keeps the promise"
)
@pytest.mark.parametrize(
    "name",
    ["no_overlapping_postings_per_person", "no_overlapping_records_per_person", "no_overlapping_standings_per_village"],
)
def test_postgresql_itself_refuses_two_spans_that_share_a_day(world, name):
    begin, end = date(2021, 6, 1), date(2021, 7, 1)
    rows = {
        "no_overlapping_postings_per_person": lambda: Posting.objects.create(
            team=world.team_gaoling,
            person=world.li,
            unit=world.farming,
            role="member",
            start=begin,
            end=end,
            ending="term",
        ),
        "no_overlapping_records_per_person": lambda: Record.objects.create(
            person=world.li, unit=world.farming, political="party", education="college", start=begin, end=end
        ),
        "no_overlapping_standings_per_village": lambda: world.shiqiao.standings.create(
            start=begin, end=end, category="key"
        ),
    }
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        rows[name]()
