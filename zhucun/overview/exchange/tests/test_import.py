"""A ledger comes in: what it writes, what a second time writes, what a changed one changes."""

from datetime import date

import pytest

from tests.cast import AT
from zhucun.base.access.models import Duty
from zhucun.base.directory.models import Division, Unit, Village
from zhucun.base.journal.models import Entry
from zhucun.base.journal.verify import verify
from zhucun.base.people.models import Person
from zhucun.base.timeline.periods import BEGINNING
from zhucun.overview.exchange.tests.books import D, at, good, sentences, take
from zhucun.work.teams import actions as teams
from zhucun.work.teams.models import Handover, Posting, Team

pytestmark = pytest.mark.django_db


def test_a_workbook_of_any_county_comes_into_an_empty_database():
    outcome = take(good())
    assert (outcome.status, sentences(outcome)) == ("imported", [])
    assert outcome.sheets["任职"] == {"added": 2, "changed": 0, "unchanged": 0}
    village = Village.objects.get(pk="430426102201")
    standing = village.standings.get()
    assert (village.township.name, village.county_id) == ("金桥镇", "430426")
    assert (standing.category, standing.conditions, standing.start) == ("model", ["穷村", "乱村"], date(2021, 1, 1))
    assert Village.objects.get(pk="430426102202").standings.get().start == BEGINNING
    wang = Person.objects.get(number="P001")
    assert (wang.phone, wang.id_number[:6], wang.sex) == ("13800000001", "430426", "male")
    assert "1380000" not in wang.phone_sealed
    record = wang.records.get()
    assert (record.start, record.end, record.unit.name, record.rank) == (BEGINNING, None, "县财政局", "section_deputy")
    assert Person.objects.get(number="P002").born == date(1990, 9, 1)
    team = Team.objects.get()
    assert [unit.name for unit in team.partners.all()] == ["县委组织部"]
    left = Posting.objects.get(person__number="P002")
    assert (left.last_day, left.ending, left.unit.name) == (date(2022, 6, 30), "transfer", "县委组织部")
    assert not Handover.objects.exists(), "who had left before the system came needs no hand-over list"


def test_every_added_row_is_an_entry_and_the_journal_stays_whole():
    outcome = take(good())
    assert Entry.objects.filter(action="posting.opened").count() == 2
    summary = Entry.objects.get(action="ledger.imported")
    assert outcome.digest in summary.data
    assert Entry.objects.count() == sum(n["added"] for n in outcome.sheets.values()) + 1
    assert verify().whole
    assert not Entry.objects.filter(data__contains="13800000001").exists()


def test_the_same_file_a_second_time_changes_nothing_and_says_so():
    take(good())
    before = Entry.objects.count()
    outcome = take(good())
    assert outcome.status == "unchanged"
    assert {tuple(n.values())[:2] for n in outcome.sheets.values()} == {(0, 0)}
    assert Entry.objects.count() == before


def test_a_dry_run_writes_nothing():
    outcome = take(good(), dry_run=True)
    assert (outcome.status, outcome.sheets["人员"]["added"]) == ("dry-run", 2)
    assert not Person.objects.exists()
    assert not Entry.objects.exists()


def test_changed_cells_are_told_old_and_new():
    take(good())
    book = good()
    book["人员"][0] |= {"职级": "乡科级正职", "联系电话": "13900000009", "派出单位": "县委组织部"}
    book["行政村"][0]["名称"] = "新石桥村"
    book["派出单位"][1]["联络员"] = "赵六"
    book["工作队"][0]["参与单位"] = ""
    book["任职"][0] |= {"离任日期": D(2022, 11, 30), "离任方式": "期满"}
    outcome = take(book)
    assert outcome.status == "imported"
    changes = {change.row: change for change in outcome.book.changes["人员"]}
    assert changes[2].fields["职级"] == ("乡科级副职", "乡科级正职")
    assert changes[2].fields["派出单位"] == ("县财政局", "县委组织部")
    assert "139" not in str(changes[2].fields["联系电话"])
    wang = Person.objects.get(number="P001")
    assert (wang.records.get().rank, wang.phone) == ("section_chief", "13900000009")
    posting = wang.postings.get()
    assert (posting.unit.name, posting.last_day) == ("县委组织部", date(2022, 11, 30))
    assert Handover.objects.get().posting == posting
    assert not Team.objects.get().partners.exists()
    assert Unit.objects.get(name="县委组织部").contact == "赵六"
    assert take(book).status == "unchanged"


