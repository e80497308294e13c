"""Weights as officials type them, two proposals side by side, and the other ways beside a proposal."""

from datetime import date

import pytest
from django.urls import reverse

from zhucun.base.journal.models import Entry
from zhucun.work.placement import instance, rules
from zhucun.work.placement.actions import measuring
from zhucun.work.placement.forms.weights import WeightsForm, changes_in_words
from zhucun.work.placement.models import Proposal
from zhucun.work.placement.optimiser.baselines import BASELINES
from zhucun.work.placement.optimiser.result import Team

from .conftest import newcomer, proposal, put, quota

NOW = rules.weights_of(rules.PlacementPolicy())
SHIQIAO, GAOLING = "430426102201", "430426103201"
FIRST = {SHIQIAO: Team("县财政局", "P001", ("P001", "P002")), GAOLING: Team("县公安局", "P003", ("P003",))}


def url(name, *args, **query):
    tail = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"placement:{name}", args=args) + (f"?{tail}" if tail else "")


def text(client, address) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def typed(**changed: str) -> dict[str, str]:
    """The weights in force as the page shows them, some typed anew."""
    shown = WeightsForm(weights=NOW)
    return {name: str(shown[name].value()) for name in NOW} | {"note": ""} | changed


@pytest.fixture
def planned(staffed):
    """The round with a proposal as everybody is posted now."""
    staffed.proposal = proposal(staffed, FIRST)
    return staffed


@pytest.fixture
def changed(planned):
    """And a second one: 何平 of 县财政局 leads 石桥村 instead of 王立新, who stays as a member in the place of 李敏."""
    put(planned, newcomer(planned, "何平", "P030", planned.finance), may_lead=True)
    quota(planned, planned.finance, 1, planned.farming)
    teams = FIRST | {SHIQIAO: Team("县财政局", "P030", ("P001", "P030"))}
    planned.changed = proposal(planned, teams, weights=NOW | {"stay_bonus": 200, "key_factor": 150})
    return planned


# --- weights ------------------------------------------------------------------------------------------------------


def test_weights_are_shown_and_taken_in_points():
    form = WeightsForm(weights=NOW)
    assert (form["led_before"].label, form["led_before"].value()) == ("继续帮扶加分（分）", "5.0")
    assert (form["stay_bonus"].label, form["stay_bonus"].value()) == ("连任加分（分/人）", "2.5")
    assert (form["key_factor"].label, form["key_factor"].value()) == ("重点村系数（%）", 130)
    assert form["young_age"].label == "年轻人年龄上限（周岁）"
    same = WeightsForm(typed(), weights=NOW)
    assert same.is_valid()
    assert same.weights == NOW
    more = WeightsForm(typed(stay_bonus="5", key_factor="150"), weights=NOW)
    assert more.is_valid()
    assert more.weights == NOW | {"stay_bonus": 50, "key_factor": 150}


def test_what_is_no_weight_is_answered_with_what_to_type():
    form = WeightsForm(typed(stay_bonus="2.55", led_before="200.1", key_factor="1.5", party=""), weights=NOW)
    assert not form.is_valid()
    points, whole = ["请填 0 到 200 的数，最多一位小数。"], ["请填 0 到 200 的整数。"]
    assert form.errors == {"stay_bonus": points, "led_before": points, "key_factor": whole, "party": points}


def test_what_the_county_has_put_in_force_stays_possible():
    assert WeightsForm(typed(key_factor="250"), weights=NOW | {"key_factor": 250}).is_valid()


def test_changes_are_told_in_the_units_of_the_page():
    after = NOW | {"stay_bonus": 200, "key_factor": 150, "young_age": 40}
    assert changes_in_words(NOW, after) == [
        "重点村系数 130→150%",
        "连任加分 2.5→20.0 分",
        "年轻人年龄上限 35→40 周岁",
    ]
    assert changes_in_words(NOW, NOW) == []
    assert changes_in_words({}, NOW)[0] == "重点村系数 未定→130%"


def test_every_weight_of_the_objective_is_on_the_page():
    assert sorted(name for _, names in WeightsForm.groups for name in names) == sorted(rules.WEIGHTS)


# --- two proposals ------------------------------------------------------------------------------------------------


