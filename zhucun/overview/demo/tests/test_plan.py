"""The county as drawn, before anything is written: always the same, and plausible person by person."""

import itertools
from collections import Counter
from datetime import date

import pytest

from zhucun.base.people.identity import fault
from zhucun.base.timeline.periods import age_on
from zhucun.overview.demo.builder import seed
from zhucun.overview.demo.builder.drawing import draw
from zhucun.overview.demo.builder.plan import DAY, Plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return draw(seed.read())


def outline(plan: Plan) -> list:
    people = [
        (who.number, who.name, who.sex, who.born, who.id_number, who.unit, who.record, who.changes, who.review,
         [(stay.crew.number, stay.role, stay.unit, stay.start, stay.last, stay.ending) for stay in who.stays])
        for who in plan.people
    ]  # fmt: skip
    crews = [(crew.number, crew.place.code, crew.lead, crew.partners, crew.start, crew.last) for crew in plan.crews]
    return [people, crews, [(place.code, place.classes, place.condition, place.needs) for place in plan.places]]


def test_two_draws_are_the_same_county(plan):
    assert outline(draw(seed.read())) == outline(plan)


def test_the_villages_are_the_real_ones(plan):
    assert len(plan.places) == 296
    assert len({place.township for place in plan.places}) == 24
    assert "马头村" in {place.name for place in plan.places}


def test_every_township_has_its_share_of_teams(plan):
    teams = Counter(crew.place.township for crew in plan.crews if crew.start <= DAY and crew.last is None)
    assert len(teams) == 24
    assert max(teams.values()) <= 9


def test_nobody_has_anothers_name_number_or_id_number(plan):
    for column in ("name", "number", "id_number", "phone"):
        assert len({getattr(who, column) for who in plan.people}) == len(plan.people)


def test_id_numbers_are_sound_but_nobodys(plan):
    for who in plan.people:
        assert not fault(who.id_number, who.born, who.sex == "male")
        assert who.id_number[14:17] in {"996", "997", "998", "999"}


def test_nobody_is_too_young_or_past_retirement(plan):
    for who in plan.people:
        first, last = who.first_day, max(stay.last or DAY for stay in who.stays)
        assert age_on(who.born, first) >= 20
        assert age_on(who.born, last) < (60 if who.sex == "male" else 55)


def test_members_joined_the_party_grown_up_and_before_they_are_called_members(plan):
    for who in plan.people:
        if who.party_joined_on:
            assert age_on(who.born, who.party_joined_on) >= 18
        assert bool(who.party_joined_on) == (
            "party" in _final(who)["political"] or _final(who)["political"] == "probationary"
        )


def test_no_member_outranks_the_leader_of_the_team(plan):
    high = {"county_deputy", "section_chief", "section_deputy"}
    for crew in plan.crews:
        there = [stay for stay in crew.stays if stay.holds_on(DAY)]
        leaders = [stay for stay in there if stay.leads]
        if leaders and any(_final(stay.who)["rank"] in high for stay in there if not stay.leads):
            assert _final(leaders[0].who)["rank"] in high, crew.number


def test_a_doctor_is_a_postgraduate(plan):
    for who in plan.people:
        record = _final(who)
        assert record["degree"] not in {"doctor", "master"} or record["education"] == "postgraduate"


def test_nobody_is_in_two_places(plan):
    for who in plan.people:
        stays = sorted(who.stays, key=lambda stay: stay.start)
        for one, other in itertools.pairwise(stays):
            assert one.last is not None
            assert one.last < other.start


def test_a_team_has_one_leader_at_a_time(plan):
    for crew in plan.crews:
        leaders = sorted((stay for stay in crew.stays if stay.leads), key=lambda stay: stay.start)
        assert all(one.last < other.start for one, other in itertools.pairwise(leaders))


def test_there_is_work_waiting_on_the_day(plan):
    here = {crew: [s for s in crew.stays if s.holds_on(DAY)] for crew in plan.crews if crew.last is None}
    assert sum(not any(stay.leads for stay in stays) for stays in here.values()) == 2
    assert sum(len(stays) < 2 for stays in here.values()) == 2
    assert 5 <= sum(stay.start < date(2021, 2, 6) for stays in here.values() for stay in stays) <= 20


def _final(who) -> dict:
    final = dict(who.record)
    for _, after in who.changes:
        final |= after
    return final


def test_the_newcomers_of_the_next_round_are_drawn_the_same_every_time_and_disturb_nobody(plan):
    def outline_of(one: Plan) -> list:
        selection = one.selection
        people = [(who.number, who.name, who.born, who.unit, who.record, who.review) for who in selection.newcomers]
        places = [(place.code, fields) for place, fields in selection.needs.items()]
        return [people, places, selection.more, [(who.number, day, why) for who, day, why in selection.back]]

    assert outline_of(draw(seed.read())) == outline_of(plan)
    known, new = plan.people, plan.selection.newcomers
    for column in ("name", "number", "id_number", "phone"):
        assert not {getattr(who, column) for who in known} & {getattr(who, column) for who in new}
        assert len({getattr(who, column) for who in new}) == len(new)


def test_newcomers_are_as_plausible_as_everybody(plan):
    for who in plan.selection.newcomers:
        assert not fault(who.id_number, who.born, who.sex == "male")
        assert 23 <= who.age <= 51
        assert bool(who.party_joined_on) == (who.record["political"] == "party")
        assert who.entered_on < who.review["reviewed_on"] <= date(2022, 11, 30)


def test_couples_are_a_man_and_a_woman_of_two_units(plan):
    assert len(plan.selection.couples) == 2
    for one, other in plan.selection.couples:
        assert one.sex != other.sex
        assert one.unit != other.unit
        assert plan.selection.spouse_of(one) is other
        assert plan.selection.spouse_of(other) is one
