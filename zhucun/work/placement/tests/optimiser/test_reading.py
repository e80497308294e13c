"""Every way an instance can be wrong is a sentence with its place; whatever comes, it is a Problem or Invalid."""

import json
import os
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhucun.work.placement.optimiser.findings import SHOWN
from zhucun.work.placement.optimiser.problem import Candidate, Locks, Unit, Village
from zhucun.work.placement.optimiser.reading import LIMIT, Invalid, document, read
from zhucun.work.placement.tests.optimiser.counties import county

WHOLE: dict[str, Any] = {
    "format": "zhucun-placement/1",
    "villages": {
        "V1": {"size": 2, "township": "T1", "remote": True, "allowed_units": ["U1", "U2"]},
        "V2": {"size": 3, "township": "T2", "remote": False},
    },
    "units": {"U1": {"capacity": 1, "partners": ["U2"]}, "U2": {"capacity": 2}},
    "candidates": {
        "a1": {"unit": "U1", "leader_ok": True, "leader_bonus": 20, "skills": {"agri": 2}, "home_village": "V2",
               "home_township": "T2", "health_limited": False, "spouse": "b1"},
        "b1": {"unit": "U2", "leader_ok": True},
        "b2": {"unit": "U2"},
    },
    "scores": {
        "unit_village": {"U1": {"V1": 90}, "U2": {"V1": 10, "V2": -5}},
        "person_village": {"a1": {"V1": 10}},
        "skill_tiers": {"V1": {"agri": [60, 30, 10], "law": [40]}},
        "joint_penalty": 8,
        "stay_bonus": 25,
    },
    "locks": {"unit_village": [["U1", "V1"]], "ban_unit_village": [["U2", "V1"]], "person_village": [["a1", "V1"]],
              "ban_person_village": [["b1", "V2"]], "person_out": ["b2"]},
    "previous": {"a1": "V1"},
}  # fmt: skip


def written(changes: dict[str, Any]) -> bytes:
    """The whole instance with values put at paths such as "candidates/a1/unit"; ... takes one away."""
    made = deepcopy(WHOLE)
    for path, value in changes.items():
        *way, last = path.split("/")
        at: Any = made
        for step in way:
            at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
        if value is ...:
            del at[last]
        elif isinstance(at, list):
            at[int(last)] = value
        else:
            at[last] = value
    return json.dumps(made).encode()


def problems(raw: bytes) -> tuple[str, ...]:
    with pytest.raises(Invalid) as refused:
        read(raw)
    return refused.value.problems


def test_what_is_written_is_read():
    problem = read(written({}))
    assert problem.villages == {"V1": Village(2, "T1", True, frozenset({"U1", "U2"})), "V2": Village(3, "T2")}
    assert problem.units == {"U1": Unit(1, ("U2",)), "U2": Unit(2)}
    assert problem.candidates["a1"] == Candidate("U1", True, 20, {"agri": 2}, "V2", "T2", False, "b1")
    assert problem.candidates["b2"] == Candidate("U2")
    assert problem.scores.unit_village["U2"] == {"V1": 10, "V2": -5}
    assert problem.scores.skill_tiers == {"V1": {"agri": (60, 30, 10), "law": (40,)}}
    assert (problem.scores.joint_penalty, problem.scores.stay_bonus) == (8, 25)
    assert problem.locks.person_out == {"b2"}
    assert problem.locks.ban_person_village == {("b1", "V2")}
    assert problem.previous == {"a1": "V1"}


def test_what_may_be_missing_takes_its_default():
    bare = {
        "format": "zhucun-placement/1",
        "villages": {"V1": {"size": 1}},
        "units": {"U1": {"capacity": 0, "partners": None}},
        "candidates": {"a1": {"unit": "U1", "spouse": None, "home_village": None}},
        "scores": {"unit_village": {}},
    }
    problem = read(json.dumps(bare).encode())
    assert problem.candidates == {"a1": Candidate("U1")}
    assert problem.locks == Locks()
    assert problem.previous == {}
    assert problem.villages["V1"].allowed_units is None


@pytest.mark.parametrize("seed", range(5))
def test_a_document_is_read_back_as_the_same_problem(seed):
    problem = county(seed)
    text = json.dumps(document(problem), ensure_ascii=False)
    assert read(text.encode()) == problem
    assert json.dumps(document(read(text.encode())), ensure_ascii=False) == text
    assert read(b"\xef\xbb\xbf" + text.encode()) == problem  # Notepad's mark


