"""`zhucun serve`: the web server, on this machine's port 8000 unless told otherwise."""

import sys

from django.core.management.base import BaseCommand, CommandError

from zhucun.base.web.durability import weaknesses
from zhucun.base.web.server import CannotServe, default_workers, serve


class Command(BaseCommand):
    """Serve the site until Ctrl-C."""

    help = "启动网站服务（默认 127.0.0.1:8000，按 Ctrl-C 停止）。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        """Address, port and workers."""
        parser.add_argument("--address", default="127.0.0.1", help="监听地址，默认只供本机访问")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=default_workers(), help="进程数，默认 2")

    def handle(self, *args, address, port, workers, **options):
        """Warn of what weakens the database, then serve."""
        host = f"[{address}]" if ":" in address else address

        def started():
            self.stdout.write(f"驻村管理已启动：http://{host}:{port}/ （按 Ctrl-C 停止）")
            self.stdout.flush()

        try:
            for weakness in weaknesses():
                sys.stderr.write(f"注意：{weakness}\n")
            serve(address=address, port=port, workers=workers, started=started)
        except CannotServe as problem:
            raise CommandError(str(problem)) from None
