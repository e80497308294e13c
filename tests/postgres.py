"""A throw-away PostgreSQL cluster under /tmp, for tests and benches: `with postgres.cluster() as url:`.

`python -m tests.postgres -- COMMAND` runs a command with its address in ZHUCUN_TEST_DATABASE_URL.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "zhucun-pg-"


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl of the newest server installed, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Start a server that only this machine's sockets reach, yield its URL, stop and remove it.

    `durable` keeps fsync on, for the tests that kill it.
    """
    bin_dir = binaries()
    if bin_dir is None:
        raise FileNotFoundError("no PostgreSQL server found (Debian: apt install postgresql)")
    owner = _owner()
    _sweep(bin_dir, owner)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))  # sockets need a short path
    (folder / "pid").write_text(str(os.getpid()))
    if owner:
        shutil.chown(folder, owner.pw_uid, owner.pw_gid)
    data = folder / "data"
    quick = "" if durable else "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c max_connections=60 {quick}"
    try:
        _run(
            owner,
            [
                f"{bin_dir}/initdb",
                "-D",
                data,
                "-U",
                "zhucun",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
        )
        _run(owner, [f"{bin_dir}/pg_ctl", "-D", data, "-w", "-t", "60", "-l", folder / "log", "-o", options, "start"])
        folder.chmod(0o755)
        try:
            yield f"postgres://zhucun@/postgres?host={folder}"
        finally:
            _run(owner, [f"{bin_dir}/pg_ctl", "-D", data, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(bin_dir: Path, owner: pwd.struct_passwd | None) -> None:
    """Stop and remove what a killed run left behind."""
    for folder in Path("/tmp").glob(f"{PREFIX}*"):
        try:
            os.kill(int((folder / "pid").read_text()), 0)
        except ProcessLookupError:
            with suppress(RuntimeError):
                _run(owner, [f"{bin_dir}/pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"])
            shutil.rmtree(folder, ignore_errors=True)
        except (OSError, ValueError):
            continue  # of another user, or just being made


def _owner() -> pwd.struct_passwd | None:
    """Whom to run the server as: it refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise FileNotFoundError("root cannot run PostgreSQL and there is no user postgres or nobody")


def _run(owner: pwd.struct_passwd | None, command: list) -> None:
    who = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    # A file, not a pipe: the server inherits it and would keep a pipe open.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run([str(part) for part in command], stdout=said, stderr=said, cwd="/tmp", check=False, **who)
        if done.returncode:
            said.seek(0)
            raise RuntimeError(f"{command[0]} failed: {said.read().decode(errors='replace')[-2000:]}")


def main() -> int:
    """Run the command given after `--`."""
    command = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else []
    if not command:
        sys.stderr.write("usage: python -m tests.postgres -- COMMAND …\n")
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped then, too
    with cluster() as url:
        return subprocess.run(command, env={**os.environ, "ZHUCUN_TEST_DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
