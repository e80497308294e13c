"""The command `zhucun`: Django's command line with this project's settings, refusing in plain sentences."""

import os
import sys
from argparse import ArgumentParser
from types import MethodType

from django.core.management import ManagementUtility
from django.core.management.base import BaseCommand, OutputWrapper
from django.db import DatabaseError

from zhucun.environment import BadEnvironment

STOPPED = 130  # what a shell expects of a program ended by Ctrl-C

ARGPARSE = {
    "the following arguments are required: ": "缺少参数 ",
    "unrecognized arguments: ": "不认识的参数 ",
    "expected one argument": "后面要写一个值",
    "expected at least one argument": "后面至少要写一个值",
    "not allowed with argument ": "不能同时写参数 ",
    "invalid choice: ": "没有这个选项：",
    "invalid int value: ": "应为整数：",
    "(choose from ": "（可选：",
    "argument ": "参数 ",
}


class PlainErrors(OutputWrapper):
    """Standard error without the name of Django's exception before the sentence."""

    def write(self, msg="", style_func=None, ending=None):
        """Write a sentence that begins with what went wrong."""
        super().write(msg.removeprefix("CommandError: "), style_func, ending)


class CommandLine(ManagementUtility):
    """Django's commands and ours, with errors in plain Chinese as far as we can say them."""

    def fetch_command(self, subcommand: str) -> BaseCommand:
        """The command, speaking plainly."""
        command = super().fetch_command(subcommand)
        command.stderr = PlainErrors(sys.stderr)
        command.stderr.style_func = command.style.ERROR
        make = command.create_parser

        def create_parser(prog_name: str, subcommand: str, **kwargs) -> ArgumentParser:
            parser = make(prog_name, subcommand, **kwargs)
            parser.error = MethodType(_refuse, parser)  # type: ignore[method-assign]
            return parser

        command.create_parser = create_parser  # type: ignore[method-assign,assignment]
        return command


def _refuse(parser: ArgumentParser, message: str) -> None:
    for english, chinese in ARGPARSE.items():
        message = message.replace(english, chinese)
    sys.exit(f"命令写法不对：{message}。用 {parser.prog} --help 查看写法。")


def main() -> None:
    """Run one management command; `zhucun help` lists them. A bad environment is one sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhucun.settings")
    try:
        import zhucun.settings  # noqa: F401, PLC0415  read here, where its refusal can be said plainly
    except BadEnvironment as mistake:
        sys.exit(str(mistake))
    try:
        CommandLine(sys.argv).execute()
    except DatabaseError as problem:
        if "--traceback" in sys.argv:
            raise
        sys.exit(_of_database(str(problem)))
    except KeyboardInterrupt:
        sys.stderr.write("已停止，没有做完。\n")
        sys.exit(STOPPED)


def _of_database(problem: str) -> str:
    first = problem.strip().splitlines()[0] if problem.strip() else "原因不明"
    if "no such table" in first or 'relation "' in first:
        return "数据库还没有建好或版本较旧，请先运行 zhucun migrate。"
    return (
        f"数据库出了差错（{first}），没有办成。请检查 ZHUCUN_DATABASE_URL 和数据库是否在运行；加 --traceback 看详情。"
    )


if __name__ == "__main__":
    main()
