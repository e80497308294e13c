"""Any county's workbook into an empty database: the figures of every scope, counted here by other code, come out."""

import json
import random
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from openpyxl import Workbook, load_workbook

pytestmark = pytest.mark.django_db

UNTIL = date(2024, 9, 30)
EDUCATIONS = ("研究生", "大学本科", "大学专科", "高中及以下")
POLITICS = ("中共党员", "中共预备党员", "共青团员", "民主党派", "群众")
RANKS = ("县处级副职", "乡科级正职", "乡科级副职", "科员及以下", "专业技术人员", "其他")
ROLES = ("第一书记兼队长", "队长", "副队长", "队员")
SUMS = {"people.mean_age", "attendance.days", "attendance.months_due", "attendance.unexcused", "leave.days"}
"""Figures whose value is no count of records."""
ENDINGS = ("期满", "调整", "召回", "其他")


def county(seed: int) -> dict[str, list[dict]]:
    """The sheets of an invented county 130224, as rows by header."""
    rng = random.Random(seed)
    towns = [f"130224{n}" for n in (101, 102, 201)]
    sheets = {"行政区划": [{"代码": "130224", "名称": "某县", "类型": "县"}]}
    sheets["行政区划"] += [
        {"代码": code, "名称": f"第{code[-3:]}乡镇", "类型": "镇" if code[6] == "1" else "乡"} for code in towns
    ]
    sheets["行政村"] = [
        {"区划代码": f"{town}{n}", "名称": f"{town[-3:]}{n}村", "村类别": rng.choice(("示范村", "重点村", "一般村")),
         "村情": rng.choice(("", "穷村", "弱村、乱村"))}
        for town in towns for n in range(201, 206)
    ]  # fmt: skip
    sheets["派出单位"] = [
        {
            "单位名称": f"县第{n}局",
            "单位类别": rng.choice(("经济部门", "党群部门", "政法部门", "其他部门")),
            "单位层级": "县",
        }
        for n in range(1, 8)
    ]
    units = [row["单位名称"] for row in sheets["派出单位"]]
    yes = lambda: rng.choice("是否")  # noqa: E731
    sheets["人员"] = [
        {"人员编号": f"R{n:03}", "姓名": f"某{n}", "性别": rng.choice("男女"),
         "出生年月": date(rng.randint(1963, 2000), rng.randint(1, 12), rng.randint(1, 28)), "政治面貌": rng.choice(POLITICS),
         "学历": (education := rng.choice(EDUCATIONS)), "学位": "博士" if education == "研究生" and rng.random() < 0.5 else "",
         "涉农专业": yes(), "职级": rng.choice(RANKS), "派出单位": rng.choice(units), "农村工作经历": yes(), "脱贫攻坚驻村": yes()}
        for n in range(60)
    ]  # fmt: skip
    sheets["工作队"] = [
        {"工作队编号": f"D{n}", "村区划代码": row["区划代码"], "牵头单位": rng.choice(units), "成立日期": date(2021, 6, 1),
         "撤销日期": date(2024, 3, 31) if n % 5 == 4 else None}
        for n, row in enumerate(sheets["行政村"])
    ]  # fmt: skip
    sheets["任职"] = [row for n in range(60) for row in _career(rng, f"R{n:03}", sheets["工作队"])]
    return sheets | year(rng, sheets)


def _career(rng: random.Random, number: str, teams: list[dict]) -> list[dict]:
    """One or two postings of a person, one after the other, each inside its team's time."""
    day, rows = date(2021, 6, 1) + timedelta(rng.randint(0, 300)), []
    for _ in range(rng.randint(1, 2)):
        team = rng.choice([team for team in teams if not team["撤销日期"]] if day > date(2023, 1, 1) else teams)
        last = day + timedelta(rng.randint(200, 700))
        if team["撤销日期"]:
            last = min(last, team["撤销日期"])
        if last >= date(2024, 12, 1):
            rows.append(
                {"工作队编号": team["工作队编号"], "人员编号": number, "队内职务": rng.choice(ROLES), "到任日期": day}
            )
            break
        rows.append({"工作队编号": team["工作队编号"], "人员编号": number, "队内职务": rng.choice(ROLES), "到任日期": day,
                     "离任日期": last, "离任方式": rng.choice(ENDINGS), "离任原因": "某种原因"})  # fmt: skip
        day = last + timedelta(1)
    return rows


