"""Import of a year of marks: seconds and peak memory of parent and reading process, into an empty SQLite.

`python -m bench.import_attendance [--people 20834] [--seed 1] [--keep DIR]`
The goal (issue 4): 250,000 person-months through `zhucun import_ledger` in 10 minutes on 2 cores, with the people, teams and
postings they belong to in the same workbook. The memory is that of a large server's import, told and bounded.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from calendar import monthrange
from datetime import date
from pathlib import Path

from xlsxwriter import Workbook

from bench.import_ledger import HEADERS, SURNAMES, person, postings, processor, run, sheet, village

GOAL_SECONDS, GOAL_MB = 600, 2_000
YEAR = 2022


def main() -> int:
    """Make the workbook, import it twice, print the figures; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_834)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="folder in which the workbook and the database are kept")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(given.keep or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "attendance.xlsx"
        months = write(file, given.people, random.Random(given.seed))
        environ = {**os.environ, "ZHUCUN_DATA_DIR": str(folder / "var")}
        environ.pop("ZHUCUN_DATABASE_URL", None)
        run(["migrate", "--verbosity", "0"], environ)
        print(
            f"workbook: {given.people} people, {months} person-months, {file.stat().st_size / 1e6:.1f} MB", flush=True
        )
        results = []
        for title in ("first import", "same file again"):
            before = processor()
            seconds, peak, output = run(["import_ledger", str(file), "--json"], environ)
            answer = json.loads(output)
            results.append((seconds, peak, answer["status"], answer["sheets"]["出勤"]))
            print(
                f"{title}: {answer['status']}, {answer['sheets']['出勤']}, {seconds:.1f} s ({processor() - before:.1f} s of "
                f"processor, load of the machine {os.getloadavg()[0]:.1f}), peak {peak:.0f} MB, parent and reader together",
                flush=True,
            )
    told = [status for *_, status, _ in results] == ["imported", "unchanged"] and results[0][3]["added"] == months
    return int(not told or any(seconds > GOAL_SECONDS or peak > GOAL_MB for seconds, peak, *_ in results))


def write(file: Path, people: int, chance: random.Random) -> int:
    """Write a workbook of one county as another program would; returns the number of person-months."""
    teams = people // 3
    book = Workbook(str(file), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    towns = [f"430426{100 + n}" for n in range(30)]
    villages = [f"{towns[n % len(towns)]}{200 + n // len(towns)}" for n in range(teams)]
    units = [f"县{SURNAMES[n % len(SURNAMES)]}局{n}" for n in range(400)]
    sheet(book, "行政区划", "代码 名称 类型", [("430426", "祁东县", "县"), *((t, f"第{t[6:]}镇", "镇") for t in towns)])
    headers = "区划代码 名称 村类别 村情 需求专业 经度 纬度 类别起始日期"
    sheet(book, "行政村", headers, (village(code, chance) for code in villages))
    sheet(book, "派出单位", "单位名称 单位类别 单位层级", ((u, "其他部门", "县") for u in units))
    sheet(book, "人员", HEADERS, (person(n, units, chance) for n in range(people)))
    start = date(2021, 5, 20)
    headers = "工作队编号 村区划代码 牵头单位 参与单位 成立日期 撤销日期"
    rows = ((f"T{n:05}", villages[n], chance.choice(units), "", start, "") for n in range(teams))
    sheet(book, "工作队", headers, rows)
    headers = "工作队编号 人员编号 队内职务 到任日期 离任日期 离任方式 离任原因 文号"
    sheet(book, "任职", headers, postings(people, teams, start, chance))
    headers = f"月份 工作队编号 人员编号 {' '.join(str(n) for n in range(1, 32))} 乡镇确认日期"
    sheet(book, "出勤", headers, months(people, teams, chance))
    book.close()
    return people * 12


def months(people: int, teams: int, chance: random.Random):
    """Rows of 出勤: everybody's twelve months, with weekends off, outings and some leave; those who moved in July in their new team."""
    for month in range(1, 13):
        days = monthrange(YEAR, month)[1]
        off = {day for day in range(1, days + 1) if date(YEAR, month, day).weekday() == 6}
        confirmed = date(YEAR + month // 12, month % 12 + 1, 3)
        for n in range(people):
            team = (n + 1 if n % 8 == 7 and month > 6 else n) % teams
            marks = ["调" if day in off else "√" for day in range(1, days + 1)]
            for symbol in chance.choices("√公培会事病休×", weights=(30, 9, 2, 3, 2, 1, 2, 0.2), k=4):
                marks[chance.randrange(days)] = symbol
            yield f"{YEAR}-{month:02}", f"T{team:05}", f"P{n:06}", *marks, *[""] * (31 - days), confirmed


if __name__ == "__main__":
    sys.exit(main())
