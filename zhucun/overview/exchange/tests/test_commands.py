"""The two commands: exit codes, one sentence for bad input, JSON; and how many queries an import needs."""

import io
import json
import os
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhucun.overview.exchange.tests.books import D, good, take, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(xlsx(good()))
    return path


def run(*args, **kwargs):
    out, err = io.StringIO(), io.StringIO()
    call_command(*map(str, args), stdout=out, stderr=err, **kwargs)
    return out.getvalue(), err.getvalue()


def test_import_says_what_it_did(file):
    out, err = run("import_ledger", file)
    assert "人员：新增 2" in out
    assert "正在" in err
    assert "没有变化" in run("import_ledger", file)[0]


def test_import_answers_in_json(file):
    answer = json.loads(run("import_ledger", file, "--json")[0])
    assert (answer["status"], answer["county"]) == ("imported", "430426")
    assert answer["sheets"]["人员"] == {"added": 2, "changed": 0, "unchanged": 0}
    assert (answer["problems"], answer["warnings"], len(answer["sha256"])) == ([], [], 64)
    assert json.loads(run("import_ledger", file, "--json")[0])["status"] == "unchanged"


def test_dry_run_writes_nothing(file):
    assert json.loads(run("import_ledger", file, "--dry-run", "--json")[0])["status"] == "dry-run"
    assert json.loads(run("import_ledger", file, "--json")[0])["status"] == "imported"


def test_problems_are_listed_and_the_exit_code_is_1(tmp_path):
    book = good()
    book["人员"][0]["性别"] = "不详"
    path = tmp_path / "bad.xlsx"
    path.write_bytes(xlsx(book))
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="1 处问题") as refusal:
        call_command("import_ledger", str(path), "--json", stdout=out, stderr=err)
    assert refusal.value.returncode == 1
    assert "工作表“人员”第 2 行“性别”" in err.getvalue()
    problem = json.loads(out.getvalue())["problems"][0]
    assert (problem["sheet"], problem["row"], problem["column"], problem["value"]) == ("人员", 2, "性别", "不详")
    assert "男、女" in problem["sentence"]


@pytest.mark.parametrize("what", ["missing", "folder", "unreadable", "empty"])
def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path, what):
    path = tmp_path / "x.xlsx"
    if what == "folder":
        path = tmp_path
    elif what != "missing":
        path.write_bytes(b"")
    if what == "unreadable":
        path.chmod(0)
        if os.access(path, os.R_OK):
            pytest.skip("root may read everything")
    with pytest.raises(CommandError) as refusal:
        run("import_ledger", path)
    assert str(refusal.value).endswith("。")


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["--on", "2022-13-01"], "不是日期"),
        (["--on", "昨天"], "不是日期"),
        (["--county", "999999"], "没有代码为"),
    ],
)
def test_export_refuses_in_a_sentence(tmp_path, args, word):
    take(good())
    with pytest.raises(CommandError, match=word):
        run("export_ledger", tmp_path / "x.xlsx", *args)
    assert not list(tmp_path.iterdir())


def test_export_without_a_county_or_a_place_is_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="还没有县"):
        run("export_ledger", tmp_path / "x.xlsx")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CommandError, match="不是普通文件"):
        run("export_ledger", tmp_path / "pipe")
    with pytest.raises(CommandError, match="是一个文件夹"):
        run("export_ledger", tmp_path, "--template")
    with pytest.raises(CommandError, match="不存在"):
        run("export_ledger", tmp_path / "no" / "x.xlsx", "--template")


def test_export_writes_the_file(tmp_path, file):
    run("import_ledger", file)
    out, _ = run("export_ledger", tmp_path / "out.xlsx", "--on", "2022-12-07")
    assert "已写入" in out
    assert json.loads(run("import_ledger", tmp_path / "out.xlsx", "--json")[0])["status"] == "unchanged"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_on_the_command_line_itself_there_is_no_traceback(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "zhucun", "import_ledger", str(tmp_path / "none.xlsx")],
        capture_output=True, text=True, check=False, env={**os.environ, "ZHUCUN_DATA_DIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().endswith("。")


def test_an_empty_database_gets_its_tables_with_the_first_import(tmp_path, file):
    env = {**os.environ, "ZHUCUN_DATA_DIR": str(tmp_path / "new")}
    env.pop("ZHUCUN_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "zhucun", "import_ledger", str(file), "--json"],
        capture_output=True, text=True, check=False, env=env,
    )  # fmt: skip
    assert (done.returncode, json.loads(done.stdout)["status"]) == (0, "imported"), done.stderr


def many(n):
    """A county with `n` people, each in a team of two."""
    book = good()
    book["行政村"] += [{"区划代码": f"430426102{300 + i}", "名称": f"村{i}", "村类别": "一般村"} for i in range(n // 2)]
    book["人员"] = [{**book["人员"][1], "人员编号": f"P{i:04}"} for i in range(n)]
    book["工作队"] = [
        {
            "工作队编号": f"T{i:03}",
            "村区划代码": f"430426102{300 + i}",
            "牵头单位": "县财政局",
            "成立日期": D(2021, 5, 20),
        }
        for i in range(n // 2)
    ]
    book["任职"] = [
        {"工作队编号": f"T{i // 2:03}", "人员编号": f"P{i:04}", "队内职务": "队员", "到任日期": D(2021, 5, 20)}
        for i in range(n)
    ]
    return book


def queries_of(book):
    with CaptureQueriesContext(connection) as captured:
        outcome = take(book)
    assert outcome.status in {"imported", "unchanged"}, outcome.problems[:3]
    return len(captured)


def test_queries_grow_by_the_batch_and_not_by_the_row():
    few = queries_of(many(20))
    book = many(120)
    more = queries_of(book)
    assert more - few < 40
    for row in book["人员"]:
        row["特长"] = "写作"
    for row in book["任职"]:
        row["文号"] = "祁组发〔2022〕1号"
    assert queries_of(book) < few + 40
