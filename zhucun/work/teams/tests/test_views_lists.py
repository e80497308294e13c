"""The ledger, changes, teams, hand-overs, villages and units as pages and papers."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from zhucun.base.journal.models import Entry
from zhucun.work.teams.models import Handover, HandoverItem, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(world, signed_in):
    return signed_in(world.office)


def text(answer):
    return answer.content.decode()


def ledger(client, **query):
    return client.get(reverse("teams:ledger"), query)


ASKED = [
    ({}, {"王立新", "李敏", "赵刚"}),
    ({"on": "2022-06-30"}, {"王立新", "李敏", "赵刚", "钱有余"}),
    ({"show": "year"}, {"钱有余"}),
    ({"show": "all"}, {"王立新", "李敏", "赵刚", "钱有余"}),
    ({"township": "430426103"}, {"赵刚"}),
    ({"category": "model"}, {"王立新", "李敏"}),
    ({"unit_category": "justice"}, {"赵刚"}),
    ({"role": "leaders"}, {"王立新", "赵刚"}),
    ({"education": "postgraduate"}, {"李敏"}),
    ({"education": "college"}, {"王立新", "李敏", "赵刚"}),
    ({"political": "members", "show": "all"}, {"王立新", "李敏", "赵刚"}),
    ({"term": "due"}, set()),
    ({"term": "due", "on": "2023-04-01"}, {"王立新", "李敏", "赵刚"}),
    ({"q": "公安"}, {"赵刚"}),
    ({"q": "石桥 财政"}, {"王立新"}),
    ({"q": "T002", "sort": "-age"}, {"赵刚"}),
    ({"township": "999999999", "role": "king", "sort": "nothing", "page": "99"}, {"王立新", "李敏", "赵刚"}),
]


def test_the_ledger_lists_who_is_asked_for(world, office):
    for query, names in ASKED:
        found = text(ledger(office, **query))
        assert {name for name in ("王立新", "李敏", "赵刚", "钱有余") if f">{name}<" in found} == names, query


def test_the_ledger_leaves_as_a_roster_in_the_order_of_the_form(world, office):
    answer = ledger(office, format="xlsx", cols="all")
    page = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows[0][0] == "祁东县驻村工作队花名册"
    head = next(row for row in rows if row[0] == "序号")
    assert head[:9] == ["序号", "乡镇", "驻点村", "村类别", "村情", "工作队", "队内职务", "姓名", "性别"]
    first = rows[rows.index(head) + 1]
    assert first[:8] == [1, "金桥镇", "石桥村", "示范村", "穷村", "T001", "第一书记兼队长", "王立新"]
    assert "截至 2022-12-07" in {row[0] for row in rows}
    assert Entry.objects.filter(action="list.exported").count() == 1


def test_the_roster_is_printed_with_title_day_and_signatures(world, office):
    paper = text(ledger(office, format="print"))
    assert "祁东县驻村工作队花名册" in paper
    assert "截至 2022年12月7日" in paper
    assert "paper-landscape" in paper
    assert "审核人" in paper


PERIODS = [
    ({}, {"调整队员": 1, "调整队长": 0, "召回队员": 0}, 1),
    ({"period": "2022-H1"}, {"调整队员": 1}, 1),
    ({"period": "2022-Q3"}, {"调整队员": 0}, 0),
    ({"period": "2022-06"}, {"调整队员": 1}, 1),
    ({"period": "2021"}, {"调整队员": 0}, 0),
    ({"period": "all"}, {"调整队员": 1}, 1),
    ({"period": "2022-13"}, {"调整队员": 1}, 1),
    ({"ending": "recall"}, {"调整队员": 1}, 0),
    ({"ending": "transfer", "role": "members"}, {"调整队员": 1}, 1),
]


def test_changes_are_counted_by_period_role_and_way(world, office):
    for query, tiles, rows in PERIODS:
        answer = office.get(reverse("teams:changes"), query)
        counted = {tile["label"]: tile["value"] for tile in answer.context["counts"]}
        assert counted | tiles == counted, query
        assert answer.context["table"].count == rows, query


def test_a_tile_opens_the_rows_it_counted(world, office):
    answer = office.get(reverse("teams:changes"), {"period": "2022-H1"})
    for tile in answer.context["counts"]:
        assert office.get(tile["url"]).context["table"].count == tile["value"]


def test_a_team_is_opened_changed_and_closed(world, office):
    data = {
        "village": world.qingshui.pk,
        "number": "T003",
        "start": "2022-12-08",
        "lead_unit": world.finance.pk,
        "partners": [world.police.pk],
    }
    office.post(reverse("teams:team_open"), data)
    team = Team.objects.get(number="T003")
    again = office.post(reverse("teams:team_open"), data, follow=True)
    assert "不用重复办理" in text(again)
    taken = office.post(reverse("teams:team_open"), data | {"village": world.gaoling.pk})
    assert "已经有工作队用这个编号" in text(taken)
    office.post(
        reverse("teams:team_units", args=[team.pk]),
        {"lead_unit": world.police.pk, "partners": [], "reason": "机构改革"},
    )
    team.refresh_from_db()
    assert team.lead_unit == world.police
    office.post(
        reverse("teams:team_close", args=[team.pk]), {"last_day": "2022-12-31", "ending": "term", "reason": "合并"}
    )
    team.refresh_from_db()
    assert team.last_day == date(2022, 12, 31)
    assert "不用重复办理" in text(office.get(reverse("teams:team_close", args=[team.pk]), follow=True))


def test_a_team_tells_calmly_what_it_lacks(world, office):
    assert "人数不足" in text(office.get(reverse("teams:team", args=[world.team_gaoling.pk])))


def test_a_team_looked_at_before_it_was_there_says_so(world, office):
    found = text(office.get(reverse("teams:team", args=[world.team_gaoling.pk]), {"on": "2020-01-01"}))
    assert "才成立" in found
    assert "人数不足" not in found


def lines(*contents, done=True):
    data = {
        "lines-TOTAL_FORMS": len(contents),
        "lines-INITIAL_FORMS": 0,
        "witness": "刘书记",
        "receiver": "",
        "signed_on": "",
    }
    for at, (kind, content) in enumerate(contents):
        data |= {f"lines-{at}-kind": kind, f"lines-{at}-content": content} | (
            {f"lines-{at}-done": "on"} if done else {}
        )
    return data


def test_a_hand_over_list_is_filled_in_signed_and_printed(world, office, signed_in):
    handover = Handover.objects.get(posting=world.qian_posting)
    address = reverse("teams:handover", args=[handover.pk])
    assert text(office.get(address)).count('name="lines-') >= 3 * len(HandoverItem.Kind.values)
    clerk = signed_in(world.clerk_niao)
    early = lines(("projects", "饮水二期"), done=False) | {"signed_on": "2022-07-02"}
    assert "未交接" in text(clerk.post(address, early))
    clerk.post(address, lines(("projects", "饮水二期"), ("money", "")) | {"signed_on": "2022-07-02"})
    assert [item.content for item in handover.items.all()] == ["饮水二期"]
    paper = text(clerk.get(f"{address}?format=print"))
    assert all(word in paper for word in ("饮水二期", "印章、物资、资料", "移交人（签字）", "监交人"))
    assert "已签字" in text(clerk.get(reverse("teams:handovers"), {"state": "signed"}))


def test_a_hand_over_list_sent_without_its_lines_is_no_fault(world, office):
    handover = Handover.objects.get(posting=world.qian_posting)
    answer = office.post(reverse("teams:handover", args=[handover.pk]), {"witness": "x"})
    assert answer.status_code == 200


def test_whoever_may_not_fill_it_in_reads_it(world, signed_in):
    handover = Handover.objects.get(posting=world.qian_posting)
    reader = signed_in(world.leader_county)
    address = reverse("teams:handover", args=[handover.pk])
    assert "钱有余" in text(reader.get(address))
    assert reader.post(address, lines(("projects", "饮水二期"))).status_code == 403


def test_a_village_and_a_unit_tell_their_history(world, office):
    village = text(office.get(reverse("teams:village", args=[world.gaoling.pk])))
    assert all(word in village for word in ("钱有余", "赵刚", "重点村", "乱村", "T002"))
    unit = text(office.get(reverse("teams:unit", args=[world.police.pk])))
    assert all(word in unit for word in ("钱有余", "赵刚", "高岭村", "政法部门"))
    empty = text(office.get(reverse("teams:village", args=[world.qingshui.pk])))
    assert "还没有派驻过工作队" in empty


def test_an_empty_ledger_says_what_to_do(world, signed_in, office):
    found = text(ledger(office, on="2020-01-01"))
    assert "台账里还没有人" in found