def test_a_column_left_out_keeps_what_is_there_and_an_empty_cell_empties():
    take(good())
    book = good()
    for row in book["人员"]:
        row.pop("联系电话", None)
        row["特长"] = ""
    book["人员"][1]["特长"] = "唱歌"
    outcome = take(book)
    assert outcome.status == "imported"
    wang = Person.objects.get(number="P001")
    assert (wang.phone, wang.records.get().skills) == ("13800000001", "")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", [(date(2021, 1, 1), None, "ordinary")]),
        (D(2021, 1, 1), [(date(2021, 1, 1), None, "ordinary")]),
        (D(2022, 1, 1), [(date(2021, 1, 1), date(2022, 1, 1), "model"), (date(2022, 1, 1), None, "ordinary")]),
    ],
)
def test_the_start_of_a_class_decides_between_correction_and_change(given, expected):
    take(good())
    book = good()
    book["行政村"][0] |= {"村类别": "一般村", "类别起始日期": given}
    assert take(book).status == "imported"
    standings = Village.objects.get(pk="430426102201").standings.order_by("start")
    assert [(s.start, s.end, s.category) for s in standings] == expected
    assert take(book).status == "unchanged"


def test_a_class_cannot_start_before_the_one_there_is():
    take(good())
    book = good()
    book["行政村"][0]["类别起始日期"] = D(2020, 1, 1)
    assert at(take(book), "行政村", 2, "类别起始日期")


def test_two_people_may_swap_their_id_numbers():
    book = good()
    one, two = with_two_numbers(book)
    assert take(book).status == "imported"
    book["人员"][0]["身份证号码"], book["人员"][1]["身份证号码"] = two, one
    outcome = take(book)
    assert sentences(outcome) == []
    assert Person.objects.get(number="P001").id_number == two


def with_two_numbers(book):
    from zhucun.overview.exchange.tests.books import with_check

    one, two = with_check("43042619810402001"), with_check("43042619810402003")
    book["人员"][1] |= {"性别": "男", "出生年月": D(1981, 4, 2)}
    book["人员"][0]["身份证号码"], book["人员"][1]["身份证号码"] = one, two
    return one, two


def test_postings_of_somebody_with_an_account_grant_sight_and_end_it(world):
    book = {"任职": [{"工作队编号": "T002", "人员编号": "P002", "队内职务": "队员", "到任日期": D(2022, 9, 1)}]}
    teams.end_posting(
        posting=world.li_posting,
        last_day=date(2022, 8, 31),
        ending="transfer",
        reason="轮换",
        by=world.caretaker,
        at=AT,
    )
    assert sentences(take(book)) == []
    duty = Duty.objects.get(user=world.member_li, end__isnull=True)
    assert (duty.village_id, duty.role, duty.start) == ("430426103201", "member", date(2022, 9, 1))
    book["任职"][0] |= {"离任日期": D(2022, 10, 31), "离任方式": "召回", "离任原因": "违纪", "队内职务": "队员"}
    assert take(book).status == "imported"
    assert Duty.objects.get(source=duty.source).end == date(2022, 11, 1)


def test_a_workbook_with_postings_only_finds_its_people_in_the_database(world):
    rows = [{"工作队编号": "T002", "人员编号": "P004", "队内职务": "队长", "到任日期": D(2022, 7, 1)}]
    outcome = take({"任职": rows})
    assert outcome.status == "imported"
    assert outcome.warnings, "the team has a leader already"
    assert Posting.objects.get(person=world.qian, end__isnull=True).unit == world.police


def test_a_unit_whose_name_holds_the_mark_between_partners_is_one_unit():
    book = good()
    book["派出单位"].append({"单位名称": "县委政法委、县法学会", "单位类别": "政法部门", "单位层级": "县"})
    book["工作队"][0]["参与单位"] = "县委政法委、县法学会、县委组织部"
    assert sentences(take(book)) == []
    assert Team.objects.get().partners.count() == 2
    assert take(book).status == "unchanged"


def test_sheets_without_any_row_are_nothing_to_do():
    assert take({name: [] for name in good()}).status == "unchanged"
    assert take({name: [dict.fromkeys(rows[0], "")] for name, rows in good().items()}).status == "unchanged"


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(world, monkeypatch):
    from zhucun.overview.exchange import actions

    real, times = actions.compare, []

    def compare(**kwargs):
        outcome = real(**kwargs)
        if not times:
            teams.post(person=world.qian, team=world.team_gaoling, role="member", start=date(2022, 8, 1),
                       reason="再派", by=world.caretaker, at=AT)  # fmt: skip
        times.append(outcome)
        return outcome

    monkeypatch.setattr(actions, "compare", compare)
    rows = [{"工作队编号": "T002", "人员编号": "P004", "队内职务": "队员", "到任日期": D(2022, 9, 1)}]
    outcome = take({"任职": rows})
    assert len(times) == 2
    assert outcome.status == "refused"
    assert "时间重叠" in sentences(outcome)[0]


def test_a_second_county_does_not_disturb_the_first(world):
    book = good()
    for rows in book.values():
        for row in rows:
            for header, value in row.items():
                if isinstance(value, str) and value.startswith("430426") and header != "身份证号码":
                    row[header] = value.replace("430426", "430481", 1)
    outcome = take(book)
    assert sentences(outcome) == []
    assert Division.objects.filter(kind="县").count() == 2
    assert Person.objects.filter(number="P001").count() == 2