@pytest.mark.parametrize(
    ("changes", "path", "said"),
    [
        ({"villages/V1/size": 1.5}, "villages.V1.size", "应当是 1 到 1000000 的整数，现在是“1.5”"),
        ({"villages/V1/size": True}, "villages.V1.size", "整数，现在是true"),
        ({"villages/V1/size": "3"}, "villages.V1.size", "现在是“3”"),
        ({"villages/V1/size": 0}, "villages.V1.size", "现在是0"),
        ({"villages/V1/size": -2}, "villages.V1.size", "现在是-2"),
        ({"villages/V1/size": ...}, "villages.V1.size", "缺少这一项，请写一个 1 到 1000000 的整数"),
        ({"villages/V1/size": float("nan")}, "villages.V1.size", "现在是“NaN”"),
        ({"villages/V1": 3}, "villages.V1", "应当是一个对象（用花括号括起），现在是3"),
        ({"villages/V1/township": 3}, "villages.V1.township", "应当是文字"),
        ({"villages/V1/remote": 1}, "villages.V1.remote", "应当是 true 或 false，现在是1"),
        ({"villages/V1/allowed_units": "U1"}, "villages.V1.allowed_units", "应当是一个列表"),
        ({"villages/V1/allowed_units": ["U9"]}, "villages.V1.allowed_units[0]", "没有编号为“U9”的单位"),
        ({"villages/ ": {"size": 1}}, "villages. ", "编号不能是空的"),
        ({"villages/\ud800": {"size": 1}}, "villages.\\ud800", "残缺的字符"),
        ({"villages/V\n": {"size": 1}}, "villages.V", "控制字符"),
        ({"villages/" + "x" * 300: {"size": 1}}, "villages.xxx", "编号有 300 个字，超过 200 个"),
        ({"villages": {}}, "villages", "一个村也没有"),
        ({"villages": ...}, "villages", "缺少这一项"),
        ({"villages": []}, "villages", "现在是一个列表"),
        ({"units": {}}, "units", "一个单位也没有"),
        ({"units/U1/capacity": -1}, "units.U1.capacity", "应当是 0 到 1000000 的整数，现在是-1"),
        ({"units/U1/capacity": ...}, "units.U1.capacity", "缺少这一项"),
        ({"units/U1/partners": ["U2", "U9"]}, "units.U1.partners[1]", "没有编号为“U9”的单位"),
        ({"candidates": {}}, "candidates", "一个人选也没有"),
        ({"candidates/a1/unit": ...}, "candidates.a1.unit", "缺少这一项，请写上派出单位的编号"),
        ({"candidates/a1/unit": "U9"}, "candidates.a1.unit", "没有编号为“U9”的单位，请改成 units 里有的编号"),
        ({"candidates/a1/unit": 7}, "candidates.a1.unit", "应当是文字"),
        ({"candidates/a1/leader_ok": "yes"}, "candidates.a1.leader_ok", "true 或 false"),
        ({"candidates/a1/leader_bonus": 10**8}, "candidates.a1.leader_bonus", "10000000 的整数，现在是100000000"),
        ({"candidates/a1/skills/agri": -1}, "candidates.a1.skills.agri", "应当是 0 到"),
        ({"candidates/a1/skills": ["agri"]}, "candidates.a1.skills", "应当是一个对象"),
        ({"candidates/a1/home_village": 1}, "candidates.a1.home_village", "应当是文字"),
        ({"candidates/a1/spouse": "a1"}, "candidates.a1.spouse", "配偶写成了本人"),
        ({"candidates/a1/home_township": "\udfff"}, "candidates.a1.home_township", "残缺的字符"),
        ({"scores": ...}, "scores", "缺少这一项"),
        ({"scores/unit_village": ...}, "scores.unit_village", "缺少这一项"),
        ({"scores/unit_village/U9": {}}, "scores.unit_village.U9", "没有编号为“U9”的单位"),
        ({"scores/unit_village/U1/V9": 1}, "scores.unit_village.U1.V9", "没有编号为“V9”的村"),
        ({"scores/unit_village/U1/V1": 9.5}, "scores.unit_village.U1.V1", "现在是“9.5”"),
        ({"scores/unit_village/U1/V1": False}, "scores.unit_village.U1.V1", "现在是false"),
        ({"scores/unit_village/U1/V1": 10**30}, "scores.unit_village.U1.V1", "10000000 的整数"),
        ({"scores/unit_village/U1/V1": None}, "scores.unit_village.U1.V1", "缺少这一项"),
        ({"scores/unit_village/U1": []}, "scores.unit_village.U1", "应当是一个对象"),
        ({"scores/person_village/x": {}}, "scores.person_village.x", "没有编号为“x”的人选"),
        ({"scores/person_village/a1/V9": 1}, "scores.person_village.a1.V9", "没有编号为“V9”的村"),
        ({"scores/skill_tiers/V9": {}}, "scores.skill_tiers.V9", "没有编号为“V9”的村"),
        ({"scores/skill_tiers/V1/agri": [10, 30]}, "scores.skill_tiers.V1.agri[1]", "后一档 30 比前一档 10 高"),
        ({"scores/skill_tiers/V1/agri": [10, "5"]}, "scores.skill_tiers.V1.agri[1]", "现在是“5”"),
        ({"scores/skill_tiers/V1/agri": 10}, "scores.skill_tiers.V1.agri", "应当是一个列表"),
        ({"scores/joint_penalty": float("inf")}, "scores.joint_penalty", "现在是“Infinity”"),
        ({"locks/unit_village": [["U1"]]}, "locks.unit_village[0]", "应当是两个编号"),
        ({"locks/unit_village": [["V1", "U1"]]}, "locks.unit_village[0][0]", "没有编号为“V1”的单位"),
        ({"locks/ban_unit_village": [["U1", "V9"]]}, "locks.ban_unit_village[0][1]", "没有编号为“V9”的村"),
        ({"locks/person_village": [["U1", "V1"]]}, "locks.person_village[0][0]", "没有编号为“U1”的人选"),
        ({"locks/person_village": [[None, ["V1"]]]}, "locks.person_village[0][1]", "没有编号为一个列表的村"),
        ({"locks/person_out": ["x"]}, "locks.person_out[0]", "没有编号为“x”的人选"),
        ({"locks/person_out": {"a1": True}}, "locks.person_out", "应当是一个列表"),
        ({"locks": []}, "locks", "应当是一个对象"),
        ({"previous/x": "V1"}, "previous.x", "没有编号为“x”的人选"),
        ({"previous/a1": 5}, "previous.a1", "应当是文字"),
        ({"format": ...}, "format", "缺少格式名称"),
        ({"format": "zhucun-placement/2"}, "format", "不认识“zhucun-placement/2”"),
        ({"format": ["zhucun-placement/1"]}, "format", "不认识一个列表"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(changes, path, said):
    told = problems(written(changes))
    assert any(one.startswith(path) and said in one for one in told), told
    assert all("\n" not in one and one.endswith("。") for one in told)
    "".join(told).encode()  # can be written


@pytest.mark.parametrize(
    "changes",
    [
        {"candidates/a1/home_village": "V9"},  # people come from anywhere
        {"candidates/a1/home_township": "T9"},
        {"candidates/a1/spouse": "x"},  # not posted by us
        {"previous/b1": "V9"},
        {"previous/b1": None},
        {"villages/V1/size": 10},  # too many for these candidates: infeasible, not invalid
        {"villages/V1/allowed_units": []},
        {"locks/unit_village": [["U1", "V1"], ["U2", "V1"]]},
        {"units/U1/partners": ["U1", "U2", "U2"]},
        {"scores/skill_tiers/V1/agri": [10, 10, 0, -5]},
    ],
)
def test_what_is_odd_but_not_wrong_is_read(changes):
    read(written(changes))


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "文件是空的"),
        (b"\xef\xbb\xbf \n", "文件是空的"),
        (b'{"format": ', "第 1 行第 12 列，这里应当有一个值"),
        (b'{"format" 1}', "缺少英文冒号"),
        (b'{"a": 1,\n "b": 2,}', "第 2 行"),
        (b'{"a": 1} x', "文件末尾有多余的内容"),
        ('{"format"："x"}'.encode(), "缺少英文冒号"),
        (b"[1, 2]", "最外层应当是一个对象"),
        (b"null", "最外层应当是一个对象"),
        (b"[" * 200_000, "套得太深"),
        (b'{"a":' * 200_000, "套得太深"),
        ('{"format": "村"}'.encode("gb18030"), "不是 UTF-8 编码（第 13 个字节）"),
        ('{"format": 1}'.encode("utf-16"), "不是 UTF-8 编码"),
        (b'{"format": ' + b"9" * 10_000 + b"}", "format"),
        (b'{"format": "zhucun-placement/1"}\x00', "文件末尾有多余的内容"),
    ],
)
def test_what_is_no_json_is_one_sentence(raw, said):
    (sentence,) = problems(raw)
    assert said in sentence
    assert len(sentence) < 200


