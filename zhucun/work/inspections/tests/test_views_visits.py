"""The on-site sheet: printed, filled in once on a phone, doubted, refused without loss, corrected."""

from uuid import uuid4

import pytest
from django.urls import reverse

from zhucun.work.inspections.actions import rounds
from zhucun.work.inspections.models import Finding, Presence, Visit
from zhucun.work.inspections.tests.story import at, enter, leave, plan, sheet


def where(name: str, row) -> str:
    return reverse(f"inspections:{name}", args=[row.pk])


def filled(world, **changes) -> dict:
    """What somebody would send: both there, nothing found."""
    blank = {f"found-{n}-{name}": "" for n in range(5) for name in ("kind", "text")}
    form = {
        "found-TOTAL_FORMS": "5",
        "found-INITIAL_FORMS": "0",
        "found-MIN_NUM_FORMS": "0",
        "found-MAX_NUM_FORMS": "5",
    }
    about = {f"found-{n}-about": "team" for n in range(5)}
    people = {f"found_{world.wang_posting.pk}": "here", f"found_{world.li_posting.pk}": "here"}
    notes = {f"note_{world.wang_posting.pk}": "", f"note_{world.li_posting.pk}": ""}
    said = {
        "key": str(uuid4()),
        "visited_on": "2022-12-05",
        "time": "上午9:40",
        "households": "5",
        "knowing": "4",
        "witness": "村主任",
    }
    return blank | form | about | people | notes | said | {"ledgers_kept": "yes", "board_shown": "no"} | changes


@pytest.fixture
def there(county):
    """A round under way to 石桥村, and its sheet."""
    county.round = plan(county)
    county.sheet = sheet(county.round)
    return county


def test_a_sheet_is_entered_as_a_plain_form(there, signed_in):
    page = signed_in(there.inspector)
    data = filled(there, **{
        f"found_{there.li_posting.pk}": "absent", f"note_{there.li_posting.pk}": "电话不通",
        "found-0-kind": "ledger", "found-0-text": "记录本缺签字", "found-1-kind": "conduct", "found-1-text": "上午饮酒", "found-1-about": str(there.wang.pk),
    })  # fmt: skip
    answer = page.post(where("visit", there.sheet), data, follow=True).content.decode()
    assert "石桥村核查单已录入" in answer
    row = Visit.objects.get()
    assert (row.households, row.knowing, row.ledgers_kept, row.board_shown, row.witness) == (
        5,
        4,
        True,
        False,
        "村主任",
    )
    assert str(row.key) == data["key"]
    told = {(one.kind, one.person, one.unit) for one in Finding.objects.all()}
    assert told == {
        ("absent", there.li, there.farming),
        ("ledger", None, there.finance),
        ("conduct", there.wang, there.finance),
    }
    assert f'data-key="{data["key"]}"' in answer  # what tells the phone to forget its draft


def test_the_same_key_twice_is_kept_once_and_another_is_refused_with_everything_still_there(there, signed_in):
    page, data = signed_in(there.inspector), filled(there)
    for _ in range(2):
        assert page.post(where("visit", there.sheet), data).status_code == 302
    assert Presence.objects.count() == 2
    other = filled(there, note="井边遇到村民反映", **{"found-0-kind": "villagers", "found-0-text": "很少见到队员"})
    refused = page.post(where("visit", there.sheet), other)
    text = refused.content.decode()
    assert refused.status_code == 200
    assert "已由督查员录入" in text
    for kept in ("井边遇到村民反映", "很少见到队员", other["key"]):
        assert kept in text
    assert (Presence.objects.count(), Finding.objects.count()) == (2, 0)


def test_a_key_that_is_none_is_told(there, signed_in):
    text = signed_in(there.inspector).post(where("visit", there.sheet), filled(there, key="nonsense")).content.decode()
    assert "刷新页面" in text
    assert not Visit.objects.get().is_entered


def test_what_leave_says_is_filled_in_and_not_asked_again(there, signed_in):
    leave(there)
    text = signed_in(there.inspector).get(where("visit", there.sheet)).content.decode()
    assert "已批准报备 12月5日至12月5日" in text
    chosen = [part for part in text.split("<input") if f"found_{there.li_posting.pk}" in part and "checked" in part]
    assert len(chosen) == 1
    assert 'value="notice"' in chosen[0]
    assert not [part for part in text.split("<input") if f"found_{there.wang_posting.pk}" in part and "checked" in part]


