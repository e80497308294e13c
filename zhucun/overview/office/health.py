"""运行状况: what an administrator should know of the installation, each with a plain sentence and a tone."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from zhucun.base.access.locks import locked_usernames
from zhucun.base.journal import anchor, guard
from zhucun.base.journal.keys import fingerprint
from zhucun.base.journal.models import Head
from zhucun.base.journal.vault import last_backup
from zhucun.base.timeline import workdays
from zhucun.base.timeline.models import FixedClock
from zhucun.base.web.durability import weaknesses

BACKUP_DAYS = 7
LITTLE, VERY_LITTLE = 5 * 2**30, 2**30  # bytes left on the disk


@dataclass(frozen=True)
class Finding:
    """One thing looked at: its name, how it is, a sentence on what it means, and green, yellow, red or gray."""

    name: str
    value: str
    sentence: str
    tone: str = "green"


def findings(now: datetime) -> list[Finding]:
    """Everything the page shows, what is worst first."""
    found = [*_program(), *_database(), *_disk(), *_kept(now), *_journal(now), *_clock(now), *_people()]
    return sorted(found, key=lambda one: ("red", "yellow", "green", "gray").index(one.tone))


def _program() -> Iterator[Finding]:
    yield Finding("系统版本", settings.VERSION, "正在运行的版本。", "gray")
    waiting = pending()
    if waiting:
        yield Finding(
            "数据库结构",
            f"有 {waiting} 项没有更新",
            "程序已经升级而数据库还没有，请在服务器上执行 zhucun migrate。",
            "red",
        )
    else:
        yield Finding("数据库结构", "最新", "数据库结构与程序一致。")
    yield Finding(
        "密钥指纹", fingerprint(), "恢复备份时要用同一把密钥；请把 secret.key 另外妥善保管，它不在备份里。", "gray"
    )
    if settings.DEBUG:
        yield Finding("调试模式", "打开", "出错时会显示内部信息，请去掉环境变量 ZHUCUN_DEBUG 后重新启动。", "red")
    if not settings.HTTPS:
        yield Finding(
            "加密传输", "没有启用", "密码在网络上是明文。正式使用请配置 HTTPS 并设置 ZHUCUN_HTTPS=1。", "yellow"
        )


def pending() -> int:
    """How many migrations wait."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            version = cursor.execute("SELECT sqlite_version()").fetchone()[0]
            mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
            size = cursor.execute(
                "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            ).fetchone()[0]
            level = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}[cursor.execute("PRAGMA synchronous").fetchone()[0]]
            how = f"journal_mode={mode}，synchronous={level}"
        else:
            cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
            version, size = cursor.fetchone()
            cursor.execute("SELECT current_setting('synchronous_commit'), current_setting('fsync')")
            how = "synchronous_commit={}，fsync={}".format(*cursor.fetchone())
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    yield Finding("数据库", f"{name} {version}", f"{how}；大小 {_size(size)}。", "gray")
    weak = weaknesses()
    yield from (Finding("写入安全", "有隐患", sentence, "red") for sentence in weak)
    if not weak:
        yield Finding("写入安全", "可靠", "显示“已保存”的内容，断电也不会丢。")


def _disk() -> Iterator[Finding]:
    usage = shutil.disk_usage(settings.DATA_DIR)
    left = f"剩余 {_size(usage.free)}（共 {_size(usage.total)}）"
    if usage.free < VERY_LITTLE:
        yield Finding("磁盘空间", left, "马上就要写满，写满后不能再保存。请立即清理或扩容。", "red")
    elif usage.free < LITTLE:
        yield Finding("磁盘空间", left, "空间不多了，请安排清理或扩容。", "yellow")
    else:
        yield Finding("磁盘空间", left, f"数据目录 {settings.DATA_DIR} 所在的磁盘空间充足。")


