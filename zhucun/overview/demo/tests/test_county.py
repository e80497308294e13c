"""The built county, counted by hand over its rows: the numbers of the article, a weaker year before, the next round."""

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Count, F, Sum

from zhucun.base.access.actions import caretaker
from zhucun.base.access.models import ShownAccount, User
from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Division, Unit, Village
from zhucun.base.journal.models import Entry
from zhucun.base.notices.todos import waiting_for
from zhucun.base.people.models import Person, Record
from zhucun.base.timeline import clock
from zhucun.base.timeline.periods import Period, parse
from zhucun.overview.demo import actions
from zhucun.overview.demo.builder import seed
from zhucun.overview.demo.builder.byhand import ByHand
from zhucun.overview.demo.builder.chance import Chance
from zhucun.overview.demo.builder.diary import Writing
from zhucun.overview.demo.builder.drawing import draw
from zhucun.overview.demo.builder.found import Found, found
from zhucun.work.accountability import figures as accountability
from zhucun.work.accountability.models import Appeal, Case
from zhucun.work.accountability.sources import leads, unanswered
from zhucun.work.attendance import figures as attendance
from zhucun.work.attendance.actions.readings import keep_picture
from zhucun.work.attendance.hints.gathering import hints_of
from zhucun.work.attendance.hints.sheet import Code
from zhucun.work.attendance.ladder import ladder_of
from zhucun.work.attendance.models import Correction, Leave, Objection, PersonMonth, Question, Reading
from zhucun.work.attendance.roster import month_of
from zhucun.work.inspections import figures as inspections
from zhucun.work.inspections.assembling import GAP
from zhucun.work.inspections.models import Circular, Delivery, Draw, Finding, Presence
from zhucun.work.inspections.models import Round as Inspection
from zhucun.work.inspections.models import Step as CorrectionStep
from zhucun.work.inspections.rules import drawn_by_class
from zhucun.work.placement import instance, plan
from zhucun.work.placement.models import Candidate, Lock, Proposal, Round
from zhucun.work.teams.models import Handover, Posting, Review, Team

from . import counted

