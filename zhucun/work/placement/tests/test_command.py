"""`zhucun place` as a program: exit codes, what it writes, plain sentences and never a traceback."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from zhucun.work.placement.management.commands import place
from zhucun.work.placement.optimiser.checking import broken
from zhucun.work.placement.optimiser.reading import document, read
from zhucun.work.placement.optimiser.result import Result, Team
from zhucun.work.placement.tests.optimiser.counties import county

PLACES = ("V1", "V2", "V3")


def instance(teams_of_u1: int = 2) -> dict[str, Any]:
    """Three villages for two units of six; U2 has one leader, so all hangs on how many teams U1 may lead."""
    return {
        "format": "zhucun-placement/1",
        "villages": {village: {"size": 2} for village in PLACES},
        "units": {"U1": {"capacity": teams_of_u1}, "U2": {"capacity": 2}},
        "candidates": {
            f"{unit}p{n}": {"unit": unit, "leader_ok": unit == "U1" or n == 0, "leader_bonus": n}
            for unit in ("U1", "U2")
            for n in range(6)
        },
        "scores": {"unit_village": {unit: dict.fromkeys(PLACES, 50 + at) for at, unit in enumerate(("U1", "U2"))}},
    }


class Run:
    """One run of the command in this process: where things lie, the exit code, what was said."""

    def __init__(self, folder: Path):
        self.given, self.output = folder / "题目.json", folder / "结果.json"

    def __call__(self, content: Any, *options: str) -> "Run":
        text = content if isinstance(content, (str, bytes)) else json.dumps(content, ensure_ascii=False)
        self.given.write_bytes(text if isinstance(text, bytes) else text.encode())
        out, err, self.code, self.refusal = StringIO(), StringIO(), 0, ""
        try:
            call_command("place", str(self.given), "--output", str(self.output), *options, stdout=out, stderr=err)
        except CommandError as refusal:
            self.code, self.refusal = refusal.returncode, str(refusal)
        self.said, self.aside = out.getvalue(), err.getvalue()
        return self

    @property
    def answer(self) -> dict[str, Any]:
        return json.loads(self.output.read_bytes())


@pytest.fixture
def run(tmp_path) -> Run:
    return Run(tmp_path)


def test_a_plan_is_written_and_summed_up(run):
    run(instance(), "--seed", "7")
    answer = run.answer
    assert run.code == 0
    assert (answer["status"], answer["objective"], answer["bound"], answer["gap"], answer["seed"]) == (
        "optimal",
        160,
        160,
        0,
        7,
    )
    assert list(answer) == "status objective bound gap seed seconds teams conflicts repairs problems".split()
    teams = {
        village: Team(one["unit"], one["leader"], tuple(one["members"])) for village, one in answer["teams"].items()
    }
    assert broken(read(run.given), teams) == []
    assert sum(sum(one["scores"].values()) for one in answer["teams"].values()) == 160
    assert "已求得最优方案，并且证明没有更好的：3 个村都有工作队。\n目标值 160（十分之一分）" in run.said
    assert str(run.output) in run.said
    assert run.aside == ""


def test_no_plan_is_explained_with_conflict_repairs_and_what_can_be_done(run):
    run(instance(teams_of_u1=1))
    answer = run.answer
    assert run.code == 1
    assert (answer["status"], answer["objective"], answer["bound"]) == ("infeasible", None, None)
    assert [one["rules"] for one in answer["conflicts"]] == [["H1:V1", "H1:V2", "H1:V3", "H3:U2", "H5:U1"]]
    assert answer["repairs"] == ["H5:U1", "H3:U2"]
    assert len(answer["teams"]) == 2
    assert "V1、V2、V3只能由U1、U2两个单位承担，合起来只能牵头 2 支工作队" in run.refusal
    assert "放宽下面任何一条就有方案：H5:U1、H3:U2。" in run.refusal


def test_contradictory_locks_name_each_other(run):
    for locks, rules in [
        ({"unit_village": [["U1", "V1"], ["U2", "V1"]]}, ["H8:U1→V1", "H8:U2→V1"]),
        ({"unit_village": [["U1", "V1"]], "ban_unit_village": [["U1", "V1"]]}, ["H8:U1→V1", "H8:ban:U1→V1"]),
        ({"person_village": [["U1p1", "V1"], ["U1p1", "V2"]]}, ["H8:U1p1→V1", "H8:U1p1→V2"]),
        ({"person_village": [["U1p1", "V1"]], "person_out": ["U1p1"]}, ["H8:U1p1→V1", "H8:out:U1p1"]),
    ]:
        assert run({**instance(), "locks": locks}).code == 1
        assert run.answer["conflicts"][0]["rules"] == rules
        assert set(run.answer["repairs"]) <= set(rules)
        assert run.answer["repairs"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "文件是空的"),
        ("{", "文件不是正确的 JSON"),
        ("[]", "最外层应当是一个对象"),
        ({}, "缺少格式名称"),
        ({**instance(), "villages": {"V1": {"size": 1.5}}}, "villages.V1.size：应当是"),
        ({**instance(), "units": {}}, "units：一个单位也没有"),
        ("[" * 100_000, "套得太深"),
        ("村".encode("gb18030"), "不是 UTF-8 编码"),
    ],
)
def test_an_invalid_instance_is_answered_with_its_problems(run, content, said):
    run(content)
    assert run.code == 1
    assert run.answer["status"] == "invalid"
    assert run.answer["teams"] == {}
    assert any(said in one for one in run.answer["problems"])
    assert said in run.refusal
    assert run.said == ""


def test_a_missing_instance_is_told(run, tmp_path):
    with pytest.raises(CommandError, match="找不到文件"):
        call_command("place", str(tmp_path / "none.json"), "--output", str(run.output))
    assert run.answer["status"] == "invalid"


def without_seconds(path: Path) -> str:
    return "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if '"seconds"' not in line)


def test_the_same_instance_gives_the_same_bytes_but_for_seconds_in_any_order_of_keys(run):
    for content in (document(county(3)), {**instance(teams_of_u1=1), "locks": {"person_out": ["U1p2", "U2p3"]}}):
        run(content)
        first = without_seconds(run.output)
        run(content)
        assert without_seconds(run.output) == first
        run(turned(content))
        assert without_seconds(run.output) == first


def turned(value: Any) -> Any:
    """The same document with the keys of every object the other way round."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return value


