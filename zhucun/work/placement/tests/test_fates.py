"""What becomes of everybody, told before the approval and carried out by it, counted by hand.

| village | team and people of today | decided | so |
|---|---|---|---|
| 石桥村 | T001 of 县财政局: 王立新 (队长) and 李敏 since 2021-05-20, 郑平 since 2022-06-01 | 县财政局: 周华 (队长), 王立新 | goes on |
| 高岭村 | T002 of 县公安局: 赵刚 (队长) since 2021-05-20, 孙勇 since 2022-09-01 | 县公安局: 赵刚 (队长), 孙勇 | goes on |
| 清水村 | T003 of 县公安局: 陈卫 (队长) since 2022-03-01, 刘洋 since 2021-05-20 | 县农业农村局: 吴农 (队长), 刘洋, 郑平 | anew |

A term is 24 months, so on 2023-05-22 it is full for whoever began by 2021-05-22.
"""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from tests.cast import MAY_2021
from zhucun.base.access.models import Duty
from zhucun.base.access.scope import Scope
from zhucun.base.journal.models import Entry
from zhucun.base.policy.models import Parameter
from zhucun.base.timeline.periods import Period
from zhucun.work.placement import board
from zhucun.work.placement.actions import approval, gathering
from zhucun.work.placement.fates import Kind, arrivals, fates
from zhucun.work.placement.optimiser.result import Team as Plan
from zhucun.work.teams import actions as teams
from zhucun.work.teams import figures
from zhucun.work.teams.models import Handover, Posting, Team

from .conftest import STARTS, deliberating, fill, newcomer, proposal, put, quota

pytestmark = pytest.mark.django_db
SHIQIAO, QINGSHUI, GAOLING = "430426102201", "430426102202", "430426103201"
LAST = date(2023, 5, 21)
PLAN = {
    SHIQIAO: Plan("县财政局", "P010", ("P001", "P010")),
    GAOLING: Plan("县公安局", "P003", ("P003", "P012")),
    QINGSHUI: Plan("县农业农村局", "P011", ("P011", "P014", "P015")),
}
TOLD = {
    "周华": Kind.NEW, "吴农": Kind.NEW, "孙勇": Kind.STAYS, "赵刚": Kind.RENEWED, "王立新": Kind.ROLE,
    "刘洋": Kind.REFORMED, "郑平": Kind.MOVED, "李敏": Kind.TERM, "陈卫": Kind.TRANSFER,
}  # fmt: skip


@pytest.fixture
def meant(told):
    """The world of the table, its round in the meeting, with the proposal ready."""
    for name, label, number, unit in (
        ("zhou", "周华", "P010", told.finance), ("wu", "吴农", "P011", told.farming), ("sun", "孙勇", "P012", told.police),
        ("chen", "陈卫", "P013", told.police), ("liu", "刘洋", "P014", told.police), ("zheng", "郑平", "P015", told.finance),
    ):  # fmt: skip
        setattr(told, name, newcomer(told, label, number, unit))
    told.team_qingshui = teams.open_team(
        number="T003", village=told.qingshui, lead_unit=told.police, partners=[], start=MAY_2021, **told.by
    )
    for who, team, role, start in (
        (told.zheng, told.team_shiqiao, "member", date(2022, 6, 1)),
        (told.sun, told.team_gaoling, "member", date(2022, 9, 1)),
        (told.chen, told.team_qingshui, "leader", date(2022, 3, 1)),
        (told.liu, told.team_qingshui, "member", MAY_2021),
    ):
        teams.post(person=who, team=team, role=role, start=start, reason="补充", **told.by)
    gathering.bring_teams(round=told.round, **told.by)
    for village, size in ((told.shiqiao, 2), (told.gaoling, 2), (told.qingshui, 3)):
        fill(told, village, size=size)
    quota(told, told.finance, 1)
    quota(told, told.police, 1)
    quota(told, told.farming, 1, told.police, told.finance)
    gathering.bring_people(round=told.round, **told.by)
    for who in (told.zhou, told.wu):
        put(told, who, may_lead=True)
    deliberating(told)
    told.proposal = proposal(told, PLAN)
    return told


def kinds(world) -> dict[str, Kind]:
    return {fate.person.name: fate.kind for fate in fates(world.proposal.round, world.proposal).people}


def approve(world):
    return approval.approve(proposal=world.proposal, **world.by)


