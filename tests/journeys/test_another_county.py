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
ENDINGS = ("期满", "调整", "召回", "其他")


def county(seed: int) -> dict[str, list[dict]]:
    """The six sheets of an invented county 130224, as rows by header."""
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
    return sheets


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
    return {
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
        assert all(n == value for code, (value, _, n) in said.items() if code != "people.mean_age"), scope


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
