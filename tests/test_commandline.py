"""The command `zhucun` refuses in one plain Chinese sentence on stderr and a non-zero exit code, never with a traceback."""

import sys

import pytest
from django.db import OperationalError

from zhucun import __main__ as line


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["zhucun", *arguments])
    with pytest.raises(SystemExit) as left:
        line.main()
    return left.value.code


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["figures"], "命令写法不对：缺少参数 --period。"),
        (["figures", "--period"], "参数 --period: 后面要写一个值"),
        (["figures", "--period", "2022", "--all"], "不认识的参数 --all"),
        (["serve", "--port", "x"], "应为整数：'x'"),
    ],
)
def test_wrong_arguments_are_told_in_chinese(monkeypatch, arguments, sentence):
    assert sentence in run(monkeypatch, *arguments)  # sys.exit with a text prints it and leaves with 1


def test_a_refusal_is_one_plain_line_and_exit_code_1(monkeypatch, capsys):
    assert run(monkeypatch, "figures", "--period", "2022-Q5") == 1
    assert capsys.readouterr().err == "期间“2022-Q5”写法不对，请写成 2022、2022-H1、2022-Q3 或 2022-11。\n"


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        ("no such table: teams_team", "请先运行 zhucun migrate"),
        ('relation "teams_team" does not exist\nLINE 1: …', "请先运行 zhucun migrate"),
        ("connection refused", "connection refused"),
    ],
)
def test_trouble_with_the_database_is_a_sentence(monkeypatch, problem, sentence):
    def fail(self):
        raise OperationalError(problem)

    monkeypatch.setattr(line.CommandLine, "execute", fail)
    said = run(monkeypatch, "figures", "--period", "2022")
    assert sentence in said
    assert "\n" not in said


def test_the_trace_is_there_for_whoever_asks(monkeypatch):
    def fail(self):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(line.CommandLine, "execute", fail)
    monkeypatch.setattr(sys, "argv", ["zhucun", "figures", "--traceback"])
    with pytest.raises(OperationalError):
        line.main()


def test_ctrl_c_ends_a_command_without_a_traceback(monkeypatch, capsys):
    def interrupted(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(line.CommandLine, "execute", interrupted)
    with pytest.raises(SystemExit) as left:
        line.main()
    assert (left.value.code, capsys.readouterr().err) == (130, "已停止，没有做完。\n")
