"""Drawing: what the round goes to, what is kept of it, what everybody can check."""

from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from zhucun.base.journal.journal import history
from zhucun.work.inspections.actions import rounds
from zhucun.work.inspections.models import Draw
from zhucun.work.inspections.tests.story import DAY, at, enter, plan


@pytest.fixture
def planned(county):
    """A round not begun."""
    when = {"by": county.inspector, "at": at(hour=8)}
    county.round = rounds.plan_round(county=county.county, held_on=DAY, method="open", group="", purpose="", **when)
    return county


def draw(world, numbers, reason="") -> Draw:
    return rounds.draw_villages(round=world.round, numbers=numbers, by=world.inspector, at=at(hour=8), reason=reason)


def test_only_villages_with_a_team_are_in_the_pool(planned):
    made = draw(planned, {"model": 1, "key": 1})
    assert made.pools == {"model": [planned.shiqiao.pk], "key": [planned.gaoling.pk], "ordinary": []}
    assert set(planned.round.visits.values_list("village_id", flat=True)) == {planned.shiqiao.pk, planned.gaoling.pk}
    entry = history(planned.round).filter(action="inspection.drawn").get()
    assert made.seed in entry.data


def test_more_than_there_are_is_told(planned):
    with pytest.raises(ValidationError, match="示范村只有 1 个"):
        draw(planned, {"model": 2})
    with pytest.raises(ValidationError, match="各抽几个"):
        draw(planned, {})


def test_drawing_again_needs_a_reason_and_keeps_the_first(planned):
    draw(planned, {"model": 1})
    with pytest.raises(ValidationError, match="理由"):
        draw(planned, {"key": 1})
    draw(planned, {"key": 1}, "石桥村道路中断")
    assert [one.drawn for one in planned.round.draws.all()] == [[planned.shiqiao.pk], [planned.gaoling.pk]]
    assert list(planned.round.visits.values_list("village_id", flat=True)) == [planned.gaoling.pk]


def test_changing_by_hand_what_was_drawn_needs_a_reason(planned):
    draw(planned, {"model": 1})
    when = {"round": planned.round, "by": planned.inspector, "at": at(hour=8)}
    with pytest.raises(ValidationError, match="手工增减"):
        rounds.choose_villages(villages=[planned.gaoling], **when)
    rounds.choose_villages(villages=[planned.shiqiao], **when)  # nothing is changed
    rounds.choose_villages(villages=[planned.shiqiao, planned.gaoling], reason="有群众反映", **when)
    assert history(planned.round).first().reason == "有群众反映"


def test_a_round_that_has_begun_is_not_drawn_again(planned):
    draw(planned, {"model": 1})
    rounds.move_round(round=planned.round, to="underway", by=planned.inspector, at=at(hour=8))
    with pytest.raises(ValidationError, match="已经开始"):
        draw(planned, {"key": 1}, "换一个")


def test_the_page_draws_and_says_what_came_out(planned, signed_in):
    page = signed_in(planned.inspector)
    where = reverse("inspections:round_draw", args=[planned.round.pk])
    first = page.get(where).content.decode()
    assert "示范村抽几个" in first
    assert "重新抽取的理由" not in first
    answer = page.post(where, {"model": "1", "key": "1", "ordinary": "0"}, follow=True)
    assert "抽中 2 个村" in answer.content.decode()
    again = page.post(where, {"model": "1"})
    assert again.status_code == 200
    assert "必须填写" in again.content.decode()
    refused = page.post(where, {"model": "5", "reason": "换"})
    assert "只有 1 个" in refused.content.decode()


def test_the_check_page_lists_every_code_with_its_hash_and_agrees(planned, signed_in):
    made = draw(planned, {"model": 1, "key": 0})
    text = (
        signed_in(planned.inspector).get(reverse("inspections:draw_check", args=[planned.round.pk, 1])).content.decode()
    )
    for name, pool in made.pools.items():
        for code in pool:
            assert sha256(f"{made.seed}|{name}|{code}".encode()).hexdigest() in text
    assert text.count("<td>抽中</td>") == 1


def test_whoever_was_visited_may_check_the_draw_once_the_round_is_over_and_nobody_before(county, signed_in):
    when = {"by": county.inspector, "at": at(hour=8)}
    held = rounds.plan_round(county=county.county, held_on=DAY, method="open", group="", purpose="", **when)
    rounds.draw_villages(round=held, numbers={"model": 1}, **when)
    rounds.move_round(round=held, to="underway", **when)
    where = reverse("inspections:draw_check", args=[held.pk, 1])
    clerk = signed_in(county.clerk_jin)
    assert clerk.get(where).status_code == 404
    enter(county, held, li="here")
    assert clerk.get(where).status_code == 404  # the round goes on: its other villages are nobody's business yet
    assert clerk.get(reverse("inspections:round", args=[held.pk])).status_code == 200
    rounds.move_round(round=held, to="closed", by=county.inspector, at=at())
    assert clerk.get(where).status_code == 200
    assert signed_in(county.clerk_niao).get(where).status_code == 404


def test_villages_are_searched_ticked_and_kept_through_another_search(county, signed_in):
    held = plan(county)
    page, where = signed_in(county.inspector), reverse("inspections:round_villages", args=[held.pk])
    found = page.post(
        where, {"q": "鸟江", "category": "", "villages": [county.shiqiao.pk], "search": "1"}
    ).content.decode()
    assert "高岭村" in found
    assert f'value="{county.shiqiao.pk}" checked' in found
    assert held.visits.count() == 1  # a search saves nothing
    page.post(where, {"q": "", "category": "", "villages": [county.shiqiao.pk, county.gaoling.pk]})
    assert held.visits.count() == 2
    nothing = page.post(where, {"q": "没有这个村", "search": "1"}).content.decode()
    assert "没有别的村符合条件" in nothing
    wrong = page.post(where, {"villages": ["999999999999"]})
    assert wrong.status_code == 200
    assert "重新勾选" in wrong.content.decode()