def refused(run: Run, output: str, said: str) -> None:
    run.given.write_text(json.dumps(instance()), encoding="utf-8")
    with pytest.raises(CommandError, match=said):
        call_command("place", str(run.given), "--output", output)


def test_a_place_that_cannot_be_written_is_refused_before_solving(run, tmp_path, monkeypatch):
    monkeypatch.setattr(place, "solve", None)
    (tmp_path / "link.json").symlink_to(run.given)
    before = json.dumps(instance())
    refused(run, str(tmp_path / "none" / "out.json"), "没有“.*none”这个文件夹")
    refused(run, str(tmp_path), "是一个文件夹")
    refused(run, str(run.given), "会盖掉题目")
    refused(run, str(tmp_path / "link.json"), "会盖掉题目")
    refused(run, "/dev/null", "不是普通文件")
    refused(run, "a\0b", "用不了")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    refused(run, str(run.output), "不能往“.*”里写文件")
    assert run.given.read_text(encoding="utf-8") == before


def test_an_answer_is_written_whole_or_not_at_all(run, tmp_path, monkeypatch):
    run.output.write_text("旧", encoding="utf-8")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    run(instance())
    assert run.code == 1
    assert "结果没有写成" in run.refusal
    assert run.output.read_text(encoding="utf-8") == "旧"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["题目.json", "结果.json"])


@pytest.mark.parametrize("trouble", [MemoryError(), ArithmeticError("线性规划没有解出来。")])
def test_trouble_while_solving_is_a_sentence(run, monkeypatch, trouble):
    def fail(*args, **kwargs):
        raise trouble

    monkeypatch.setattr(place, "solve", fail)
    run(instance())
    assert run.code == 1
    assert run.refusal.endswith("。")
    assert not run.output.exists()


