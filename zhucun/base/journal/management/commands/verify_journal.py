"""`zhucun verify_journal`: proof that the journal was not altered."""

from django.core.management.base import BaseCommand, CommandError

from zhucun.base.journal.verify import verify


class Command(BaseCommand):
    help = "核对留痕日志是否被改动；被改动时退出码为 1 并指出第一条有问题的记录。"

    def handle(self, *args, **options):
        verdict = verify(lambda n: self.stderr.write(f"已核对 {n} 条…"))
        if not verdict.whole:
            raise CommandError(verdict.problem)
        self.stdout.write(f"日志完整：{verdict.entries} 条记录逐条核对无误，与 {verdict.anchors} 个库外锚点一致。")