pytestmark = pytest.mark.django_db  # a savepoint each, inside the county built once
DAY, DAY_BEFORE = date(2022, 12, 7), date(2021, 12, 7)
AT = datetime(2022, 12, 7, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
STARTS = date(2023, 5, 22)
COLLEGE = {"postgraduate", "undergraduate", "college"}
RANKED = {"county_chief", "county_deputy", "section_chief", "section_deputy"}


@pytest.fixture(scope="module", autouse=True)
def county(django_db_setup, django_db_blocker):
    """Built once for this module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        actions.build(by=caretaker(), at=AT)
        yield
        transaction.set_rollback(True)


def holds(row, day: date) -> bool:
    return row.start <= day and (row.end is None or day < row.end)


def in_post(day: date) -> list[tuple[Person, Record]]:
    people = {posting.person_id for posting in Posting.objects.all() if holds(posting, day)}
    records = {record.person_id: record for record in Record.objects.all() if holds(record, day)}
    return [(person, records[person.pk]) for person in Person.objects.all() if person.pk in people]


def age(born: date, day: date) -> int:
    return day.year - born.year - ((born.month, born.day) > (day.month, day.day))


def structure(day: date) -> dict:
    rows = in_post(day)
    ages = [age(person.born, day) for person, _ in rows]
    records = [record for _, record in rows]
    return {
        "支": sum(holds(team, day) for team in Team.objects.all()),
        "人": len(rows),
        "平均年龄": round(sum(ages) / len(ages), 1),
        "大专以上": sum(r.education in COLLEGE for r in records),
        "研究生": sum(r.education == "postgraduate" for r in records),
        "博士": sum(r.degree == "doctor" for r in records),
        "党员": sum(r.political in {"party", "probationary"} for r in records),
        "副科以上": sum(r.rank in RANKED for r in records),
        "涉农": sum(r.agriculture for r in records),
        "农村工作经历": sum(r.rural for r in records),
        "脱贫攻坚": sum(r.poverty_relief for r in records),
    }


def test_the_structure_is_the_articles():
    assert structure(DAY) == {
        "支": 91, "人": 271, "平均年龄": 41.0, "大专以上": 235, "研究生": 6, "博士": 1, "党员": 189, "副科以上": 64,
        "涉农": 73, "农村工作经历": 159, "脱贫攻坚": 86,
    }  # fmt: skip


def test_the_ages_add_up_to_forty_one_a_head_and_are_spread():
    ages = [age(person.born, DAY) for person, _ in in_post(DAY)]
    assert sum(ages) == 41 * len(ages)
    assert min(ages) < 27
    assert max(ages) > 55


def test_the_year_before_was_older_and_less_schooled():
    now, before = structure(DAY), structure(DAY_BEFORE)
    assert before["支"] == 91
    assert before["平均年龄"] == 43.8
    better = ("大专以上", "研究生", "党员", "副科以上", "涉农", "农村工作经历", "脱贫攻坚")
    assert all(before[name] / before["人"] < now[name] / now["人"] for name in better)


def ended_in_2022(ending: str, leaders: bool) -> int:
    roles = {"first_secretary", "leader"}
    rows = [posting for posting in Posting.objects.filter(ending=ending) if (posting.role in roles) is leaders]
    return sum(date(2022, 1, 1) <= posting.last_day <= DAY for posting in rows)


def test_adjusted_and_recalled_as_the_article_says():
    assert (ended_in_2022("transfer", True), ended_in_2022("transfer", False)) == (18, 82)
    assert (ended_in_2022("recall", True), ended_in_2022("recall", False)) == (1, 2)


def test_the_directory_is_the_whole_county():
    assert Village.objects.count() == 296
    assert not Village.objects.exclude(longitude=None).exists()
    assert Unit.objects.count() >= 60
    assert {village.standing_on(DAY).category for village in Village.objects.all()[:120]} == {
        "model",
        "key",
        "ordinary",
    }


def test_nearly_all_who_came_in_2022_were_reviewed_and_all_who_are_new_in_the_next_round():
    came = set(Posting.objects.filter(start__year=2022).values_list("person_id", flat=True))
    new = set(Person.objects.filter(postings=None).values_list("pk", flat=True))
    reviewed = set(Review.objects.values_list("record__person_id", flat=True))
    assert new <= reviewed <= came | new
    assert len(reviewed - new) / len(came) > 0.9
    assert all(review.judgements.count() == 5 for review in Review.objects.all()[:5])


def test_most_lists_are_signed_and_some_wait():
    signed = Handover.objects.filter(signed_on__isnull=False)
    assert signed.count() > 150
    assert 3 <= Handover.objects.filter(signed_on=None).count() <= 25


def test_each_role_has_a_shown_account_that_may_sign_in():
    shown = list(ShownAccount.objects.select_related("user"))
    assert [one.user.username for one in shown] == (
        "county town unit leader member magistrate finance inspector sysadmin secadmin auditor".split()
    )
    assert all(one.user.check_password(one.password) for one in shown)
    assert all(one.user.duties_on(DAY) for one in shown)


@pytest.mark.parametrize("username", ["county", "town", "unit", "leader"])
def test_something_waits_for_those_who_act(username):
    assert waiting_for(User.objects.get(username=username), DAY)


def test_the_clock_stands_on_the_articles_day():
    assert clock.today() == DAY


def test_the_journal_is_in_the_order_of_the_days():
    moments = list(Entry.objects.order_by("seq").values_list("at", flat=True))
    assert moments == sorted(moments)


# --- the next round ----------------------------------------------------------------------------------------------


def the_round() -> Round:
    return Round.objects.get()


def the_proposal() -> Proposal:
    return the_round().proposals.get()


def built() -> instance.Instance:
    return instance.build(the_round(), the_proposal().weights)


def test_the_round_is_being_deliberated():
    round = the_round()
    assert (round.title, round.starts_on, round.status) == (
        "新一轮驻村工作队选派（2023—2025年）", STARTS, "deliberating",
    )  # fmt: skip
    assert (round.met_on, round.attendees[:5], round.opened_at.date()) == (
        date(2022, 12, 5), "县委组织部", date(2022, 11, 14),
    )  # fmt: skip


def test_every_village_with_a_team_takes_part_with_scores_of_its_own():
    needs = list(the_round().needs.select_related("village"))
    villages = set(Team.objects.on(STARTS).values_list("village", flat=True))
    assert {need.village_id for need in needs} == villages
    assert len(needs) == 91
    assert all(need.grounds and need.shortfall and need.skills for need in needs)
    assert len({(need.poor, need.weak, need.disorderly) for need in needs}) > 80
    assert Counter(need.size for need in needs) == {3: 69, 2: 13, 4: 9}
    assert sum(need.remote for need in needs) == 9


def test_the_highest_score_is_what_the_village_was_found_to_be():
    for need in the_round().needs.select_related("village"):
        standing = need.village.standing_on(STARTS)
        flagged = {name for name in need.SCORES if getattr(standing, name)}
        assert flagged <= {max(need.SCORES, key=lambda name: getattr(need, name))}


def test_the_clerk_of_the_township_filled_in_its_own_villages():
    clerk = User.objects.get(username="town")
    [duty] = clerk.duties_on(date(2022, 12, 7))
    own = the_round().needs.filter(village__township=duty.township)
    assert own.exists()
    assert set(the_round().needs.filter(filled_by=clerk)) == set(own)


def test_about_three_hundred_and_twenty_are_put_forward_a_quarter_of_them_new():
    candidates = Candidate.objects.filter(round=the_round())
    assert candidates.count() == 320  # 271 in post, 40 taken back, 89 new
    new = candidates.filter(person__postings=None)
    assert new.count() == 89
    assert all(number[0] == "N" for number in new.values_list("person__number", flat=True))
    assert candidates.exclude(preference=None).count() == 34
    assert candidates.exclude(spouse=None).count() == 4
    assert Entry.objects.filter(action="candidate.taken_back").exclude(reason="").count() == 40


def test_the_contact_of_the_unit_put_forward_its_own_new_people():
    contact = User.objects.get(username="unit")
    [duty] = contact.duties_on(date(2022, 12, 7))
    put = Candidate.objects.filter(put_by=contact)
    assert put.exists()
    assert set(put.values_list("unit", flat=True)) == {duty.unit_id}


def test_everybody_new_is_somebody_of_their_own_and_in_no_team():
    new = Person.objects.filter(number__startswith="N")
    assert not new.exclude(postings=None).exists()
    assert not set(new.values_list("name", flat=True)) & set(
        Person.objects.exclude(number__startswith="N").values_list("name", flat=True)
    )
    assert len({person.name for person in new}) == 89


def test_every_unit_can_lead_its_teams():
    people = Counter(Candidate.objects.filter(may_lead=True).values_list("unit", flat=True))
    for quota in the_round().quotas.all():
        assert people[quota.unit_id] >= quota.capacity - 1, quota
    assert the_round().quotas.aggregate(n=Sum("capacity"))["n"] == 97


def test_some_may_not_go_everywhere_and_nobody_is_left_out():
    found = built()
    people = found.problem.candidates.values()
    assert not found.out
    assert sum(one.health_limited for one in people) == 3
    assert sum(bool(one.home_village) for one in people) == 12
    assert len(found.problem.locks.ban_person_village) == 3
    assert sum(bool(one.spouse) for one in people) == 4


def test_two_locks_were_set_before_with_their_reasons_and_are_kept():
    locks = list(Lock.objects.all())
    assert sorted(lock.kind for lock in locks) == ["person_village", "unit_village"]
    assert all(lock.reason and lock.made_at.date() == date(2022, 12, 5) for lock in locks)
    teams = plan.teams_of(the_proposal())
    for lock in locks:
        team = teams[lock.village_id]
        assert team.unit == lock.unit.name if lock.unit else lock.candidate.person.number in team.members


def test_the_proposal_is_the_best_there_is_and_breaks_no_rule():
    proposal = the_proposal()
    assert (proposal.state, proposal.made_at.date(), proposal.lines.count()) == ("ready", date(2022, 12, 6), 91)
    assert proposal.objective == proposal.bound
    assert plan.refusals(built(), plan.teams_of(proposal)) == []
    sizes = dict(the_round().needs.values_list("village", "size"))
    seats = proposal.lines.annotate(n=Count("seats")).values_list("village", "n")
    assert dict(seats) == sizes


def test_nearly_every_team_follows_the_article():
    kept, bound = plan.villages_led_by_rule(built(), plan.teams_of(the_proposal()))
    assert kept / bound > 0.9


# --- attendance --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(county) -> counted.Workbook:
    return counted.Workbook()


def figure(name: str, period: str) -> int:
    return getattr(attendance, name)(parse(period), Scope(everything=True)).value


def test_everybody_in_post_has_a_mark_every_day_and_nobody_else_has(book):
    told = {key for key in book.marks if key[1] < date(2022, 11, 1)}
    held = {(who, day) for who, own in book.in_post.items() for day in own if day < date(2022, 11, 1)}
    assert told == held
    assert not book.twice
    assert max(day for _, day in book.marks) == date(2022, 11, 30), "the book of December is still out"


def test_the_figures_are_what_the_workbook_says(book):
    for year in (2021, 2022):
        symbols = book.symbols(year)
        assert figure("days", str(year)) == sum(symbols[symbol] for symbol in "√公培会")
        assert figure("unexcused", str(year)) == symbols["×"]
        assert figure("leave_days", str(year)) == book.leave_days(year)
    for month, last in (("2021-09", 30), ("2022-02", 28), ("2022-10", 31)):
        first = date.fromisoformat(f"{month}-01")
        due, met = book.met(first, first.replace(day=last))
        assert (figure("months_due", month), figure("months_met", month)) == (due, met)


def test_the_year_is_believable(book):
    symbols = book.symbols(2022)
    assert 60_000 < symbols["√"] < 72_000
    assert 20 <= symbols["×"] <= 32  # thirteen found once, and those recalled afterwards
    due, met = book.met(date(2022, 9, 1), date(2022, 9, 30))
    assert 0.96 < met / due < 1
    watched = [
        any(book.marks.get((who, day), "×") in "√公培会" for who in there)
        for (_, day), there in book.crew.items()
        if len(there) > 1 and day < date(2022, 11, 1)
    ]
    assert sum(watched) / len(watched) > 0.999


def test_every_day_away_has_its_slip_and_every_slip_its_days(book):
    slips = {
        (row["人员编号"], day): (counted.NOTICES | counted.LEAVES)[row["类别"]]
        for row in book.slips
        if row["批准日期"]
        for day in book.of_slip(row)
    }
    away = {key: symbol for key, symbol in book.marks.items() if symbol in "公培会事病休婚产丧"}
    doubtful = {key: symbol for key, symbol in away.items() if slips.get(key) != symbol}
    assert sorted(doubtful.values()) == ["事", "公"], "left for the shown township to ask about"
    assert {month for _, day in doubtful for month in [f"{day:%Y-%m}"]} == {"2022-11"}
    empty = [key for key in slips if key[1] < date(2022, 12, 1) and key not in away and key in book.marks]
    assert not empty


def test_slips_were_approved_as_high_as_their_days_need(book):
    leaders = set(Posting.objects.filter(role__in=Posting.LEADERS).values_list("person__number", flat=True))
    extended = {(row["人员编号"], book.of_slip(row)[-1] + timedelta(days=1)) for row in book.slips}
    for row in book.slips:
        length, person = len(book.of_slip(row)), row["人员编号"]
        if not row["批准日期"] or person in leaders or (person, book.of_slip(row)[0]) in extended:
            continue
        need = "乡镇" if row["类别"] in counted.NOTICES else "队长" if length == 1 else "乡镇" if length <= 3 else "县"
        assert row["批准层级"] == need, row


def test_a_handful_of_townships_were_late_and_two_are_open():
    said = {}
    for month, township, on in PersonMonth.objects.values_list(
        "start", "team__village__township__name", "confirmed_on"
    ):
        said.setdefault((month, township), set()).add(on)
    late = [key for key, on in said.items() if max(filter(None, on), default=date.min).day > 5 and key[0].year == 2022]
    assert len(late) == 7
    assert {month for (month, _), on in said.items() if None in on} == {date(2022, 11, 1)}
    assert len([key for key, on in said.items() if None in on]) == 2
    entries = Entry.objects.filter(action="attendance.confirmed")
    assert entries.exclude(actor=User.objects.get(username="town").pk).exists()
    assert all(int(at[8:10]) <= 11 for at in entries.values_list("at", flat=True))


def test_what_the_shown_township_finds():
    town = Division.objects.get(pk=User.objects.get(username="town").duties_on(DAY)[0].township_id)
    readings = Reading.objects.filter(township=town)
    assert Counter(readings.values_list("state", flat=True)) == {"open": 2, "done": 1, "again": 1, "refused": 1}
    assert 4 <= Question.objects.filter(reading__in=readings, answered_at=None).count() <= 20
    assert list(Objection.objects.values_list("upheld", flat=True).order_by("raised_at")) == [True, None]
    assert Correction.objects.filter(day=date(2022, 10, 20), old="×", new="培").count() == 1
    empty = Team.objects.on(DAY).filter(village__township=town).exclude(months__start=date(2022, 11, 1))
    assert empty.count() == 1
    assert all(reading.path.exists() for reading in readings.exclude(picture=""))


def test_a_leave_waits_for_each_who_decides_and_one_for_its_return():
    turns = {leave.get_kind_display(): ladder_of(leave, DAY).turn for leave in Leave.objects.filter(status="asked")}
    assert turns == {"事假": "leader", "公出报备": "township", "公休": "county"}
    member = User.objects.get(username="member")
    assert Leave.objects.filter(person__user=member, status="approved", end=DAY, returned_on=None).count() == 1


def test_what_was_read_is_what_was_filled_in():
    """Cells beyond doubt only: every mark read from a page without a question agrees with the drawn diary."""
    sown = seed.read()
    drawn_plan = draw(sown)
    by_hand = ByHand(drawn_plan, None, {}).slips
    drawn = Writing(Chance(sown.structure["seed"] + 4), sown, drawn_plan, by_hand).write().rows
    rows = {
        (crew.number, stay.who.number): row
        for (crew, first), own in drawn.items()
        if first == date(2022, 11, 1)
        for stay, row in own.items()
    }
    read = PersonMonth.objects.filter(origins__contains="r").select_related("team", "person")
    assert read.count() >= 10
    for month in read:
        truth = rows[month.team.number, month.person.number]
        assert all(mark in ("·", true) for mark, true in zip(month.marks, truth, strict=True))


# --- inspections and what followed -------------------------------------------------------------------------------


def counted_in(room, name: str, year: int) -> int:
    return getattr(room, name)(Period(date(year, 1, 1), date(year, 12, 7), str(year)), Scope(everything=True)).value


def test_the_articles_numbers_stand_in_the_workbook_and_in_the_figures(book):
    said = {
        "rounds": len(book.dated("督查", "日期", 2022)), "findings": len(book.of_rounds("督查问题", 2022)),
        "corrections": len(book.of_rounds("整改意见", 2022)), "circulars": len(book.dated("督查通报", "印发日期", 2022)),
    }  # fmt: skip
    assert said == {"rounds": 12, "findings": 13, "corrections": 18, "circulars": 9}
    assert {name: counted_in(inspections, name, 2022) for name in said} == said
    assert sorted(row["期号"] for row in book.dated("督查通报", "印发日期", 2022)) == list(range(1, 10))
    reminded = {row["人员编号"] for row in book.dated("提醒", "日期", 2022)}
    assert len(reminded) == 23 == len(book.dated("提醒", "日期", 2022)) == counted_in(accountability, "reminded", 2022)
    assert counted_in(accountability, "interviews", 2022) == len(book.dated("约谈", "日期", 2022)) == 5


def test_the_year_before_has_inspections_too_but_fewer(book):
    for room, name, sheet, column in (
        (inspections, "rounds", "督查", "日期"), (inspections, "circulars", "督查通报", "印发日期"), (accountability, "reminded", "提醒", "日期"),
    ):  # fmt: skip
        assert 0 < len(book.dated(sheet, column, 2021)) == counted_in(room, name, 2021) < counted_in(room, name, 2022)


def test_every_way_of_inspecting_of_reminding_and_of_interviewing_occurs():
    held = Inspection.objects.filter(held_on__year=2022, state="closed")
    assert set(held.values_list("method", flat=True)) == set(Inspection.Method.values)
    assert set(Case.objects.filter(measure="reminder").values_list("way", flat=True)) == set(Case.Way.values)
    interviewed = Case.objects.filter(measure="interview", state="closed").values_list("target", flat=True)
    assert set(interviewed) == set(Case.Target.values)


def test_what_was_found_on_site_is_what_the_book_says(book):
    meaning = {"here": "√", "absent": "×", "notice": "公培会调", "leave": "事病休婚产丧"}
    seen = list(Presence.objects.values_list("posting__person__number", "day", "found"))
    assert len(seen) > 150
    assert {kind for _, _, kind in seen} == set(meaning)
    assert all(book.marks[person, day] in meaning[kind] for person, day, kind in seen)
    for month in {day.replace(day=1) for _, day, _ in seen}:
        teams = list(Team.objects.filter(visits__visited_on__month=month.month, visits__visited_on__year=month.year))
        hints = hints_of(teams, month_of(month), DAY)
        assert not [hint for own in hints.values() for hint in own if hint.code == Code.SAID_OTHERWISE]


def test_draws_can_be_repeated_and_every_village_was_drawn_or_named_with_a_reason():
    draws = list(Draw.objects.select_related("round"))
    assert len({one.seed for one in draws}) == len(draws) >= 8
    assert all(drawn_by_class(one.pools, one.numbers, one.seed) == one.drawn for one in draws)
    for one in draws:
        gone = set(one.round.visits.values_list("village", flat=True))
        assert set(one.drawn) <= gone
        chosen = Entry.objects.filter(action="inspection.villages_chosen", target_id=str(one.round.pk))
        assert set(one.drawn) == gone or chosen.exclude(reason="").exists()


def test_a_round_of_next_week_is_drawn_and_waits():
    [ahead] = Inspection.objects.filter(state="planned")
    assert (ahead.held_on, ahead.visits.count(), ahead.visits.exclude(entered_at=None).count()) == (
        date(2022, 12, 14),
        6,
        0,
    )


def test_findings_are_closed_but_four():
    open_ones = Finding.objects.filter(state="open")
    assert sorted(one.corrections.get().state for one in open_ones) == ["ordered", "ordered", "ordered", "replied"]
    done = Finding.objects.filter(state="closed")
    assert not done.filter(corrections=None).exists()
    assert not done.exclude(corrections__state="done").exists()
    assert not Finding.objects.filter(closed_by=F("found_by")).exists()
    assert not CorrectionStep.objects.filter(kind="accepted", taken_by=F("correction__replied_by")).exists()
    assert CorrectionStep.objects.filter(kind="returned").exists()


def test_circulars_were_written_reviewed_and_signed_by_three_and_received():
    issued = Circular.objects.filter(state="issued")
    hands = {(one.drafted_by.username, one.reviewed_by.username, one.signed_by.username) for one in issued}
    assert hands == {("county", "inspector", "magistrate")}
    [missing] = Delivery.objects.filter(circular__state="issued", received_at=None)
    assert missing.township == User.objects.get(username="town").duties_on(DAY)[0].township
    assert (missing.circular.year, missing.circular.number) == (2022, 9)
    [waiting] = Circular.objects.exclude(state="issued")
    assert (waiting.state, waiting.number) == ("review", None)
    assert not [one for one in Circular.objects.all() if GAP in one.body]


def test_recalls_went_through_every_step():
    recalls = list(Case.objects.filter(measure="recall", on__year=2022).order_by("on"))
    assert [one.target for one in recalls] == ["member", "leader", "member"]
    for one in Case.objects.filter(measure="recall"):
        assert (one.state, one.posting.ending, one.posting.last_day) == ("closed", "recall", one.last_day)
        assert one.posting.ending_reason == one.grounds
        assert one.finding.person_id == one.person_id
        assert all((one.statement, one.clause, one.document, one.after))
        by = {opinion.level: opinion.given_by for opinion in one.opinions.all()}
        assert list(by) == ["township", "office", "organisation", "group"]
        assert by["township"].duties_on(one.last_day)[0].township_id == one.township_id
        assert one.opinions.get(level="organisation").document
        assert one.successor.team_id == one.posting.team_id
        assert Handover.objects.get(posting=one.posting).receiver_id == one.successor_id
    assert Posting.objects.filter(ending="recall").count() == 4
    assert Entry.objects.filter(action="posting.ended_by_recall").count() == 4


def test_one_recall_was_appealed_against_and_upheld_by_somebody_else():
    [appeal] = Appeal.objects.all()
    assert (appeal.upheld, appeal.case.target, appeal.raised_by) == (False, "leader", appeal.case.person.user)
    assert appeal.answered_by not in {one.given_by for one in appeal.case.opinions.all()} | {appeal.case.opened_by}


def test_absences_led_to_what_the_ladder_says_but_the_last():
    everywhere = Scope(everything=True)
    [lead] = leads(everywhere, DAY)
    assert (lead.count, lead.measure, lead.finding.found_on) == (1, "reminder", date(2022, 11, 24))
    assert not leads(everywhere, DAY_BEFORE)
    third = Case.objects.get(measure="recall", source="absence")
    steps = Case.objects.filter(person=third.person).order_by("opened_on").values_list("measure", flat=True)
    assert list(steps) == ["reminder", "interview", "recall"]
    assert not unanswered(everywhere, DAY).exists()


WAITING = {
    "county": ["约谈待进行", "12月14日暗访督查", "1 条整改待核实", "1 条无故不在岗待处理"],
    "town": ["1 份督查通报待签收", "2 条整改意见待回复"],
    "unit": ["2 条整改意见待回复"],
    "leader": ["1 条整改意见待回复"],
    "member": ["请回复提醒"],
    "inspector": ["12月14日暗访督查", "1 份督查通报待审核", "1 条整改待核实"],
    "magistrate": [],
    "finance": [],
}


@pytest.mark.parametrize("username", [*WAITING, "sysadmin", "secadmin", "auditor"])
def test_the_home_page_says_what_waits_and_every_link_opens(client, username):
    user = User.objects.get(username=username)
    client.force_login(user)
    page = client.get("/").content.decode()
    todos = [one for one in waiting_for(user, DAY) if one.room in ("inspections", "accountability")]
    assert sorted(one.title for one in todos) == sorted(WAITING.get(username, []))
    for one in todos:
        assert one.title in page
        assert client.get(one.url).status_code == 200


# --- building and wiping -----------------------------------------------------------------------------------------


def test_it_is_not_built_twice():
    with pytest.raises(ValidationError):
        actions.build(by=caretaker(), at=AT)


def test_a_demonstration_can_be_wiped_to_the_last_row():
    connection.check_constraints()
    with transaction.atomic():
        actions.wipe(by=caretaker(), at=AT)
        assert found() is Found.NOTHING
        assert not Entry.objects.exists()
        transaction.set_rollback(True)
    assert found() is Found.DEMO


def test_pictures_go_with_their_rows_but_not_those_of_the_county_built_anew():
    kept = Reading.objects.exclude(picture="").first()
    actions._let_go(kept.picture)
    assert kept.path.exists()
    gone = Reading(picture=keep_picture(b"of no row"))
    actions._let_go(gone.picture)
    assert not gone.path.exists()
