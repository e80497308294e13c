"""`zhucun restore FILE`: bring a backup back into an empty place."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.module_loading import import_string

from zhucun.base.journal.progress import Progress
from zhucun.base.journal.vault_file import VaultError
from zhucun.base.journal.vault_restore import restore


class Command(BaseCommand):
    """Restore a backup."""

    help = "把备份恢复到空的数据库和数据目录（先把备份时的 secret.key 放进数据目录）；全部恢复，或者什么都不动。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        """The file, and whether to go on without the key."""
        parser.add_argument("file", metavar="FILE", type=Path, help="zhucun backup 生成的文件")
        parser.add_argument(
            "--without-key", action="store_true", help="原来的密钥找不回来时用：加密内容打不开，以前的留痕无法核对"
        )

    def handle(self, *args, file: Path, without_key: bool, **options):
        """Bring it back, and say what came and what could not be proved."""
        by, progress = import_string(settings.ZHUCUN_CARETAKER), Progress(self.stderr.write)
        try:
            back = restore(path=file, by=by, at=timezone.localtime(), without_key=without_key, progress=progress)
        except VaultError as problem:
            raise CommandError(str(problem)) from None
        for remark in back.remarks:
            self.stderr.write(f"注意：{remark}")
        self.stdout.write(
            f"已从 {file} 恢复：{back.rows} 行数据、{back.documents} 份佐证材料，核对留痕 {back.entries} 条。"
            "\n所有人需要重新登录。"
        )
