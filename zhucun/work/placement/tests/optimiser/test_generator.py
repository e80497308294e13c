"""Instances by seed: the same ones every time, of the sizes the goals speak of."""

from bench.placement_instances import Sizes, county, prefecture, province
from zhucun.work.placement.optimiser.problem import Problem


def _plain(problem: Problem):
    rows = {unit: dict(row) for unit, row in problem.scores.unit_village.items()}
    return problem.villages, problem.units, problem.candidates, rows, problem.scores.person_village, problem.previous


def test_the_same_seed_makes_the_same_problem():
    assert _plain(county(5)) == _plain(county(5))
    assert _plain(county(5)) != _plain(county(6))
    small = Sizes(villages=9, units=7, city_units=2, province_units=2)
    assert _plain(province(5, 2, 4, small)) == _plain(province(5, 2, 4, small))


def test_a_county_has_the_size_of_the_goals():
    made = [county(seed) for seed in range(1, 6)]
    assert {len(one.villages) for one in made} == {91}
    assert all(300 <= len(one.candidates) <= 350 for one in made)
    assert all(sum(unit.capacity for unit in one.units.values()) >= 91 for one in made)


def test_a_prefecture_has_the_size_of_the_goals_and_its_units_go_where_they_may():
    made = prefecture(1)
    assert len(made.villages) == 1196
    assert 4_000 <= len(made.candidates) <= 4_400
    rows = made.scores.unit_village
    assert {len(row) for unit, row in rows.items() if unit.startswith("B")} == {1196}
    assert {len(row) for unit, row in rows.items() if unit.startswith("C")} == {92}


def test_a_row_of_an_array_is_a_mapping_like_any_other():
    row = prefecture(1, 2, Sizes(villages=140, units=4, city_units=1)).scores.unit_village["C0102u001"]
    assert dict(row.items()) == {village: row[village] for village in row} == dict(zip(row, row.values(), strict=True))
    assert "V0101001" not in row
    assert "V0102001" in row
    assert len(row) == 140


def test_couples_name_each_other():
    people = county(3).candidates
    couples = [(name, one.spouse) for name, one in people.items() if one.spouse]
    assert couples
    assert all(people[spouse].spouse == name for name, spouse in couples)