def test_a_key_written_twice_is_told_and_not_lost():
    text = written({}).decode().replace('"b2": {"unit": "U2"}', '"b2": {"unit": "U2"}, "b2": {"unit": "U1"}')
    assert problems(text.encode()) == ("candidates.b2：这个键写了不止一次，只能留一个。",)
    text = written({}).decode().replace('"U1": {"V1": 90}', '"U1": {"V1": 90, "V1": 91}')
    assert problems(text.encode()) == ("scores.unit_village.U1.V1：这个键写了不止一次，只能留一个。",)


def test_all_problems_are_told_at_once_up_to_a_number():
    told = problems(written({"villages/V1/size": 0, "units/U1/capacity": -1, "candidates/a1/unit": "U9"}))
    assert [one.split("：")[0] for one in told] == ["villages.V1.size", "units.U1.capacity", "candidates.a1.unit"]
    many = problems(written({f"villages/x{n}": {} for n in range(500)}))
    assert len(many) == SHOWN + 1
    assert many[-1] == "另外还有 300 处问题没有列出，请先改正以上各处。"


def test_unknown_fields_are_skipped_with_a_warning():
    warnings: list[str] = []
    problem = read(written({"villages/V1/name": "石桥村", "note": 1, "locks/who": []}), warn=warnings.append)
    assert problem == read(written({}))
    assert sorted(one.split("：")[0] for one in warnings) == ["locks.who", "note", "villages.V1.name"]


