"""`zhucun import_ledger FILE.xlsx`: a county's ledger workbook in, all of it or nothing."""

import gc
import json
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from zhucun.base.access.actions import caretaker
from zhucun.base.timeline import clock
from zhucun.overview.exchange import actions
from zhucun.overview.exchange.reading.gate import SERVER, Fault

SHOWN = 200  # problems printed one by one; --json prints them all


class Command(BaseCommand):
    """Exit code 0: imported, or nothing to do. 1: refused, nothing written."""

    help = "导入年度台账工作簿。全部成功或全部不导入；有问题时逐条列出，退出码为 1。"

    def add_arguments(self, parser):
        """The file and how to answer."""
        parser.add_argument("file", metavar="FILE.xlsx", help="台账工作簿")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--json", action="store_true", help="把结果以 JSON 输出到标准输出")

    def handle(self, *args, file, **options):
        """Read, compare, write, and say what happened."""
        gc.set_threshold(100_000, 50, 50)  # many rows live until the end: looking for garbage among them costs a fifth
        try:
            with opened(Path(file)) as source:
                self.prepare()
                outcome = actions.import_ledger(
                    file=source, name=Path(file).name, by=caretaker(), at=clock.now(), limits=SERVER,
                    dry_run=options["dry_run"], progress=self.progress,
                )  # fmt: skip
        except (Fault, ValidationError, PermissionDenied) as refusal:
            sentence = "".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
            if options["json"]:
                problem = {"sheet": "", "row": 0, "column": "", "value": Path(file).name, "sentence": sentence}
                self.stdout.write(
                    json.dumps(
                        {"status": "refused", "sheets": {}, "problems": [problem], "warnings": []}, ensure_ascii=False
                    )
                )
            raise CommandError(sentence) from None
        self.answer(outcome, as_json=options["json"])

    def prepare(self) -> None:
        """Give an empty database its tables, so that a first import needs no other command; one with tables is left alone."""
        if not connection.introspection.table_names():
            self.progress("数据库是空的，正在建表", 0)
            call_command("migrate", verbosity=0, interactive=False)

    def progress(self, text: str, n: int) -> None:
        """Say on stderr how far it is."""
        self.stderr.write(f"{text}，已读 {n} 行…" if n else f"{text}…", self.style.NOTICE)

    def answer(self, outcome, *, as_json: bool) -> None:
        """Print the outcome; CommandError (exit code 1) when the workbook was refused."""
        if as_json:
            self.stdout.write(json.dumps(outcome.as_dict(), ensure_ascii=False))
        for problem in outcome.warnings[:SHOWN]:
            self.stderr.write(f"提醒：{problem}", self.style.WARNING)
        if outcome.status == "refused":
            for problem in outcome.problems[:SHOWN]:
                value = f"（填的是“{problem.value}”）" if problem.value else ""
                self.stderr.write(f"{problem}{value}")
            rest = len(outcome.problems) - SHOWN
            more = f"（还有 {rest} 处没有列出，用 --json 看全部）" if rest > 0 else ""
            raise CommandError(f"有 {len(outcome.problems)} 处问题，什么都没有导入{more}。请改好后再导入。")
        if not as_json:
            self.stdout.write("\n".join(summary(outcome)))


def summary(outcome) -> list[str]:
    """The outcome in a few lines."""
    if outcome.status == "unchanged":
        return ["没有变化：工作簿和系统里的一致，什么都没有写入。"]
    first = "检查通过，没有写入（--dry-run）：" if outcome.status == "dry-run" else "已导入："
    lines = [
        f"  {name}：新增 {n['added']}，修改 {n['changed']}，不变 {n['unchanged']}" for name, n in outcome.sheets.items()
    ]
    return [first, *lines]


def opened(path: Path):
    """The file, open for reading; CommandError with a sentence when it is not there or cannot be read."""
    if path.is_dir():
        raise CommandError(f"{path} 是一个文件夹，请写明文件夹里的工作簿文件。")
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise CommandError(f"没有找到文件 {path}，请核对路径。") from None
    except OSError as problem:
        raise CommandError(f"文件 {path} 打不开（{problem.strerror}），请检查权限。") from None