def test_an_absence_against_approved_leave_asks_to_look_again_but_does_not_block(there, signed_in):
    slip = leave(there)
    page = signed_in(there.inspector)
    data = filled(there, **{f"found_{there.li_posting.pk}": "absent"})
    doubted = page.post(where("visit", there.sheet), data).content.decode()
    assert "请再核对一次" in doubted
    assert slip.number in doubted
    assert not Visit.objects.get().is_entered
    assert page.post(where("visit", there.sheet), data | {"sure": "1"}).status_code == 302
    assert Finding.objects.get().person == there.li


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"knowing": "9"}, "不能多于走访户数"),
        ({"households": "", "knowing": "1"}, "不能多于走访户数"),
        ({"visited_on": "2023-01-05"}, "不能晚于今天"),
        ({"visited_on": "5.12"}, "核查日期"),
        ({"found-0-kind": "money"}, "具体情况"),
        ({"found-0-text": "没有类别"}, "问题类别"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_lost(there, signed_in, change, sentence):
    answer = signed_in(there.inspector).post(where("visit", there.sheet), filled(there, note="照抄这句", **change))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in text
    assert "照抄这句" in text
    assert not Visit.objects.get().is_entered


def test_somebody_not_marked_is_named(there, signed_in):
    data = filled(there)
    del data[f"found_{there.li_posting.pk}"]
    text = signed_in(there.inspector).post(where("visit", there.sheet), data).content.decode()
    assert "李敏</a>：请选择在岗情况" in text


def test_a_sheet_of_a_round_not_begun_says_so(county, signed_in):
    when = {"by": county.inspector, "at": at(hour=8)}
    held = rounds.plan_round(county=county.county, held_on=at().date(), method="open", group="", purpose="", **when)
    rounds.choose_villages(round=held, villages=[county.shiqiao], **when)
    page = signed_in(county.inspector)
    assert "开始以后才能录入" in page.get(where("visit", sheet(held))).content.decode()
    refused = page.post(where("visit", sheet(held)), filled(county, note="照抄这句")).content.decode()
    assert "不能录入核查单" in refused
    assert "照抄这句" in refused  # also what was typed while the round was closed meanwhile
    assert not Visit.objects.get().is_entered


@pytest.mark.parametrize(
    "name", ["clerk_jin", "contact_finance", "leader_wang", "member_li", "leader_county", "stranger"]
)
def test_nobody_else_enters_or_corrects(there, signed_in, name):
    page = signed_in(getattr(there, name))
    assert page.post(where("visit", there.sheet), filled(there)).status_code in {403, 404}
    assert page.get(where("visit_correct", there.sheet)).status_code in {403, 404}
    assert not Visit.objects.get().is_entered


def test_afterwards_each_reads_what_concerns_them(there, signed_in):
    enter(there, there.round)
    here = where("visit", there.sheet)
    for name in ("office", "clerk_jin", "leader_wang"):
        text = signed_in(getattr(there, name)).get(here).content.decode()
        assert "王立新" in text
        assert "李敏" in text
    for name in ("clerk_niao", "contact_finance", "leader_zhao"):
        assert signed_in(getattr(there, name)).get(here).status_code == 404


def test_an_entered_sheet_is_corrected_by_its_page(there, signed_in):
    enter(there, there.round, li="here")
    page, here = signed_in(there.inspector), where("visit_correct", there.sheet)
    assert "更正理由" in page.get(here).content.decode()
    data = filled(there, **{f"found_{there.li_posting.pk}": "leave"})
    assert "必须填写" in page.post(here, data).content.decode()
    answer = page.post(here, data | {"reason": "看错名字"}, follow=True).content.decode()
    assert "已更正" in answer
    assert Presence.objects.get(posting=there.li_posting).found == "leave"


def test_sheets_are_printed_one_page_a_village_with_leave_beside_the_person(
    county, signed_in, django_assert_max_num_queries
):
    held = plan(county, villages=[county.shiqiao, county.gaoling])
    leave(county)
    page = signed_in(county.inspector)
    with django_assert_max_num_queries(16):
        text = page.get(where("sheets", held)).content.decode()
    assert text.count("驻村工作现场核查单") == 2
    assert "报备 12月5日至12月5日" in text
    assert "开会" not in text  # the sheet is signed in the village: no reasons
    one = page.get(f"{where('sheets', held)}?visit={held.visits.get(village=county.gaoling).pk}").content.decode()
    assert one.count("驻村工作现场核查单") == 1


def test_the_form_is_one_plain_form_without_inline_script(there, signed_in):
    text = signed_in(there.inspector).get(where("visit", there.sheet)).content.decode()
    assert 'name="key" value="' in text
    assert f'data-draft="visit:{there.sheet.pk}:{there.inspector.pk}"' in text
    assert "inspections/visit.js" in text