def test_files_that_cannot_be_read_are_told(tmp_path):
    for path, said in [
        (tmp_path / "none.json", "找不到文件"),
        (tmp_path, "是一个文件夹"),
        ("/dev/null", "不是普通文件"),
        (tmp_path / ("x" * 300), "读不了文件"),
        ("a\0b", "读不了文件"),
    ]:
        with pytest.raises(Invalid, match=said):
            read(path)
    if os.geteuid():
        locked = tmp_path / "locked.json"
        locked.touch(mode=0)
        with pytest.raises(Invalid, match="没有权限"):
            read(locked)


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path, monkeypatch):
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    monkeypatch.setattr("pathlib.Path.open", None)
    with pytest.raises(Invalid, match=f"文件有 200 MB，超过 {LIMIT // 1024 // 1024} MB"):
        read(large)


def test_a_file_is_read_from_its_path(tmp_path):
    path = tmp_path / "题目.json"
    path.write_bytes(written({}))
    assert read(path) == read(str(path)) == read(written({}))


SEEDS = [json.dumps(document(county(seed, villages=6, units=3)), ensure_ascii=False) for seed in range(3)]
WEIRD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.just([]), st.just({}),
    st.sampled_from(["V000", "U000", "U000p1", [["U000", "V000"]], {"V000": 1}, [3, 2, 1], [1, 2], -1, 10**25]),
)  # fmt: skip


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a document."""
    found = []
    stack = [value]
    while stack:
        one = stack.pop()
        items = list(one.items()) if isinstance(one, dict) else list(enumerate(one)) if isinstance(one, list) else []
        found += [(one, key) for key, _ in items]
        stack += [part for _, part in items]
    return found


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_changed_it_is_a_problem_or_invalid(data):
    made = json.loads(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 4))):
        every = places(made)
        if not every:
            break
        at, key = every[data.draw(st.integers(0, len(every) - 1))]
        what = data.draw(st.sampled_from(["value", "remove", "rename"]))
        if what == "value":
            at[key] = deepcopy(data.draw(WEIRD))
        elif what == "remove":
            del at[key]
        elif isinstance(at, dict):
            at[data.draw(st.text(max_size=4))] = at.pop(key)
    read_or_refused(json.dumps(made).encode())


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_bytes_come_it_is_a_problem_or_invalid(data):
    raw = bytearray(data.draw(st.sampled_from(SEEDS)).encode())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 8))] = data.draw(
            st.binary(max_size=6) | st.sampled_from([b"}", b'"', b"1e9"])
        )
    read_or_refused(bytes(raw))


def read_or_refused(raw: bytes) -> None:
    told: tuple[str, ...] = ()
    try:
        problem = read(raw)
    except Invalid as refused:
        told = refused.problems or ("",)
    if told:
        assert all(told)
        "".join(told).encode()
    else:
        assert read(json.dumps(document(problem)).encode()) == problem
