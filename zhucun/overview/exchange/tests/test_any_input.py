"""Workbooks with anything in any cell: always an answer, and written whole or not at all."""

import random
from datetime import date, timedelta

import pytest

from zhucun.base.directory.models import Village
from zhucun.base.journal.models import Entry
from zhucun.base.people.models import Person, Record
from zhucun.overview.exchange.tests.books import good, take
from zhucun.overview.exchange.tests.test_round_trip import county_of
from zhucun.work.teams.models import Posting, Team

pytestmark = pytest.mark.django_db

ANYTHING = [
    "", " ", "　", 0, -1, 1.5, 1e300, 10**15, True, False, "是", "否", "0", "=1+1", "+1", "@x", "'", '"', "<a>&b;", "🙂", "\u202e倒", "x" * 300,
    "2021-05-20", "2021.5", "2021年", "20210520", 44336, date(2021, 5, 20), date(2099, 12, 31), date(1901, 1, 1), "男", "示范村", "P001",
    "T001", "430426", "430426102", "430426102201", "999999999999", "穷村、", "、、", "县财政局", "县财政局、县财政局", "NaN", "inf", "1e5", "１２３",
]  # fmt: skip


def spoilt(book, chance):
    """Some cells replaced, some rows doubled, moved or dropped, perhaps a whole column gone."""
    for _ in range(chance.randint(1, 8)):
        rows = book[chance.choice(list(book))]
        if not rows:
            continue
        row = chance.choice(rows)
        what = chance.random()
        if what < 0.7 and row:
            row[chance.choice(list(row))] = chance.choice(ANYTHING)
        elif what < 0.8:
            rows.append(dict(row))
        elif what < 0.9:
            rows.remove(row)
        else:
            header = chance.choice(list(row)) if row else ""
            for each in rows:
                each.pop(header, None)
    return book


def everything():
    return [model.objects.count() for model in (Village, Person, Record, Team, Posting, Entry)]


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_in_the_cells_it_is_written_whole_or_not_at_all(seed):
    chance = random.Random(seed)
    book = good() if seed % 2 else county_of(seed)
    if seed % 3 == 0:
        take(good())
    before = everything()
    outcome = take(spoilt(book, chance))
    assert outcome.status in {"imported", "unchanged", "refused"}
    if outcome.status != "imported":
        assert everything() == before
        return
    assert take(book).status == "unchanged"


@pytest.mark.parametrize("seed", range(20))
def test_any_change_of_a_known_ledger_arrives_once(seed):
    chance = random.Random(1000 + seed)
    book = county_of(seed + 3)
    take(book)
    for row in book.get("任职", []):
        if not row["离任日期"] and chance.random() < 0.5:
            row |= {"离任日期": row["到任日期"] + timedelta(days=30), "离任方式": "调整", "离任原因": "轮换"}
    for row in book.get("人员", []):
        if chance.random() < 0.5:
            row |= {"职级": "其他", "特长": "唱歌", "派出单位": chance.choice(book["派出单位"])["单位名称"]}
    for row in book["行政村"]:
        if chance.random() < 0.5:
            row |= {"村类别": "一般村", "类别起始日期": date(2022, 1, 1)}
    outcome = take(book)
    assert outcome.status in {"imported", "unchanged"}, outcome.problems[:2]
    assert take(book).status == "unchanged"
    for posting in Posting.objects.select_related("person"):
        assert posting.unit_id == posting.person.records.on(posting.start).get().unit_id
