"""`zhucun verify_journal`: proof that the journal was not altered."""

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from zhucun.base.journal.progress import Progress
from zhucun.base.journal.verify import verify


class Command(BaseCommand):
    """Walk the chain and say whether it is whole."""

    help = "核对留痕日志是否被改动；被改动时退出码为 1 并指出第一条有问题的记录。"
    requires_system_checks: list[str] = []

    def handle(self, *args, **options):
        """One sentence on stdout when it is whole, one on stderr and exit 1 when it is not."""
        progress = Progress(self.stderr.write)
        try:
            verdict = verify(lambda n: progress(f"已核对 {n} 条"))
        except DatabaseError as problem:
            raise CommandError(f"没能核对：数据库读不出来（{str(problem).strip().splitlines()[0]}）。") from None
        if not verdict.whole:
            raise CommandError(verdict.problem)
        proven = verdict.entries - verdict.unproven
        self.stdout.write(f"日志完整：{proven} 条记录逐条核对无误，与 {verdict.anchors} 个库外锚点一致。")
        if verdict.unproven:
            self.stdout.write(f"更换密钥以前的 {verdict.unproven} 条无法核对。")
