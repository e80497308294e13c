"""`zhucun backup FILE`: the whole installation in one file, taken while the server runs."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.module_loading import import_string

from zhucun.base.journal.progress import Progress
from zhucun.base.journal.vault import backup
from zhucun.base.journal.vault_file import VaultError


class Command(BaseCommand):
    """Take a backup."""

    help = "把整个系统（数据库、佐证材料、留痕锚点）备份成一个文件；服务运行时也可以备份。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        """The file."""
        parser.add_argument("file", metavar="FILE", type=Path, help="要写的备份文件，不能已经存在")

    def handle(self, *args, file: Path, **options):
        """Write it, and say what it holds and what it does not."""
        progress = Progress(self.stderr.write)
        try:
            kept = backup(
                path=file, by=import_string(settings.ZHUCUN_CARETAKER), at=timezone.localtime(), progress=progress
            )
        except VaultError as problem:
            raise CommandError(str(problem)) from None
        for remark in kept.remarks:
            self.stderr.write(f"注意：{remark}")
        self.stdout.write(
            f"已备份到 {file}：{kept.rows} 行数据、{kept.documents} 份佐证材料、{kept.entries} 条留痕，"
            f"{kept.size / 1048576:.1f} MB。\nSHA-256 {kept.sha256}\n"
            f"密钥不在备份里：请把 {Path(settings.DATA_DIR, 'secret.key')}（或 ZHUCUN_SECRET_KEY）另外抄存在安全的地方，"
            "没有它就打不开身份证号码等加密内容。"
        )
