"""Import of a large ledger workbook: seconds and peak memory of parent and reading process, into an empty SQLite.

`python -m bench.import_ledger [--people 20000 --teams 7000] [--seed 1] [--keep DIR]`
The goal (issue 2): 20,000 people, 7,000 teams, more than 20,000 postings, 7,000 villages in 60 s and 600 MB on 2 cores.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date, timedelta
from pathlib import Path

from xlsxwriter import Workbook

GOAL_SECONDS, GOAL_MB = 60, 600
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文辉玲玉兰"


def main() -> int:
    """Make the workbook, import it twice, print the figures; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--teams", type=int, default=7_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="folder in which the workbook and the database are kept")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(given.keep or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "ledger.xlsx"
        postings = write(file, given.people, given.teams, random.Random(given.seed))
        environ = {**os.environ, "ZHUCUN_DATA_DIR": str(folder / "var")}
        environ.pop("ZHUCUN_DATABASE_URL", None)
        run(["migrate", "--verbosity", "0"], environ)
        print(
            f"workbook: {given.people} people, {given.teams} teams, {postings} postings, {file.stat().st_size / 1e6:.1f} MB"
        )
        results = {}
        for title in ("first import", "same file again"):
            before = processor()
            seconds, peak, output = run(["import_ledger", str(file), "--json"], environ)
            status = json.loads(output)["status"]
            results[title] = seconds, peak
            used = processor() - before
            load = os.getloadavg()[0]
            print(
                f"{title}: {status}, {seconds:.1f} s ({used:.1f} s of processor, load of the machine {load:.1f}), "
                f"peak {peak:.0f} MB, parent and reader together",
                flush=True,
            )
    seconds, peak = results["first import"]
    return int(seconds > GOAL_SECONDS or peak > GOAL_MB)


def processor() -> float:
    """Seconds of processor used by the processes waited for so far, their children included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(arguments: list[str], environ: dict[str, str]) -> tuple[float, float, str]:
    """Run one command of zhucun; its seconds, the highest memory of it and its children together in MB, its output."""
    started = time.monotonic()
    command = [sys.executable, "-m", "zhucun", *arguments]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        child = subprocess.Popen(command, env=environ, stdout=output, stderr=subprocess.DEVNULL)
        peak = [0.0]
        watcher = threading.Thread(target=watch, args=(child, peak))
        watcher.start()
        child.wait()
        watcher.join()
        output.seek(0)
        text = output.read()
    if child.returncode:
        sys.exit(f"zhucun {' '.join(arguments)} ended with {child.returncode}: {text[:2000]}")
    return time.monotonic() - started, peak[0], text


def watch(child: subprocess.Popen, peak: list[float]) -> None:
    """Keep the highest sum of resident memory while the process runs."""
    while child.poll() is None:
        peak[0] = max(peak[0], sum(resident(pid) for pid in (child.pid, *children(child.pid))))
        time.sleep(0.1)


def children(pid: int) -> list[int]:
    """Direct children of a process."""
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def resident(pid: int) -> float:
    """Resident memory of a process in MB; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, IndexError):
        return 0.0


def write(file: Path, people: int, teams: int, chance: random.Random) -> int:
    """Write a workbook of one county as another program would; returns the number of postings."""
    book = Workbook(str(file), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    towns = [f"430426{100 + n}" for n in range(30)]
    villages = [f"{towns[n % len(towns)]}{200 + n // len(towns)}" for n in range(teams)]
    units = [f"县{SURNAMES[n % len(SURNAMES)]}{GIVEN[n % len(GIVEN)]}局{n}" for n in range(400)]
    sheet(book, "行政区划", "代码 名称 类型", [("430426", "祁东县", "县"), *((t, f"第{t[6:]}镇", "镇") for t in towns)])
    headers = "区划代码 名称 村类别 村情 需求专业 经度 纬度 类别起始日期"
    sheet(book, "行政村", headers, (village(code, chance) for code in villages))
    sheet(
        book,
        "派出单位",
        "单位名称 单位类别 单位层级 联系电话",
        ((u, chance.choice(["经济部门", "其他部门"]), "县", "0734-6262000") for u in units),
    )
    sheet(book, "人员", HEADERS, (person(n, units, chance) for n in range(people)))
    start = date(2021, 5, 20)
    headers = "工作队编号 村区划代码 牵头单位 参与单位 成立日期 撤销日期"
    sheet(
        book, "工作队", headers, ((f"T{n:05}", villages[n], chance.choice(units), "", start, "") for n in range(teams))
    )
    rows = list(postings(people, teams, start, chance))
    sheet(book, "任职", "工作队编号 人员编号 队内职务 到任日期 离任日期 离任方式 离任原因 文号", rows)
    book.close()
    return len(rows)


HEADERS = (
    "人员编号 姓名 性别 民族 出生年月 政治面貌 学历 学位 所学专业 涉农专业 职级 派出单位 农村工作经历 脱贫攻坚驻村 特长 "
    "身份证号码 联系电话 籍贯"
)


def village(code: str, chance: random.Random) -> tuple:
    """One row of 行政村."""
    return (code, f"村{code[6:]}", chance.choice(["示范村", "重点村", "一般村"]), chance.choice(["", "穷村", "弱村、乱村"]),
            "种植", round(112 + chance.random(), 6), round(26 + chance.random(), 6), date(2021, 1, 1))  # fmt: skip


def person(n: int, units: list[str], chance: random.Random) -> tuple:
    """One row of 人员 with an ID number that holds."""
    born = date(1963, 1, 1) + timedelta(days=chance.randrange(13_000))
    first = f"4304{20 + n // 1000}{born:%Y%m%d}{n % 1000:03}"
    number = first + CHECKS[sum(int(a) * b for a, b in zip(first, WEIGHTS, strict=True)) % 11]
    sex = "男" if int(first[16]) % 2 else "女"
    name = chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN)
    yes = [chance.choice("是否") for _ in range(3)]
    return (f"P{n:06}", name, sex, "汉族", born, chance.choice(["中共党员", "群众"]), chance.choice(["大学本科", "大学专科"]),
            "学士", "法学", yes[0], chance.choice(["科员及以下", "乡科级副职"]), units[n % len(units)], yes[1], yes[2], "写作",
            number, f"138{n:08}", "湖南祁东")  # fmt: skip


def postings(people: int, teams: int, start: date, chance: random.Random):
    """Rows of 任职: everybody once, one in eight moved to another team in 2022."""
    for n in range(people):
        role = "队长" if n < teams else "队员"
        if n % 8 == 7:
            last = date(2022, 6, 30)
            yield f"T{n % teams:05}", f"P{n:06}", role, start, last, "调整", "轮换", ""
            yield f"T{(n + 1) % teams:05}", f"P{n:06}", "队员", last + timedelta(days=1), "", "", "", ""
        else:
            yield f"T{n % teams:05}", f"P{n:06}", role, start, "", "", "", "祁组发〔2021〕5号"


def sheet(book: Workbook, name: str, headers: str, rows) -> None:
    """One sheet of plain cells."""
    page = book.add_worksheet(name)
    page.write_row(0, 0, headers.split())
    for index, row in enumerate(rows, start=1):
        page.write_row(index, 0, row)


if __name__ == "__main__":
    sys.exit(main())