def test_a_plan_that_breaks_a_rule_is_not_written(run, monkeypatch):
    wrong = {village: Team("U1", "U1p0", ("U1p0", "U1p1")) for village in PLACES}
    monkeypatch.setattr(place, "solve", lambda *args, **kwargs: Result("optimal", 1, 0.1, 1, 1, wrong))
    run(instance())
    assert "方案自查不合规" in run.refusal
    assert not run.output.exists()


def test_what_is_large_goes_to_the_area(run, monkeypatch):
    monkeypatch.setattr(place, "is_large", lambda problem: True)
    monkeypatch.setattr(place, "solve", None)
    assert run(instance()).answer["status"] in {"optimal", "feasible"}


def test_unproven_is_not_called_impossible(run, monkeypatch):
    unproven = Result("infeasible", 1, 60.0, problems=("时间用完，没有证明无解。",))
    monkeypatch.setattr(place, "solve", lambda *args, **kwargs: unproven)
    run(instance())
    assert "没有求出每个村都有工作队的方案" in run.refusal
    assert run.answer["problems"] == ["时间用完，没有证明无解。"]


def test_a_proof_of_no_plan_does_not_make_the_partial_plan_the_best(run, monkeypatch):
    unproven = Result("infeasible", 1, 60.0, problems=("时间用完，没有证明无解。",))
    monkeypatch.setattr(place, "solve", lambda *args, **kwargs: unproven)
    run(instance(teams_of_u1=1))
    assert "没有一个方案能让每个村都有工作队" in run.refusal
    assert run.answer["conflicts"]
    assert run.answer["problems"] == [place.UNPROVEN_PART]
    assert place.UNPROVEN_PART in run.refusal


def test_the_reason_is_looked_for_no_longer_than_the_time_that_is_left(run, monkeypatch):
    given = []
    monkeypatch.setattr(place, "diagnose", lambda *args, seconds, **kwargs: given.append(seconds) or ((), ()))
    for limit in ("0.001", "50"):
        run(instance(teams_of_u1=1), "--time-limit", limit)
    assert given[0] == place.LEAST_DIAGNOSIS
    assert 0 < given[1] <= 50


def test_hardly_any_time_still_gives_a_plan(run):
    assert run(instance(), "--time-limit", "0.001").code == 0
    assert len(run.answer["teams"]) == 3
    assert run(document(county(3)), "--time-limit", "0.001").answer["status"] == "feasible"


def test_fields_nobody_knows_are_mentioned_aside(run):
    assert run({**instance(), "note": "x"}).code == 0
    assert run.aside == "注意：note：不认识这一项，没有用它。\n"


# As a program of its own: without a database, and with the arguments as they are typed.


def typed(*arguments: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "ZHUCUN_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    return subprocess.run(
        [sys.executable, "-m", "zhucun", "place", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        timeout=50,
    )


def test_the_program_needs_no_database(run):
    run.given.write_text(json.dumps(instance()), encoding="utf-8")
    done = typed(str(run.given), "--output", str(run.output), "--seed", "0", "--time-limit", "20.5")
    assert (done.returncode, done.stderr) == (0, "")
    assert run.answer["status"] == "optimal"


def test_a_large_file_is_refused_at_once(run):
    with run.given.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    done = typed(str(run.given), "--output", str(run.output))
    assert done.returncode == 1
    assert "文件有 200 MB，超过 150 MB，没有读" in done.stderr
    assert "Traceback" not in done.stderr
    assert run.answer["seconds"] < 1


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("--seed", value, "应为 0 到 2147483647 的整数") for value in ("-1", "1.5", "x", "", "9" * 5000, "4294967296")]
    + [("--time-limit", value, "应为大于 0 的秒数") for value in ("0", "-1", "nan", "inf", "x", "")],
)
def test_wrong_options_are_refused(run, option, value, said):
    run.given.write_text(json.dumps(instance()), encoding="utf-8")
    with pytest.raises(CommandError, match=said):
        call_command("place", str(run.given), "--output", str(run.output), f"{option}={value}")


def test_a_wrong_option_is_one_chinese_sentence_for_who_types_it(run):
    done = typed(str(run.given), "--output", str(run.output), "--seed", "-1")
    assert done.returncode == 1
    assert done.stderr.startswith("命令写法不对：参数 --seed: 应为 0 到 2147483647 的整数，现在是“-1”。")
    assert "Traceback" not in done.stderr
