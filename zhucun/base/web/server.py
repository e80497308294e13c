"""Starting the web server: what must hold first, and granian with the measured number of threads."""

import fcntl
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

BLOCKING_THREADS = 4  # per worker; one thread serves less than half as much


class CannotServe(Exception):
    """Why the site cannot be served; the message is a Chinese sentence saying how to mend it."""


def serve(*, address: str, port: int, workers: int, started: Callable[[], None]) -> None:
    """Serve until stopped. Raises CannotServe before anything is opened when something stands against it."""
    refuse_unmigrated()
    refuse_taken(address, port)
    lock = hold_lock()
    collect_static()
    _close_connections()  # a forked worker must not share one with its parent
    from granian import Granian  # noqa: PLC0415  heavy, and only this command needs it
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    server = Granian(
        "zhucun.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=BLOCKING_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=15,
        log_level=LogLevels.warning,
        log_dictconfig=_log_config(),
    )
    # Granian's own hook fires before its workers listen.
    server.on_startup(Thread(target=_when_listening, args=(address, port, started), daemon=True).start)
    try:
        server.serve()
    finally:
        lock.close()


def _when_listening(address: str, port: int, started: Callable[[], None]) -> None:
    """Call `started` once a connection is taken; give up after a minute, by when the log has said why not."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104  compared, not bound
    for _ in range(600):
        time.sleep(0.1)
        try:
            socket.create_connection((here, port), timeout=5).close()
        except OSError:
            continue
        started()
        return


def refuse_unmigrated() -> None:
    """Raises CannotServe when the database is unreachable or its tables are older than the program."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as problem:
        raise CannotServe(
            f"数据库连不上：{str(problem).strip().splitlines()[0]}。请检查 ZHUCUN_DATABASE_URL。"
        ) from None
    if waiting:
        raise CannotServe(
            f"数据库还有 {len(waiting)} 步没有升级，请先运行 zhucun migrate（升级前用 zhucun backup 备份）。"
        )


def refuse_taken(address: str, port: int) -> None:
    """Raises CannotServe when something else listens there or the address is not this machine's."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except (OSError, OverflowError) as problem:
            reason = getattr(problem, "strerror", None) or problem
            raise CannotServe(f"{address}:{port} 用不了（{reason}），请用 --port 换一个端口。") from None


def hold_lock() -> Any:
    """One server per data folder; the lock goes when the process goes. Raises CannotServe when another holds it."""
    file = Path(settings.DATA_DIR, "serve.lock").open("a")  # noqa: SIM115  held as long as the server runs
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise CannotServe(
            f"数据目录 {settings.DATA_DIR} 已经有一个正在运行的服务，请先停掉它，或用 ZHUCUN_DATA_DIR 换一个目录。"
        ) from None
    return file


def collect_static() -> None:
    """Copy, compress and name the static files, unless nothing changed since the last time."""
    if settings.DEBUG:
        return
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    newest = _static_state()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == newest:
        return
    call_command("collectstatic", interactive=False, clear=root.exists(), verbosity=0)
    stamp.write_text(newest, encoding="utf-8")


def _static_state() -> str:
    """Number, size and last change of all static files, and how many icons were copied."""
    count = size = changed = 0
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            count, size, changed = count + 1, size + status.st_size, max(changed, status.st_mtime_ns)
    return f"{count} {size} {changed}"


def _close_connections() -> None:
    for alias in connections:
        connections[alias].close()
        close_pool = getattr(connections[alias], "close_pool", None)
        if close_pool:
            close_pool()


def _log_config() -> dict[str, Any]:
    """Granian's own lines go through the masking formatter too."""
    config: dict[str, Any] = settings.LOGGING
    return {**config, "loggers": {**config["loggers"], "_granian": {"handlers": [], "propagate": True}}}


def default_workers() -> int:
    """Two workers, or one on a single core."""
    return min(2, os.cpu_count() or 1)
