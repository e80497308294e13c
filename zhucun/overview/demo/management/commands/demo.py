"""`zhucun demo`: the demonstration county, built when the database is empty, and served."""

import os
import sys
import time
import unicodedata

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from zhucun.base.access.actions import caretaker
from zhucun.base.access.models import ShownAccount
from zhucun.base.web.server import CannotServe, default_workers, hold_lock, serve
from zhucun.overview.demo import actions
from zhucun.overview.demo.builder.found import Found, found
from zhucun.overview.demo.builder.papers import SAMPLES, folder
from zhucun.overview.demo.builder.plan import MOMENT


class Command(BaseCommand):
    """Build the county once, print its accounts, serve it."""

    help = "建立演示县（真实的祁东县区划、虚构的人员，日期停在 2022-12-07），并在 127.0.0.1:8000 打开。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        """Whether to serve, whether to start afresh, and where."""
        parser.add_argument("--no-serve", action="store_true", help="只建数据，不启动网站")
        parser.add_argument("--reset", action="store_true", help="清空已有的演示数据后重建；不是演示数据的不会动")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args, no_serve, reset, port, **options):
        """Migrate, build or reuse, show the accounts, serve until Ctrl-C."""
        try:
            if self._prepare(reset) and not no_serve:
                _serve_afresh(port)
            self.stdout.write(accounts())
            self.stdout.write(samples())
            if not no_serve:
                serve(address="127.0.0.1", port=port, workers=default_workers(), started=lambda: self._started(port))
        except CannotServe as problem:
            raise CommandError(str(problem)) from None
        except ValidationError as refusal:
            raise CommandError("；".join(refusal.messages)) from None
        except FileNotFoundError as missing:
            raise CommandError(f"找不到演示县的数据文件 {missing.filename}，请在完整的程序目录里运行。") from None
        except KeyboardInterrupt:
            raise CommandError("已停止。没有建完的演示县不会留下，可以重新运行。") from None
        except DatabaseError as problem:
            raise CommandError(
                f"数据库用不了：{str(problem).strip().splitlines()[0]}。请检查 ZHUCUN_DATABASE_URL 和数据目录。"
            ) from None

    def _prepare(self, reset: bool) -> bool:
        """Have the county there; whether it was built just now."""
        call_command("migrate", verbosity=0, interactive=False)
        state = found()
        if state is Found.OTHER:
            raise CommandError(
                "数据库里是正式数据，不是演示县，演示不会动它。请用 ZHUCUN_DATA_DIR 另指定一个空目录再运行。"
            )
        if state is Found.DEMO and not reset:
            self._say("演示县已经建好，直接使用（要重新来过，加 --reset）。")
            return False
        with hold_lock():
            self._build(wipe=state is Found.DEMO)
        return True

    def _build(self, *, wipe: bool) -> None:
        begun = time.monotonic()
        do = actions.rebuild if wipe else actions.build
        do(by=caretaker(), at=MOMENT, say=self._say)
        self._say(f"演示县建好了，用时 {time.monotonic() - begun:.0f} 秒。")

    def _started(self, port: int) -> None:
        self.stdout.write(f"演示县已启动：http://127.0.0.1:{port}/ （按 Ctrl-C 停止）")
        self.stdout.flush()

    @staticmethod
    def _say(line: str) -> None:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def _serve_afresh(port: int) -> None:
    """Go on as a new process: typst has run in this one, and the workers of a server forked from it would wait for its threads."""
    connections.close_all()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-m", "zhucun", "demo", "--port", str(port)])  # noqa: S606  our own program


def accounts() -> str:
    """The accounts of the demonstration as a table."""
    rows = [("用户名", "密码", "姓名", "可以看什么")]
    for shown in ShownAccount.objects.select_related("user"):
        rows.append((shown.user.username, shown.password, shown.user.name, shown.purpose))
    widths = [max(_width(row[n]) for row in rows) for n in range(3)]
    lines = [
        "  ".join([*(text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=False)), row[3]])
        for row in rows
    ]
    return "\n".join(["演示账号（人员均为虚构，演示日期 2022年12月7日）：", *(f"  {line}" for line in lines), ""])


def samples() -> str:
    """Where the pages of the book lie that a newcomer may upload; empty where there are none."""
    there = [path for path in (folder() / name for name in SAMPLES) if path.exists()]
    if not there:
        return ""
    lines = [
        "试一试识读出勤记录本：用 town 登录，上传下面的样例（同一页，一份扫描、一份拍照；这支队 11 月还没有录入）：",
        *(f"  {path}" for path in there),
        "  11 月有两个乡镇还没有确认完；12 月的记录本月底才交回，所以 12 月的出勤是空的。",
    ]
    return "\n".join([*lines, ""])


def _width(text: str) -> int:
    """Columns a text takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
