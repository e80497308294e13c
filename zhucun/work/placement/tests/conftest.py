"""A round with the cast of tests/cast.py, opened by the office on 2022-12-07 for 2023-05-22."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from tests.cast import NOW, Facts, person
from zhucun.work.placement import instance as instances
from zhucun.work.placement.actions import gathering, proposals, rounds
from zhucun.work.placement.models import Candidate, Need, Proposal, Quota, Round
from zhucun.work.placement.optimiser.result import Result, Team
from zhucun.work.placement.rules import Status
from zhucun.work.teams import actions as teams
from zhucun.work.teams.models import Review, Standard

STARTS = date(2023, 5, 22)
TITLE = "新一轮驻村工作队选派"
MET = {"met_on": date(2022, 12, 7), "attendees": "县委组织部、县农业农村局", "document": "祁组通〔2022〕9号"}


@pytest.fixture
def told(world) -> SimpleNamespace:
    """The world with a round in it: 石桥村 and 高岭村, led by 县财政局 and 县公安局; `by` says who does it and when."""
    world.by = {"by": world.office, "at": NOW}
    world.round = rounds.open_round(county=world.county, title=TITLE, starts_on=STARTS, **world.by)
    return world


@pytest.fixture
def staffed(told) -> SimpleNamespace:
    """The same round with those in post put forward: 王立新, 李敏 and 赵刚; teams of two and of one."""
    gathering.bring_people(round=told.round, **told.by)
    fill(told, told.shiqiao, size=2)
    fill(told, told.gaoling, size=1)
    return told


def need(world, village) -> Need:
    """What a village needs in the round."""
    return world.round.needs.select_related("village__township").get(village=village)


def fill(world, village, **fields: Any) -> Need:
    """Fill in something of what a village needs."""
    row = need(world, village)
    gathering.fill_needs(round=world.round, rows={row: fields}, **world.by)
    return row


def candidate(world, who) -> Candidate:
    """Somebody as put forward in the round."""
    return world.round.candidates.select_related("person", "unit").get(person=who)


def quota(world, unit, capacity: int, *partners) -> Quota:
    """Let a unit lead so many teams, with the people of others."""
    return gathering.set_quota(round=world.round, unit=unit, capacity=capacity, partners=partners, **world.by)


def newcomer(world, name: str, number: str, unit, **facts: Any):
    """Somebody who is in no team yet, born in 1985, a party member unless said otherwise."""
    return person(world, replace(Facts(name, number, date(1985, 6, 1), unit), **facts))


def put(world, who, **fields: Any) -> Candidate:
    """Put somebody forward for the round, with a reason for whatever may be doubted."""
    fields = {"reason": "单位推荐"} | fields
    return gathering.put_forward(round=world.round, person=who, **fields, **world.by)


def review(world, who, fields: Mapping[str, Any] | None = None, unmet: str = "", day=date(2022, 11, 30)) -> Review:
    """A review sheet without blemish, but for `fields` and the standard `unmet`."""
    sound = {"reviewed_on": day, "on_staff": True, "appraisal_last": "competent", "appraisal_before": "excellent"}
    judgements = {standard: (standard != unmet, "") for standard in Standard.values}
    fields = sound | dict(fields or {})
    return teams.fill_review(record=who.records.get(), fields=fields, judgements=judgements, **world.by)


def deliberating(world) -> Round:
    """The round after gathering, with the meeting put down."""
    rounds.change_round(round=world.round, fields=MET, **world.by)
    return rounds.move_on(round=world.round, to=Status.DELIBERATING, **world.by)


def proposal(world, teams: Mapping[str, Team], **fields: Any) -> Proposal:
    """A proposal with these teams, as if they had been computed."""
    asked = proposals.ask(round=world.round, **world.by, **fields)
    instance = instances.build(world.round, asked.weights)
    result = Result("feasible", seed=1, seconds=0.1, bound=10_000, teams=teams)
    return proposals._keep(proposal=asked, instance=instance, result=result, findings={}, prices={}, **world.by)
