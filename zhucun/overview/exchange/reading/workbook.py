"""Starts the reading process and hands on what it finds, while it finds it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from .gate import Fault, Limits

MODULE = f"{__package__}.child"
PLACE = Path(__file__).resolve().parents[4]  # where the package zhucun lies
TOO_MUCH = "工作簿太大或太复杂，系统读不完。请删去多余的行列、格式和图片，或按工作表分几次导入。"
STOPPED = "读取工作簿的程序意外中止，什么都没有导入。请再试一次；如果还是这样，请把文件另存为新的 .xlsx。"


def read(file: IO[bytes], limits: Limits) -> Iterator[list[Any]]:
    """The events of `child`, for a real file open for reading; raises Fault with a sentence for every unreadable file."""
    os.lseek(file.fileno(), 0, os.SEEK_SET)  # the child inherits the place the file stands at
    environ = {"PYTHONPATH": str(PLACE), "LANG": "C.UTF-8", "PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"}
    with subprocess.Popen(  # noqa: S603  our own module, no text of the user's
        [sys.executable, "-m", MODULE, json.dumps(asdict(limits))],
        stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environ, text=True, encoding="utf-8",
    ) as child:  # fmt: skip
        clock = threading.Timer(limits.seconds * 4, child.kill)  # waiting costs no processor time
        clock.start()
        try:
            yield from _events(child)
        finally:
            clock.cancel()
            child.kill()


def _events(child: subprocess.Popen) -> Iterator[list[Any]]:
    assert child.stdout is not None
    for line in child.stdout:
        event = json.loads(line) if line.endswith("\n") else ["cut"]
        if event[0] == "done":
            return
        if event[0] == "fault":
            raise Fault(event[1])
        if event[0] != "cut":
            yield event
    code = child.wait()
    raise Fault(
        TOO_MUCH if code in {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT, 1} else STOPPED
    )


def spooled(content: bytes) -> IO[bytes]:
    """A real file without a name, so that nothing in clear lies about when the process ends."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    file.write(content)
    file.seek(0)
    return file