def _kept(now: datetime) -> Iterator[Finding]:
    last = last_backup()
    try:
        when = timezone.localtime(datetime.fromisoformat(last["at"])) if last else None
    except (KeyError, ValueError, TypeError):
        when = None
    if last is None or when is None:
        yield Finding(
            "最近备份",
            "没有备份过",
            "请在服务器上执行 zhucun backup 文件名，并把文件放到另一台机器；建议每天自动做。",
            "red",
        )
        return
    days = (now - when).days
    value = f"{when:%Y-%m-%d %H:%M}，{_size(int(last.get('size') or 0))}"
    if days >= BACKUP_DAYS:
        yield Finding("最近备份", value, f"已经 {days} 天没有备份，请执行 zhucun backup，并检查定时任务。", "yellow")
    else:
        yield Finding("最近备份", value, f"文件 {Path(str(last.get('file', ''))).name}，请确认已复制到另一台机器。")


def _journal(now: datetime) -> Iterator[Finding]:
    head = Head.objects.first()
    if head is None:
        yield Finding("留痕日志", "还没有记录", "第一次办理业务时自动开始。", "gray")
        return
    if head.key != fingerprint():
        yield Finding("留痕日志", "密钥不符", "现在的密钥与写日志时的不同，请把原来的 secret.key 放回数据目录。", "red")
    else:
        yield Finding("留痕日志", f"{head.count} 条", "由审计管理员查看和核对。", "gray")
    if not guard.stands(connection):
        sentence = "数据库里防止改动留痕的触发器被去掉了。请查明是谁做的，核对留痕，再执行 zhucun restore 到新的地方。"
        yield Finding("留痕的防改触发器", "不在", sentence, "red")
    yield _anchor(anchor.read(head.journal), now)


def _anchor(lines: list[dict], now: datetime) -> Finding:
    if not lines or lines[-1]["count"] < 0:
        return Finding(
            "库外锚点", "没有或读不出来", "请检查数据目录的 anchors 文件夹能否写入，或用备份的锚点文件恢复。", "red"
        )
    when = timezone.localtime(datetime.fromisoformat(lines[-1]["at"]))
    value = f"{when:%Y-%m-%d %H:%M}，第 {lines[-1]['count']} 条"
    return Finding("库外锚点", value, "有新记录时每小时自动写一次，请定期把 anchors 文件夹复制到另一台机器。", "gray")


def _clock(now: datetime) -> Iterator[Finding]:
    value = f"{now:%Y-%m-%d %H:%M}"
    if FixedClock.objects.exists():
        yield Finding("系统时间", value, "这是演示系统，日期是固定的。", "yellow")
    else:
        yield Finding("系统时间", value, "请与标准时间对照；差几分钟以上请校准服务器时钟。", "gray")
    until = workdays.known_until(now.year)
    if until is None:
        yield Finding(
            "工作日历", f"{now.year} 年是暂定的", "今年的放假安排不完整，请县驻村办在“日历”里设定，或升级系统。", "red"
        )
    elif until == now.year and now.month >= 12:
        yield Finding("工作日历", f"公布到 {until} 年", "明年的放假安排还没有收录，公布后请设定或升级系统。", "yellow")
    else:
        yield Finding("工作日历", f"公布到 {until} 年", "放假和调休安排完整。")


def _people() -> Iterator[Finding]:
    locked = len(locked_usernames())
    if locked:
        yield Finding(
            "锁定的账号",
            f"{locked} 个",
            "密码连续输错，30 分钟后自动解锁；本人急用时在“账号”里解锁，不是本人请查留痕。",
            "yellow",
        )
    else:
        yield Finding("锁定的账号", "没有", "没有人因为输错密码被锁定。")


def alive() -> bool:
    """Whether the database answers and its structure fits the program, for monitoring."""
    try:
        return pending() == 0
    except DatabaseError:
        return False


def _size(count: int) -> str:
    size = float(count)
    for unit in ("字节", "KB", "MB", "GB"):
        if size < 1024 or unit == "GB":
            return f"{size:.0f} {unit}" if unit == "字节" else f"{size:.1f} {unit}"
        size /= 1024
    return ""