def year(rng: random.Random, sheets: dict[str, list[dict]]) -> dict[str, list[dict]]:
    """What happened in that county in 2023 and 2024: marks of every month, leave, inspections and what followed."""
    marks, leaves, careers = [], [], {}
    for row in sheets["任职"]:
        careers.setdefault(row["人员编号"], []).append(row)
    for number, own in careers.items():
        for month in [date(2023 + n // 12, n % 12 + 1, 1) for n in range(24)]:
            for team in dict.fromkeys(row["工作队编号"] for row in own):
                there = [row for row in own if row["工作队编号"] == team]
                days = [day for day in _days(month) if day <= UNTIL and any(_holds(row, day) for row in there)]
                if not days:
                    continue
                shares = (60, 4, 3, 3, 3, 2, 22, 1)
                signs = {str(d.day): rng.choices("√公培会事病调×", shares)[0] for d in days if rng.random() < 0.97}
                marks.append({"月份": f"{month:%Y-%m}", "工作队编号": team, "人员编号": number, **signs})
        first = max(own[0]["到任日期"], date(2023, 1, 3)) + timedelta(rng.randint(0, 60))
        if any(_holds(row, first) for row in own):
            leaves.append({"编号": f"L{number}", "人员编号": number, "类别": rng.choice(("事假", "产假", "公出报备")), "开始日期": first,
                           "结束日期": first + timedelta(rng.randint(0, 40)), "批准日期": first if rng.random() < 0.8 else None})  # fmt: skip
    rounds = [{"督查编号": f"C{n}", "日期": date(2023, 2, 5) + timedelta(27 * n), "方式": "暗访",
               "村区划代码": "、".join(row["区划代码"] for row in rng.sample(sheets["行政村"], 3))} for n in range(22)]  # fmt: skip
    findings, people = [], [row["人员编号"] for row in sheets["人员"]]
    for n in range(30):
        held = rng.choice(rounds)
        findings.append({"问题编号": f"W{n}", "督查编号": held["督查编号"], "类别": "不在岗", "描述": "某种情况",
                         "工作队编号": rng.choice(sheets["工作队"])["工作队编号"],
                         "销号日期": held["日期"] + timedelta(9) if rng.random() < 0.7 else None})  # fmt: skip
    return {
        "出勤": marks, "请假报备": leaves, "督查": rounds, "督查问题": findings,
        "整改意见": [{"意见编号": f"Z{n}", "督查编号": one["督查编号"], "问题编号": one["问题编号"], "内容": "改正"} for n, one in enumerate(findings[:20])],
        "督查通报": [{"年度": year, "期号": n, "标题": "通报", "印发日期": date(year, 2 * n, 9)} for year in (2023, 2024) for n in (1, 2, 3, 4)],
        "提醒": [{"提醒编号": f"T{n}", "日期": date(2023, 3, 1) + timedelta(24 * n), "人员编号": rng.choice(people[:12]), "事由": "某事"} for n in range(24)],
        "约谈": [{"约谈编号": f"Y{n}", "日期": date(2023, 3, 1) + timedelta(40 * n), "对象类型": "单位主要负责人",
                  "单位名称": rng.choice(sheets["派出单位"])["单位名称"], "事由": "某事"} for n in range(14)],
    }  # fmt: skip


def _days(month: date) -> list[date]:
    return [day for n in range(31) if (day := month + timedelta(n)).month == month.month]


def _holds(row: dict, day: date) -> bool:
    return row["到任日期"] <= day and (row.get("离任日期") is None or day <= row["离任日期"])


def write(sheets: dict[str, list[dict]], path) -> None:
    """The workbook, its columns shuffled, since the contract says any order."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        headers = sorted({header for row in rows for header in row}, reverse=True)
        sheet = book.create_sheet(name)
        sheet.append(headers)
        for row in rows:
            sheet.append([row.get(header) for header in headers])
    book.save(path)


def figures(scope: str = "") -> dict[str, tuple]:
    """What `zhucun figures --json` says, as {code: (value, previous, n)}."""
    out = StringIO()
    call_command(
        "figures",
        "--period",
        "2024",
        "--until",
        str(UNTIL),
        "--json",
        *(["--scope", scope] if scope else []),
        stdout=out,
    )
    return {row["code"]: (row["value"], row["previous"], row["n"]) for row in json.loads(out.getvalue())["figures"]}


def counted(sheets: dict, start: date, until: date, village: str = "", unit: str = "") -> dict[str, float | None]:
    """The same figures by plain loops over the sheets, for villages whose code begins so, or for one unit."""
    people = {row["人员编号"]: row for row in sheets["人员"]}
    teams = {row["工作队编号"]: row for row in sheets["工作队"]}
    holds = lambda first, last: first <= until and (last is None or until <= last)  # noqa: E731
    mine = [
        row for row in sheets["任职"]
        if teams[row["工作队编号"]]["村区划代码"].startswith(village) and unit in ("", people[row["人员编号"]]["派出单位"])
    ]  # fmt: skip
    posted = [people[row["人员编号"]] for row in mine if holds(row["到任日期"], row.get("离任日期"))]
    ages = [
        until.year - p["出生年月"].year - ((until.month, until.day) < (p["出生年月"].month, p["出生年月"].day))
        for p in posted
    ]
    led = [t for t in teams.values() if t["村区划代码"].startswith(village) and unit in ("", t["牵头单位"])]
    ended = lambda how, leads: sum(  # noqa: E731
        1 for row in mine
        if row.get("离任方式") == how and start <= row["离任日期"] <= until and (row["队内职务"] in ROLES[:2]) == leads
    )  # fmt: skip
    has = lambda header, *values: sum(p[header] in values for p in posted)  # noqa: E731
    told = recorded(sheets, start, until, village, unit)
    return told | {
        "teams.count": sum(holds(t["成立日期"], t["撤销日期"]) for t in led),
        "people.count": len(posted),
        "people.mean_age": int(sum(ages) * 20 / len(ages) + 1) // 2 / 10 if ages else None,
        "people.college": has("学历", *EDUCATIONS[:3]),
        "people.postgraduate": has("学历", "研究生"),
        "people.doctorate": has("学位", "博士"),
        "people.party_members": has("政治面貌", *POLITICS[:2]),
        "people.deputy_section": has("职级", *RANKS[:3]),
        "people.agriculture": has("涉农专业", "是"),
        "people.rural_experience": has("农村工作经历", "是"),
        "people.poverty_relief": has("脱贫攻坚驻村", "是"),
        "teams.leaders_transferred": ended("调整", True),
        "teams.members_transferred": ended("调整", False),
        "accountability.leaders_recalled": ended("召回", True),
        "accountability.members_recalled": ended("召回", False),
    }


def recorded(sheets: dict, start: date, until: date, village: str, unit: str) -> dict[str, int | None]:
    """Attendance, leave, inspections and measures by plain loops, for villages whose code begins so, or for one unit."""
    people = {row["人员编号"]: row["派出单位"] for row in sheets["人员"]}
    teams = {row["工作队编号"]: row for row in sheets["工作队"]}
    rounds = {row["督查编号"]: row for row in sheets["督查"]}
    within = lambda team: teams[team]["村区划代码"].startswith(village)  # noqa: E731
    mine = [row for row in sheets["出勤"] if within(row["工作队编号"]) and unit in ("", people[row["人员编号"]])]
    signs = [(row["人员编号"], date.fromisoformat(f"{row['月份']}-{int(day):02}"), sign)
             for row in mine for day, sign in row.items() if day.isdigit()]  # fmt: skip
    dated = [(who, day, sign) for who, day, sign in signs if start <= day <= until]
    posts = {}
    for row in sheets["任职"]:
        if within(row["工作队编号"]) and unit in ("", people[row["人员编号"]]):
            posts.setdefault(row["人员编号"], []).append(row)
    months = [
        month
        for n in range(24)
        if start <= (month := date(2023 + n // 12, n % 12 + 1, 1)) and _days(month)[-1] <= until
    ]
    due = {
        (who, month)
        for who, own in posts.items()
        for month in months
        if all(any(_holds(row, day) for row in own) for day in _days(month))
    }
    days = {}
    for who, day, sign in dated:
        days[who, day.replace(day=1)] = days.get((who, day.replace(day=1)), 0) + (sign in "√公培会")
    leave = 0
    for row in sheets["请假报备"]:
        there = next(
            (p for p in sheets["任职"] if p["人员编号"] == row["人员编号"] and _holds(p, row["开始日期"])), None
        )
        if (
            row["类别"] != "公出报备"
            and row["批准日期"]
            and within(there["工作队编号"])
            and unit in ("", people[row["人员编号"]])
        ):
            leave += max(0, (min(until, row["结束日期"]) - max(start, row["开始日期"])).days + 1)
    found = [
        row
        for row in sheets["督查问题"]
        if within(row["工作队编号"]) and unit in ("", teams[row["工作队编号"]]["牵头单位"])
    ]
    numbers = {row["问题编号"] for row in found}
    asked = lambda number: start <= rounds[number]["日期"] <= until  # noqa: E731
    whole = not village and not unit
    been = {
        row["督查编号"]
        for row in sheets["督查"]
        if not unit and any(code.startswith(village) for code in row["村区划代码"].split("、"))
    }
    here = lambda row: _where(sheets, row, village, unit, people, teams)  # noqa: E731
    return {
        "attendance.days": sum(sign in "√公培会" for _, _, sign in dated),
        "attendance.months_due": len(due),
        "attendance.months_met": sum(days.get(one, 0) >= 20 for one in due),
        "attendance.unexcused": sum(sign == "×" for _, _, sign in dated),
        "leave.days": leave,
        "inspections.rounds": sum(
            asked(number) for number in rounds if whole or number in been | {row["督查编号"] for row in found}
        ),
        "inspections.findings": sum(asked(row["督查编号"]) for row in found),
        "inspections.corrections": sum(
            asked(row["督查编号"]) for row in sheets["整改意见"] if row["问题编号"] in numbers
        ),
        "inspections.circulars": sum(start <= row["印发日期"] <= until for row in sheets["督查通报"])
        if whole
        else None,
        "inspections.open_findings": sum(
            rounds[row["督查编号"]]["日期"] <= until and not (row["销号日期"] and row["销号日期"] <= until)
            for row in found
        ),
        "accountability.reminded": len(
            {row["人员编号"] for row in sheets["提醒"] if start <= row["日期"] <= until and here(row)}
        ),
        "accountability.interviews": sum(
            start <= row["日期"] <= until and not village and unit in ("", row["单位名称"]) for row in sheets["约谈"]
        ),
    }


def _where(sheets: dict, row: dict, village: str, unit: str, people: dict, teams: dict) -> bool:
    """Whether a reminder lies in the area: by the posting of its day, else by the last one begun before it."""
    own = [post for post in sheets["任职"] if post["人员编号"] == row["人员编号"] and post["到任日期"] <= row["日期"]]
    there = next((post for post in own if _holds(post, row["日期"])), own[-1] if own else None)
    if not village and not unit:
        return True
    return (
        there is not None
        and teams[there["工作队编号"]]["村区划代码"].startswith(village)
        and unit in ("", people[row["人员编号"]])
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_every_scope_gives_the_figures_counted_by_hand(seed, tmp_path):
    sheets = county(seed)
    write(sheets, tmp_path / "ledger.xlsx")
    call_command("import_ledger", str(tmp_path / "ledger.xlsx"), stdout=StringIO())
    unit, village = sheets["派出单位"][0]["单位名称"], sheets["行政村"][3]["区划代码"]
    for scope, area in {
        "": {}, "130224": {}, "130224102": {"village": "130224102"}, village: {"village": village}, f"unit:{unit}": {"unit": unit},
    }.items():  # fmt: skip
        now = counted(sheets, date(2024, 1, 1), UNTIL, **area)
        before = counted(sheets, date(2023, 1, 1), date(2023, 9, 30), **area)
        said = figures(scope)
        assert {code: pair[:2] for code, pair in said.items()} == {code: (now[code], before[code]) for code in now}, (
            scope
        )
        assert all(
            n == value or (value is None and n == 0) for code, (value, _, n) in said.items() if code not in SUMS
        ), scope


def test_export_import_export_is_stable(tmp_path):
    sheets = county(3)
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    write(sheets, tmp_path / "ledger.xlsx")
    call_command("import_ledger", str(tmp_path / "ledger.xlsx"), stdout=StringIO())
    call_command("export_ledger", str(first), stdout=StringIO())
    out = StringIO()
    call_command("import_ledger", str(first), "--json", stdout=out)
    assert json.loads(out.getvalue())["status"] == "unchanged"
    call_command("export_ledger", str(second), stdout=StringIO())
    cells = lambda path: {s.title: [[c.value for c in row] for row in s] for s in load_workbook(path)}  # noqa: E731
    assert cells(first) == cells(second)
    rows = cells(first)["任职"]
    assert len([row for row in rows[1:] if any(row)]) == len(sheets["任职"])