def test_who_moves_is_listed_by_the_new_village_with_who_begins_and_ceases_to_lead(changed, signed_in):
    answer = signed_in(changed.office).get(url("compare", changed.changed.pk, **{"with": 1}))
    moves = [(str(one.candidate), one.old, one.new, one.role, one.goes) for one in answer.context["moves"]]
    assert moves == [
        ("何平", "", "石桥村", "改任队长", True),
        ("王立新", "石桥村", "石桥村", "不再任队长", False),
        ("李敏", "石桥村", "", "", True),
    ]
    page = answer.content.decode()
    assert "改任队长" in page
    assert "没有排上" in page


def test_the_weights_that_differ_are_told_old_to_new(changed, signed_in):
    client = signed_in(changed.office)
    page = text(client, url("compare", changed.changed.pk, **{"with": 1}))
    assert "重点村系数 130→150%" in page
    assert "连任加分 2.5→20.0 分" in page
    back = text(client, url("compare", changed.proposal.pk, **{"with": 2}))
    assert "连任加分 20.0→2.5 分" in back
    third = proposal(changed, FIRST)
    assert "两个方案计算时的权重不同" not in text(client, url("compare", third.pk, **{"with": 1}))


@pytest.mark.parametrize("number", ["", "1", "99", "x", "²", "1" * 40])
def test_a_comparison_always_finds_another_proposal(changed, signed_in, number):
    answer = signed_in(changed.office).get(url("compare", changed.changed.pk, **{"with": number}))
    assert answer.context["other"] == changed.proposal


def test_a_comparison_prints_leads_back_and_is_noted(changed, signed_in):
    client = signed_in(changed.office)
    page = text(client, url("compare", changed.changed.pk, **{"with": 1}, format="print"))
    assert "方案比较：方案1换成方案2" in page
    assert f'href="{url("compare", changed.changed.pk, **{"with": 1})}"' in page
    assert "改任队长" in page
    assert Entry.objects.filter(action="list.exported").count() == 1


# --- the other ways -----------------------------------------------------------------------------------------------


def best(client, world, **query) -> Proposal | None:
    return client.get(url("others", world.round.pk, **query)).context["best"]


def test_the_other_ways_stand_beside_the_latest_proposal_with_the_weights_in_force(changed, signed_in):
    client = signed_in(changed.office)
    assert best(client, changed) == changed.proposal
    assert best(client, changed, **{"with": 2}) == changed.changed
    assert best(client, changed, **{"with": "x"}) == changed.proposal
    third = proposal(changed, FIRST)
    assert best(client, changed) == third
    Proposal.objects.filter(pk=third.pk).update(by_hand=True)
    assert best(client, changed, **{"with": 3}) == changed.proposal


def test_without_one_of_the_weights_in_force_the_latest_is_taken_and_said(changed, signed_in):
    Proposal.objects.filter(pk=changed.proposal.pk).update(weights=NOW | {"women": 0})
    client = signed_in(changed.office)
    assert best(client, changed) == changed.changed
    page = text(client, url("others", changed.round.pk))
    assert "和现行权重不同：重点村系数 130→150%，连任加分 2.5→20.0 分" in page
    assert "按现行权重计分" not in page


def test_asking_measures_the_chosen_proposal_and_comes_back_to_it(changed, signed_in, launched):
    address = url("others", changed.round.pk, **{"with": 2})
    answer = signed_in(changed.office).post(address)
    assert answer.url == address
    assert launched == [changed.changed.pk]


@pytest.fixture
def launched(monkeypatch):
    """What is launched, in order; the transaction of a test never ends, so what waits for it is done at once."""
    from zhucun.work.placement.views import comparing

    calls: list = []
    monkeypatch.setattr(comparing.transaction, "on_commit", lambda act: act())
    monkeypatch.setattr(type(comparing.JOBS), "launch", lambda jobs, pk, *rest: calls.append(pk))
    return calls


def test_the_measured_ways_are_shown_with_short_names_and_seconds_to_a_tenth(planned, signed_in):
    measuring.measure(proposal=planned.proposal, by=planned.office, at=planned.by["at"])
    page = text(signed_in(planned.office), url("others", planned.round.pk))
    for way in BASELINES.values():
        assert len(way.name) <= 9
        assert way.name in page
    assert "按现行权重计分" in page
    assert '<td data-label="用时（秒）" class="num text-end">0.1</td>' in page


def test_the_weights_in_force_are_those_of_the_rounds_first_day(planned):
    assert planned.proposal.weights == instance.current_weights(planned.round) == NOW
    assert planned.round.starts_on == date(2023, 5, 22)
