"""The pages: upload, preview, problems, confirm once, rosters with their questions; and who may see what."""

import io
import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from tests.cast import AT, NOW, account
from zhucun.base.access.permissions import Role
from zhucun.base.journal.models import Entry
from zhucun.base.people.models import Person
from zhucun.overview.exchange import actions, importing, jobs
from zhucun.overview.exchange.models import Habit, Job, Status
from zhucun.overview.exchange.roster import reading as roster_reading
from zhucun.overview.exchange.tests.books import D, grid, read_here, xlsx
from zhucun.overview.exchange.tests.test_roster import MERGED, roster
from zhucun.work.accountability.models import Case
from zhucun.work.attendance.models import Leave
from zhucun.work.inspections.actions import findings, rounds
from zhucun.work.inspections.actions.rounds import Seen
from zhucun.work.inspections.tests.story import absence, enter, plan, staff
from zhucun.work.teams import actions as teams
from zhucun.work.teams.models import Posting

pytestmark = pytest.mark.django_db
NEW = {
    "任职": [
        {
            "工作队编号": "T002",
            "人员编号": "P004",
            "队内职务": "队员",
            "到任日期": D(2022, 7, 1),
            "文号": "祁组发〔2022〕9号",
        }
    ]
}
BAD = {"任职": [{"工作队编号": "T009", "人员编号": "P004", "队内职务": "队员", "到任日期": D(2022, 7, 1)}]}


