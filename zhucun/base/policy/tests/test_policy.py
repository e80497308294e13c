"""What the rules say on a day: by date, by the closest area, with the clause behind it."""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.cast import NOW
from zhucun.base.policy import actions, catalogue, policy
from zhucun.base.policy.models import Parameter
from zhucun.base.policy.parameters import Weight, parameter
from zhucun.base.policy.site import SitePolicy

pytestmark = pytest.mark.django_db
D = date.fromisoformat


@dataclass(frozen=True)
class TrialPolicy:
    """One field of each kind."""

    ROOM: ClassVar = "trial"
    GROUP: ClassVar = "试验"

    days: int = parameter(20, "天数", "天")
    share: Decimal = parameter(Decimal("0.25"), "比例")
    strict: bool = parameter(True, "严格")
    weight: Weight = parameter(Weight.WARN, "轻重")
    words: str = parameter("县驻村办", "称呼")


@pytest.fixture(autouse=True)
def trial(settings, monkeypatch):
    monkeypatch.setattr(catalogue, "policies", lambda: [TrialPolicy, SitePolicy])
    catalogue.catalogue.cache_clear()
    yield
    catalogue.catalogue.cache_clear()


@pytest.fixture
def put(world):
    def put(key, value, start, area="", clause=None):
        return actions.set_parameter(
            key=f"trial.{key}", value=value, start=D(start), area=area, clause=clause, by=world.office, at=NOW
        )

    return put


def on(day, area=""):
    return policy.on(D(day), TrialPolicy, area)


def test_without_any_row_the_defaults_hold(world):
    assert on("2022-12-07") == TrialPolicy()


def test_each_kind_is_read_back_as_what_it_is(put):
    for key, text in (("days", "22"), ("share", "0.30"), ("strict", "否"), ("weight", "不检查"), ("words", "办公室")):
        put(key, text, "2022-01-01")
    assert on("2022-01-01") == TrialPolicy(22, Decimal("0.30"), False, Weight.IGNORE, "办公室")


def test_a_value_holds_from_its_day_until_the_next(put):
    put("days", "22", "2022-01-01")
    put("days", "18", "2022-07-01")
    days = {day: on(day).days for day in ("2021-12-31", "2022-01-01", "2022-06-30", "2022-07-01", "2030-01-01")}
    assert list(days.values()) == [20, 22, 22, 18, 18]


def test_the_same_day_again_corrects(put):
    put("days", "22", "2022-01-01")
    put("days", "21", "2022-01-01")
    assert (on("2022-01-01").days, Parameter.objects.count()) == (21, 1)


def test_the_closest_area_wins(put, world):
    put("days", "22", "2022-01-01")
    put("days", "15", "2022-01-01", area="430426102")
    put("days", "10", "2022-03-01", area="430426102201")
    areas = ["", "430426", "430426102", "430426102201", "430426103", "430426103201"]
    assert [on("2022-02-01", area).days for area in areas] == [22, 22, 15, 15, 22, 22]
    assert on("2022-03-01", "430426102201").days == 10


def test_many_days_and_areas_are_asked_at_once_as_one_by_one(put, world, django_assert_num_queries):
    put("days", "22", "2022-01-01")
    put("days", "15", "2022-06-01", area=world.jinqiao.pk)
    days = [(D(day), area) for day in ("2021-12-31", "2022-05-31", "2022-06-01") for area in ("", world.shiqiao.pk)]
    with django_assert_num_queries(1):
        found = policy.on_each(TrialPolicy, days)
    assert found == {(day, area): policy.on(day, TrialPolicy, area) for day, area in days}
    assert [one.days for one in found.values()].count(15) == 1


def test_a_value_carries_its_clause(put, world):
    document = actions.issue_document(
        title="办法",
        number="1号",
        issuer="县委",
        start=D("2022-01-01"),
        clauses={"第八条": "每月不少于 22 天。"},
        by=world.office,
        at=NOW,
    )
    put("days", "22", "2022-01-01", clause=document.clauses.get())
    assert str(policy.clause_of(D("2022-05-01"), "trial.days")) == "《办法》第八条"
    assert policy.clause_of(D("2021-05-01"), "trial.days") is None


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("days", "二十", "整数"), ("days", "-1", "整数"), ("days", "9" * 12, "整数"), ("share", "四分之一", "数字"), ("share", "NaN", "数字"),
        ("strict", "yes", "是、否"), ("weight", "随便", "不得选派"), ("nonsense", "1", "没有名为"),
    ],
)  # fmt: skip
def test_a_value_that_is_none_is_refused(put, key, value, sentence):
    with pytest.raises(ValidationError, match=sentence):
        put(key, value, "2022-01-01")
    assert not Parameter.objects.exists()


def test_history_is_changed_from_its_end_only(put):
    put("days", "22", "2022-07-01")
    with pytest.raises(ValidationError, match="已经有新的值"):
        put("days", "21", "2022-01-01")


def test_only_the_office_changes_rules(world):
    with pytest.raises(PermissionDenied):
        actions.set_parameter(
            key="trial.days", value="1", start=D("2022-01-01"), clause=None, by=world.clerk_jin, at=NOW
        )


def test_every_real_parameter_reads_its_own_default(settings, monkeypatch):
    monkeypatch.undo()
    catalogue.catalogue.cache_clear()
    for entry in catalogue.catalogue().values():
        assert entry.read(entry.write(entry.default)) == entry.default
        assert entry.label
        assert entry.group
    assert len(catalogue.catalogue()) == sum(len(fields(one)) for one in catalogue.policies())


def test_asking_costs_one_question(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        on("2022-12-07", "430426102201")


def test_a_document_entered_twice_is_one(world):
    by = {"by": world.office, "at": NOW}
    same = {"title": "办法", "number": "1号", "issuer": "", "start": D("2022-01-01")}
    one = actions.issue_document(**same, clauses={"第一条": "甲"}, **by)
    two = actions.issue_document(**same, clauses={"第一条": "乙", "第二条": "丙"}, **by)
    assert one == two
    assert dict(two.clauses.values_list("number", "text")) == {"第一条": "乙", "第二条": "丙"}


def test_a_document_ends_after_its_last_day(world):
    by = {"by": world.office, "at": NOW}
    row = actions.issue_document(title="办法", number="", issuer="", start=D("2022-01-01"), clauses={}, **by)
    actions.end_document(document=row, last_day=D("2022-10-31"), reason="废止", **by)
    assert [type(row).objects.on(D("2022-10-31") + timedelta(n)).exists() for n in (0, 1)] == [True, False]
    with pytest.raises(ValidationError, match="请写明"):
        actions.end_document(document=row, last_day=D("2022-10-31"), reason=" ", **by)