def ledger() -> list:
    models = (Team, Posting, Handover, Duty, Entry)
    return [model.objects.count() for model in models] + [Posting.objects.filter(end=None).count()]


def began(world, who, start: date) -> None:
    """Let somebody's posting have begun on another day."""
    who.postings.update(start=start)


def page(client, name, *args) -> str:
    answer = client.get(reverse(f"placement:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


# --- what is decided ---------------------------------------------------------------------------------------------


def test_everybody_has_the_fate_of_the_table(meant):
    assert kinds(meant) == TOLD


def test_the_fates_say_from_where_to_where_until_when_and_from_when(meant):
    found = {fate.person.name: fate for fate in fates(meant.proposal.round, meant.proposal).people}
    said = {name: (fate.ending, fate.why, fate.role, fate.last, fate.first) for name, fate in found.items()}
    assert said == {
        "周华": ("", "", "first_secretary", None, STARTS),
        "吴农": ("", "", "first_secretary", None, STARTS),
        "孙勇": ("", "", "member", None, date(2022, 9, 1)),
        "赵刚": ("term", "任期届满，续派", "leader", LAST, STARTS),
        "王立新": ("other", "留任本村，改任职务", "member", LAST, STARTS),
        "刘洋": ("other", "留任本村，队伍重新组建", "member", LAST, STARTS),
        "郑平": ("transfer", "改派到清水村", "member", LAST, STARTS),
        "李敏": ("term", "轮换", "", LAST, None),
        "陈卫": ("transfer", "轮换", "", LAST, None),
    }


def test_teams_close_open_and_go_on(meant):
    outcome = fates(meant.proposal.round, meant.proposal)
    assert [team.number for team, _ in outcome.closing] == ["T003"]
    assert [line.village_id for line in outcome.opening] == [QINGSHUI]
    assert {village: team.number for village, team in outcome.going_on.items()} == {SHIQIAO: "T001", GAOLING: "T002"}


@pytest.mark.parametrize(
    ("start", "kind"),
    [(date(2021, 5, 21), Kind.RENEWED), (date(2021, 5, 22), Kind.RENEWED), (date(2021, 5, 23), Kind.STAYS)],
)
def test_a_term_that_is_full_by_the_first_day_is_renewed_and_another_goes_on(meant, start, kind):
    began(meant, meant.sun, start)
    assert kinds(meant)["孙勇"] is kind


def test_a_township_with_a_longer_term_keeps_its_people_as_they_are(meant):
    Parameter.objects.create(key="teams.term_months", value="36", area="430426103", start=date(2022, 1, 1))
    assert kinds(meant) == TOLD | {"赵刚": Kind.STAYS}  # 鸟江镇; 李敏 in 金桥镇 is full all the same


def test_a_deputy_who_stays_is_renewed_as_a_deputy(meant):
    meant.sun.postings.update(role="deputy", start=MAY_2021)
    approve(meant)
    assert meant.sun.postings.get(end=None).role == "deputy"


def test_nothing_is_written_by_asking_and_the_number_of_questions_is_bounded(meant, django_assert_max_num_queries):
    before = ledger()
    with django_assert_max_num_queries(12):
        kinds(meant)
    assert ledger() == before


# --- what approving then does -------------------------------------------------------------------------------------


def test_approving_does_what_was_told(meant):
    outcome = fates(meant.proposal.round, meant.proposal)
    counts = {kind: len(people) for kind, people in outcome.by_kind.items()}
    assert counts == dict.fromkeys(Kind, 1) | {Kind.NEW: 2}
    approve(meant)
    ended = Posting.objects.filter(end=STARTS).values_list("person__name", "ending")
    assert dict(ended) == {
        "赵刚": "term", "李敏": "term", "王立新": "other", "刘洋": "other", "郑平": "transfer", "陈卫": "transfer",
    }  # fmt: skip
    begun = Posting.objects.filter(start=STARTS).values_list("person__name", flat=True)
    assert sorted(begun) == sorted(["周华", "吴农", "赵刚", "王立新", "刘洋", "郑平"])
    became = arrivals(meant.proposal.seats.all(), STARTS)
    assert {seat.candidate.person.name: became[seat.pk].kind for seat in meant.proposal.seats.all()} == {
        name: kind for name, kind in TOLD.items() if kind not in (Kind.TERM, Kind.TRANSFER)
    }


def test_who_is_renewed_begins_a_new_term_without_handing_over(meant):
    approve(meant)
    old, new = meant.zhao.postings.order_by("start")
    assert (old.last_day, old.ending, old.ending_reason) == (LAST, "term", "新一轮驻村工作队选派：任期届满，续派")
    assert (new.start, new.role, new.team) == (STARTS, "leader", meant.team_gaoling)
    assert not Handover.objects.filter(posting=old).exists()
    assert meant.proposal.seats.get(candidate__person=meant.zhao).posting == new


def test_whose_term_is_not_full_simply_goes_on(meant):
    approve(meant)
    [posting] = meant.sun.postings.all()
    assert (posting.start, posting.end) == (date(2022, 9, 1), None)
    assert meant.proposal.seats.get(candidate__person=meant.sun).posting == posting


def test_only_those_who_left_a_village_hand_over(meant):
    approve(meant)
    rows = Handover.objects.filter(posting__end=STARTS).values_list("posting__person__name", "receiver__person__name")
    assert dict(rows) == {"郑平": "周华", "李敏": "周华", "陈卫": "吴农"}


def test_who_leaves_early_is_counted_as_the_figures_of_the_year_count_it(meant):
    assert fates(meant.proposal.round, meant.proposal).early == {"leaders": 1, "members": 1, "people": 2}
    approve(meant)
    year, scope = Period(date(2023, 1, 1), date(2023, 12, 31), "2023年"), Scope(county=frozenset({meant.county.pk}))
    assert figures.leaders_transferred(year, scope).value == 1  # 陈卫
    assert figures.members_transferred(year, scope).value == 1  # 郑平


def test_when_the_last_step_is_refused_nothing_is_written(meant, monkeypatch):
    def refuse(**_):
        raise ValidationError("交接清单已经签字。")

    monkeypatch.setattr(teams, "name_receiver", refuse)
    before = ledger()
    with pytest.raises(ValidationError, match="已经签字"):
        approve(meant)
    assert ledger() == before
    assert not meant.proposal.seats.exclude(posting=None).exists()


# --- what people read ---------------------------------------------------------------------------------------------


def test_the_board_shows_who_leads_no_longer_or_now(meant, signed_in):
    rows = {row.line.village_id: row for row in board.rows_of(meant.proposal)}
    wang = meant.proposal.seats.get(candidate__person=meant.wang)
    assert rows[SHIQIAO].role_changes == rows[SHIQIAO].staying == {wang.pk}
    sums = board.sums_of(rows.values())
    assert (sums.staying, sums.role_changes) == (4, 1)  # 王立新, 赵刚, 孙勇, 刘洋
    assert "改任队员" in page(signed_in(meant.office), "proposal", meant.proposal.pk)


def test_the_page_before_the_approval_tells_what_will_happen(meant, signed_in):
    found = " ".join(page(signed_in(meant.office), "approve", meant.proposal.pk).split())
    for kind, number in (("新到任", 2), ("留任", 1), ("续派", 1), ("改任职务", 1), ("期满离任", 1), ("调整离任", 1)):
        assert f'<summary>{kind} <span class="num">{number}</span> 人</summary>' in found
    assert '计入 <span class="num">2023</span> 年的调整数字' in found
    assert "石桥村 第一书记兼队长</td> <td>石桥村 队员</td>" in found
    assert "批准并写入台账" in found


def test_each_obstacle_leads_to_where_it_is_mended(meant, signed_in):
    meant.round.candidates.filter(person=meant.zhou).update(reason="")
    candidate = meant.round.candidates.get(person=meant.zhou)
    found = page(signed_in(meant.office), "approve", meant.proposal.pk)
    assert reverse("placement:candidate", args=[candidate.pk]) in found
    assert "批准并写入台账" not in found


def test_the_list_and_the_seat_say_who_stays_since_when(meant, signed_in):
    approve(meant)
    client = signed_in(meant.office)
    found = page(client, "decided", meant.round.pk)
    for words in (
        "高岭村驻村工作队",
        "续派，2021-05-20 起在本村",
        "留任，2022-09-01 起在本村",
        "改任职务，2021-05-20 起在本村",
    ):
        assert words in found
    for who, words in (
        (meant.zhao, "续派，2021年5月20日起在本村"),
        (meant.sun, "留任，2022年9月1日起在本村"),
        (meant.zhou, "2023年5月22日"),
    ):
        assert words in page(client, "seat", meant.proposal.seats.get(candidate__person=who).pk)