@pytest.fixture
def office(world, signed_in, settings, tmp_path, monkeypatch, django_capture_on_commit_callbacks):
    """A client of the county office; imports are worked at once instead of in a process of their own."""
    settings.DATA_DIR = tmp_path

    def work(job, stage):
        found = Job.objects.get(pk=job)
        getattr(actions, stage)(job=found, by=found.confirmed_by or found.uploaded_by, at=NOW)

    monkeypatch.setattr(jobs, "launch", work)
    monkeypatch.setattr(importing, "read_workbook", read_here)
    monkeypatch.setattr(roster_reading, "read_workbook", read_here)
    client = signed_in(world.office)
    client.world = world

    def post(name, data=None, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(reverse(f"exchange:{name}", args=args), data or {}, **kwargs)

    client.send = post
    return client


def upload(office, sheets, name="upload", file="台账.xlsx"):
    content = sheets if isinstance(sheets, bytes) else xlsx(sheets)
    response = office.send(name, {"county": "430426", "file": SimpleUploadedFile(file, content)})
    assert response.status_code == 302, response.content.decode()
    return Job.objects.get(pk=response.url.rstrip("/").rpartition("/")[2])


def page(office, job):
    response = office.get(reverse("exchange:job", args=[job.pk]), follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_an_upload_is_examined_shown_and_written_only_when_confirmed(office):
    job = upload(office, NEW)
    assert job.status == Status.READY
    assert not Posting.objects.filter(start=date(2022, 7, 1)).exists()
    text = page(office, job)
    assert "确认写入" in text
    assert "祁组发〔2022〕9号" in text
    office.send("job_confirm", {}, job.pk)
    job.refresh_from_db()
    assert (job.status, job.counts["任职"]["added"], job.confirmed_by) == (Status.DONE, 1, office.world.office)
    assert Posting.objects.filter(start=date(2022, 7, 1)).count() == 1
    assert "看专门台账" in page(office, job)
    assert jobs.kept(job.pk, jobs.UPLOAD) is None, "the file goes when it is written"


def test_what_was_left_alone_is_told_where_nothing_else_changes(office):
    finding = absence(staff(office.world))
    findings.withdraw_finding(finding=finding, text="有报备", by=office.world.office, at=NOW)
    again = {"问题编号": finding.number, "督查编号": finding.round.number, "类别": "不在岗", "描述": "又写了一遍"}
    job = upload(office, {"督查问题": [again]})
    assert job.status == Status.UNCHANGED
    text = page(office, job)
    assert "除下面说明的以外" in text
    assert "请换一个新编号另行登记" in text


def test_confirming_twice_writes_once(office):
    job = upload(office, NEW)
    office.send("job_confirm", {}, job.pk)
    office.send("job_confirm", {}, job.pk)
    assert Posting.objects.filter(start=date(2022, 7, 1)).count() == 1
    assert Entry.objects.filter(action="ledger.imported").count() == 1


def test_two_processes_at_one_import_write_once(office, monkeypatch):
    monkeypatch.setattr(jobs, "launch", lambda job, stage: None)
    job = upload(office, NEW)
    actions.examine(job=job, by=office.world.office, at=NOW)
    office.send("job_confirm", {}, job.pk)
    first, second = Job.objects.get(pk=job.pk), Job.objects.get(pk=job.pk)
    actions.carry_out(job=first, by=office.world.office, at=NOW)
    actions.carry_out(job=second, by=office.world.office, at=NOW)
    assert Posting.objects.filter(start=date(2022, 7, 1)).count() == 1
    assert Entry.objects.filter(action="ledger.imported").count() == 1


def test_problems_are_listed_and_marked_in_the_users_own_workbook(office):
    job = upload(office, BAD)
    assert (job.status, job.problems, job.counts) == (Status.REFUSED, 1, {})
    assert "T009" in page(office, job)
    response = office.get(reverse("exchange:job_marked", args=[job.pk]))
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert book.sheetnames == ["问题清单", "任职"]
    cell = book["任职"]["A2"]
    assert "T009" in cell.comment.text
    assert cell.fill.start_color.rgb == "FFF4B6B0"
    assert book["问题清单"]["E2"].value == cell.comment.text


def test_the_marked_workbook_mended_imports(office):
    job = upload(office, BAD)
    response = office.get(reverse("exchange:job_marked", args=[job.pk]))
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    book["任职"]["A2"].value = "T002"
    out = io.BytesIO()
    book.save(out)
    assert upload(office, out.getvalue()).status == Status.READY


def test_nothing_new_says_so(office):
    job = upload(office, NEW)
    office.send("job_confirm", {}, job.pk)
    again = upload(office, NEW)
    assert again.status == Status.UNCHANGED
    assert "没有变化" in page(office, again)


def posted_by_hand(office, start):
    teams.post(
        person=office.world.qian, team=office.world.team_gaoling, role="member", start=start, reason="再派",
        by=office.world.caretaker, at=AT,
    )  # fmt: skip


def test_what_changed_between_examination_and_confirmation_is_looked_at_again(office):
    job = upload(office, NEW)
    posted_by_hand(office, date(2022, 9, 1))
    office.send("job_confirm", {}, job.pk)
    job.refresh_from_db()
    assert job.status == Status.REFUSED
    assert "时间重叠" in page(office, job)


def test_what_would_now_be_written_otherwise_than_it_was_shown_is_shown_again(office):
    """Between looking and confirming somebody posts the person himself: nothing is added any more, only the number of its paper."""
    job = upload(office, NEW)
    assert job.total == {"added": 1, "changed": 0, "unchanged": 0}
    posted_by_hand(office, date(2022, 7, 1))
    office.send("job_confirm", {}, job.pk)
    job.refresh_from_db()
    assert (job.status, job.confirmed_by) == (Status.READY, None)
    assert job.total == {"added": 0, "changed": 1, "unchanged": 0}
    assert "和刚才不一样了" in page(office, job)
    posting = Posting.objects.get(start=date(2022, 7, 1))
    assert posting.document == ""
    office.send("job_confirm", {}, job.pk)
    job.refresh_from_db()
    posting.refresh_from_db()
    assert (job.status, job.message, posting.document) == (Status.DONE, "", "祁组发〔2022〕9号")


@pytest.mark.parametrize(("content", "word"), [(b"", "空"), (b"a,b\n1,2", ".csv"), (b"PK\x03\x04" + b"\0" * 50, "")])
def test_a_file_that_is_no_workbook_comes_back_with_a_sentence(office, content, word):
    response = office.send("upload", {"county": "430426", "file": SimpleUploadedFile("x.xlsx", content)})
    if response.status_code == 200:
        assert word in response.content.decode()
    else:
        assert "损坏" in page(office, Job.objects.get())


def test_another_county_cannot_be_uploaded_for(office):
    response = office.send("upload", {"county": "430481", "file": SimpleUploadedFile("x.xlsx", xlsx(NEW))})
    assert response.status_code == 200
    assert not Job.objects.exists()


def test_a_workbook_of_another_county_is_refused(office):
    book = {"行政区划": [{"代码": "430481", "名称": "耒阳市", "类型": "县"}]}
    job = upload(office, book)
    assert job.status == Status.FAILED
    assert "只能导入本县" in page(office, job)


def test_an_import_may_be_abandoned_and_its_file_goes(office):
    job = upload(office, NEW)
    office.send("job_abandon", {}, job.pk)
    job.refresh_from_db()
    assert (job.status, jobs.kept(job.pk, jobs.UPLOAD)) == (Status.ABANDONED, None)
    office.send("job_confirm", {}, job.pk)
    assert not Posting.objects.filter(start=date(2022, 7, 1)).exists()


def test_the_kept_file_is_sealed(office):
    job = upload(office, {"人员": [{"人员编号": "P001"}]})
    raw = (jobs.folder(job.pk) / jobs.UPLOAD).read_bytes()
    assert b"PK" not in raw[:60]
    assert b"xl/worksheets" not in raw


def test_imports_nobody_came_back_to_are_cleared_away(office):
    job = upload(office, NEW)
    Job.objects.filter(pk=job.pk).update(uploaded_at=NOW - timedelta(days=2))
    upload(office, BAD)
    job.refresh_from_db()
    assert (job.status, jobs.kept(job.pk, jobs.UPLOAD)) == (Status.ABANDONED, None)


def test_a_process_that_died_is_told(office, monkeypatch):
    monkeypatch.setattr(jobs, "launch", lambda job, stage: None)
    job = upload(office, NEW)
    monkeypatch.setattr(jobs, "told", lambda job: {"text": "", "percent": 5, "dead": True})
    assert "处理中断" in page(office, job)


def test_progress_is_asked_and_ends_at_the_result(office, monkeypatch):
    monkeypatch.setattr(jobs, "launch", lambda job, stage: jobs.tell(job, "正在读取“人员”", 20))
    job = upload(office, NEW)
    assert "正在读取“人员”" in office.get(reverse("exchange:job_progress", args=[job.pk])).content.decode()
    Job.objects.filter(pk=job.pk).update(status=Status.READY)
    response = office.get(reverse("exchange:job_progress", args=[job.pk]), headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == reverse("exchange:job", args=[job.pk])


# -- rosters ----------------------------------------------------------------------------------------------------------


def columns_of(job):
    looked = json.loads(jobs.kept(job.pk, jobs.LOOKED))
    return {f"column_{index}": looked["guess"].get(str(index), "") for index in range(len(looked["headers"]))}


def words_of(office, job, **answers):
    response = office.get(reverse("exchange:roster_words", args=[job.pk]))
    data = {}
    for group in response.context["groups"]:
        for form in group["forms"]:
            for field in form:
                data[field.html_name] = answers.get(form.word) or field.value() or ""
    return data


def test_a_roster_is_asked_for_its_columns_then_its_words_then_examined(office):
    job = upload(office, roster(), "roster", "花名册.xlsx")
    assert job.status == Status.MAPPING
    assert "请核对每一列" in page(office, job)
    office.send("roster_columns", columns_of(job), job.pk)
    data = words_of(office, job)
    assert "县水利局" in data.values()
    office.send("roster_words", data, job.pk)
    job.refresh_from_db()
    assert job.status == Status.READY, page(office, job)
    office.send("job_confirm", {}, job.pk)
    assert Person.objects.get(name="何小燕").postings.get().unit.name == "县水利局"


def test_the_answers_are_remembered_for_the_next_roster_with_these_headers(office):
    job = upload(office, roster(), "roster")
    office.send("roster_columns", columns_of(job), job.pk)
    office.send("roster_words", words_of(office, job), job.pk)
    again = upload(office, roster(), "roster")
    assert "按上次的对应" in page(office, again)
    office.send("roster_columns", columns_of(again), again.pk)
    again.refresh_from_db()
    assert again.status == Status.READY, "nothing is asked a second time"
    assert Habit.objects.count() == 1


def test_a_thing_chosen_twice_or_missing_is_told(office):
    job = upload(office, roster(), "roster")
    data = columns_of(job) | {"column_0": "name", "column_2": ""}
    text = office.send("roster_columns", data, job.pk).content.decode()
    assert "已经对应了" in text
    assert "驻点村（社区）" in text


def test_a_refused_roster_may_be_matched_anew(office):
    rows = [
        [
            1,
            "金桥镇",
            "没有村",
            "陈军",
            "男",
            "1985.03",
            "党员",
            "本科",
            "",
            "县财政局",
            "科员",
            "",
            "",
            "队员",
            "2022.09",
            None,
            None,
            "",
        ]
    ]
    job = upload(office, roster(rows, merged=MERGED[:1]), "roster")
    office.send("roster_columns", columns_of(job), job.pk)
    job.refresh_from_db()
    assert job.status == Status.REFUSED
    assert "重新对应列" in page(office, job)
    office.send("roster_again", {}, job.pk)
    job.refresh_from_db()
    assert job.status == Status.MAPPING


def test_a_workbook_without_headers_is_no_roster(office):
    job = upload(office, grid([["甲", "乙"], [1, 2]]), "roster")
    assert job.status == Status.FAILED
    assert "没有找到花名册" in page(office, job)


# -- who may ----------------------------------------------------------------------------------------------------------


def sheet(response, name):
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


def exported(client, **data):
    return client.post(reverse("exchange:export"), {"county": "430426", "day": ""} | data)


def test_the_office_exports_id_numbers_with_a_reason_only(world, signed_in):
    client = signed_in(world.office)
    assert "身份证号码" not in sheet(exported(client), "人员")[0]
    assert "身份证号码" in sheet(exported(client, reason="报市驻村办"), "人员")[0]
    entry = Entry.objects.filter(action="ledger.exported").order_by("-seq").first()
    assert (entry.reason, entry.actor_name) == ("报市驻村办", "周主任")


def test_a_township_exports_its_own_part_and_never_an_id_number(world, signed_in):
    client = signed_in(world.clerk_jin)
    people = sheet(exported(client, reason="想看"), "人员")
    assert [row[1] for row in people] == ["姓名", "王立新", "李敏"]
    assert "身份证号码" not in people[0]
    assert [row[1] for row in sheet(exported(client), "行政村")[1:]] == ["石桥村", "清水村"]
    assert [row[0] for row in sheet(exported(client), "派出单位")[1:]] == ["县农业农村局", "县财政局"]


def test_a_unit_exports_the_people_it_sent(world, signed_in):
    client = signed_in(world.contact_finance)
    assert [row[1] for row in sheet(exported(client), "任职")[1:]] == ["P001"]


def planned(world):
    with_inspectors = staff(world)
    return rounds.plan_round(
        county=world.county, held_on=date(2022, 12, 14), method="unannounced", group="", purpose="", by=with_inspectors.inspector,
        at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize("who", ["office", "clerk_jin"])
def test_a_round_to_come_is_in_no_export(world, signed_in, who):
    held = planned(world)
    rounds.choose_villages(round=held, villages=[world.shiqiao], by=world.inspector, at=NOW)
    assert sheet(exported(signed_in(getattr(world, who))), "督查")[1:] == []


def test_a_township_is_not_told_of_a_round_on_its_way(world, signed_in):
    held = planned(world)
    rounds.choose_villages(round=held, villages=[world.shiqiao], by=world.inspector, at=NOW)
    rounds.move_round(round=held, to="underway", by=world.inspector, at=NOW)
    assert sheet(exported(signed_in(world.clerk_jin)), "督查")[1:] == []
    assert [row[0] for row in sheet(exported(signed_in(world.office)), "督查")[1:]] == [held.number]


def test_a_part_tells_of_a_round_the_villages_it_may_see_only(world, signed_in):
    """The whole round for the county, the own village for each township and for the unit whose person was found away."""
    world = staff(world)
    contact = account(world, "contact_farming", "农业局联络员", Role.UNIT, world.farming)
    shiqiao, qingshui, gaoling = (one.pk for one in (world.shiqiao, world.qingshui, world.gaoling))
    held = plan(world, villages=[world.shiqiao, world.qingshui, world.gaoling])
    enter(world, held)

    def told(user):
        return [row[4] for row in sheet(exported(signed_in(user)), "督查")[1:]]

    parts = {user: told(user) for user in (world.clerk_jin, world.clerk_niao, contact, world.contact_finance)}
    assert list(parts.values()) == [[shiqiao], [], [shiqiao], []], "on its way: where it has been, nowhere else"
    for village, seen in ((world.qingshui, []), (world.gaoling, [Seen(world.zhao_posting, "here")])):
        visit = held.visits.select_related("round", "village").get(village=village)
        rounds.enter_visit(
            visit=visit, fields={"witness": "村主任"}, seen=seen, found=[], key=uuid4(), by=world.inspector, at=NOW
        )
    rounds.move_round(round=held, to="closed", by=world.inspector, at=NOW)
    assert told(world.office) == ["、".join((shiqiao, qingshui, gaoling))]
    assert told(world.clerk_jin) == ["、".join((shiqiao, qingshui))]
    assert told(world.clerk_niao) == [gaoling]
    assert told(contact) == [shiqiao]
    assert told(world.contact_finance) == []


def test_who_comes_to_another_township_brings_no_leave_and_no_case_along(world, signed_in):
    first, last = date(2022, 11, 7), date(2022, 11, 9)
    Leave.objects.create(
        county=world.county, number="QJ-1", person=world.li, posting=world.li_posting, kind="personal", start=first,
        end=date(2022, 11, 10), asked_by=world.office, asked_at=NOW,
    )  # fmt: skip
    Case.objects.create(
        county=world.county, number="TX-1", person=world.li, posting=world.li_posting, measure="reminder", way="oral",
        target="member", source="other", unit=world.farming, township=world.jinqiao, on=last, opened_on=last, state="closed",
        grounds="不在岗", opened_by=world.office, opened_at=NOW,
    )  # fmt: skip
    told = {"by": world.caretaker, "at": NOW}
    teams.end_posting(posting=world.li_posting, last_day=date(2022, 11, 30), ending="transfer", reason="轮换", **told)
    teams.post(team=world.team_gaoling, person=world.li, role="member", start=date(2022, 12, 1), reason="轮换", **told)
    for who, number in (("clerk_jin", 1), ("clerk_niao", 0), ("contact_finance", 0)):
        client = signed_in(getattr(world, who))
        assert [len(sheet(exported(client), name)) - 1 for name in ("请假报备", "提醒")] == [number, number]


@pytest.mark.parametrize("who", ["clerk_jin", "contact_finance", "leader_county", "auditor", "stranger"])
def test_only_the_office_imports(world, signed_in, who):
    client = signed_in(getattr(world, who))
    file = SimpleUploadedFile("x.xlsx", xlsx(NEW))
    assert client.post(reverse("exchange:upload"), {"county": "430426", "file": file}).status_code == 403
    assert client.post(reverse("exchange:roster"), {"county": "430426"}).status_code == 403


def test_the_office_of_another_county_sees_no_import_of_this_one(office, signed_in):
    from zhucun.base.directory import actions as directory

    other = directory.add_division(
        code="430481", name="耒阳市", kind="县", parent=None, by=office.world.caretaker, at=NOW
    )
    stranger = signed_in(account(office.world, "leiyang", "耒阳驻村办", Role.OFFICE, other))
    job = upload(office, NEW)
    for name in ("job", "job_progress", "job_marked", "roster_columns", "roster_words"):
        assert stranger.get(reverse(f"exchange:{name}", args=[job.pk])).status_code == 404
    for name in ("job_confirm", "job_abandon", "roster_again"):
        assert stranger.post(reverse(f"exchange:{name}", args=[job.pk])).status_code == 404
    assert "台账.xlsx" not in stranger.get(reverse("exchange:home")).content.decode()


def test_a_township_sees_the_export_and_no_import(world, signed_in):
    text = signed_in(world.clerk_jin).get(reverse("exchange:home")).content.decode()
    assert "导出台账" in text
    assert "导入花名册" not in text
    assert "导入记录" not in text
