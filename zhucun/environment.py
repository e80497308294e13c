"""What the environment says: each ZHUCUN_ variable read, checked and turned into what settings.py needs."""

import ipaddress
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

YES = {"1", "true", "yes", "on", "是"}
NO = {"", "0", "false", "no", "off", "否"}

# The WAL-reset bug corrupts the file of an affected SQLite when two connections checkpoint at once.
WAL_BUG = ((3, 7, 0), (3, 51, 2))


class BadEnvironment(ImproperlyConfigured):
    """A variable that cannot be used; the message is one Chinese sentence saying how to mend it."""


def flag(name: str, default: bool = False) -> bool:
    """Read a yes/no variable."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in YES | NO:
        return value.strip().lower() in YES
    raise BadEnvironment(f"环境变量 {name} 的值“{value}”看不懂，请改为 1（是）或 0（否）。")


def names(name: str, default: str = "") -> list[str]:
    """Read a comma-separated variable."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def hosts(name: str = "ZHUCUN_ALLOWED_HOSTS") -> list[str]:
    """The host names this site answers to; a pasted address is refused because it would match nothing."""
    found = names(name, "127.0.0.1,localhost,[::1]")
    for host in found:
        if "/" in host or " " in host:
            raise BadEnvironment(
                f"环境变量 {name} 中的“{host}”不是主机名，请只写域名或 IP（不带 http:// 和路径），多个用英文逗号隔开。"
            )
    if not found:
        raise BadEnvironment(f"环境变量 {name} 是空的，请写上本站的域名或 IP，或者删掉这个变量。")
    return found


def networks(name: str = "ZHUCUN_PROXIES") -> list[str]:
    """The addresses of the proxies whose forwarded headers are believed."""
    found = names(name)
    for text in found:
        try:
            ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise BadEnvironment(
                f"环境变量 {name} 中的“{text}”不是 IP 地址或网段，请写成 10.0.0.5 或 10.0.0.0/24。"
            ) from None
    return found


def data_dir(default: Path) -> Path:
    """The folder of everything that is kept, made if it is missing."""
    folder = Path(os.environ.get("ZHUCUN_DATA_DIR") or default).expanduser().absolute()
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as problem:
        raise BadEnvironment(
            f"数据目录 {folder} 建不起来（{problem.strerror}），请用 ZHUCUN_DATA_DIR 指定一个可以写入的目录。"
        ) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadEnvironment(f"数据目录 {folder} 不能写入，请修改该目录的权限，或用 ZHUCUN_DATA_DIR 指定另一个目录。")
    return folder


def secret_key(folder: Path) -> str:
    """ZHUCUN_SECRET_KEY, or the key kept in the data folder, made on first use and readable by the owner only."""
    given = os.environ.get("ZHUCUN_SECRET_KEY")
    if given is not None:
        if len(given) < 32:
            raise BadEnvironment("环境变量 ZHUCUN_SECRET_KEY 太短，请至少用 32 个字符，或者删掉它由系统自动生成。")
        return given
    path = folder / "secret.key"
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(50))
    try:
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise BadEnvironment(f"密钥文件 {path} 读不出来，请检查它的权限，或从备份中恢复。") from None
    if len(key) < 32:
        raise BadEnvironment(f"密钥文件 {path} 是空的或不完整，请从备份中恢复；从未启用过的系统可以直接删除它。")
    return key


def _write_once(path: Path, text: str) -> None:
    """Write a new file whole; of two processes at once the first one wins."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)


def database(folder: Path, sqlite_version: tuple[int, ...]) -> dict[str, Any]:
    """Django's settings of the database named by ZHUCUN_DATABASE_URL; SQLite in the data folder by default."""
    url = os.environ.get("ZHUCUN_DATABASE_URL", "").strip()
    if not url:
        return sqlite(folder / "zhucun.sqlite3", sqlite_version)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadEnvironment(f"环境变量 ZHUCUN_DATABASE_URL 写错了，{_EXAMPLES}") from None
    if parts.scheme == "sqlite":
        path = unquote(parts.path)[1:]
        if parts.netloc or not path.strip("/") or not path.startswith("/"):
            raise BadEnvironment(f"环境变量 ZHUCUN_DATABASE_URL 没有写明 SQLite 文件，{_EXAMPLES}")
        return sqlite(Path(path), sqlite_version)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadEnvironment(
            f"环境变量 ZHUCUN_DATABASE_URL 的数据库类型“{parts.scheme or url[:12]}”不支持，{_EXAMPLES}"
        )
    if not parts.path.strip("/"):
        raise BadEnvironment(f"环境变量 ZHUCUN_DATABASE_URL 没有写明数据库名，{_EXAMPLES}")
    query = dict(parse_qsl(parts.query))
    return postgresql(
        name=unquote(parts.path.strip("/")),
        user=query.pop("user", unquote(parts.username or "")),
        password=query.pop("password", unquote(parts.password or "")),
        host=query.pop("host", unquote(parts.hostname or "")),
        port=query.pop("port", str(port or "")),
        options=query,
    )


_EXAMPLES = (
    "请写成 postgres://用户:密码@主机:5432/库名、postgres:///库名?host=/var/run/postgresql "
    "或 sqlite:////绝对路径/文件.sqlite3；密码中的特殊字符要转成 %xx。"
)


def has_wal_bug(version: tuple[int, ...]) -> bool:
    """Whether this SQLite may corrupt a file in WAL mode (3.7.0 to 3.51.2, both inclusive)."""
    return WAL_BUG[0] <= version <= WAL_BUG[1]


def sqlite(path: Path, version: tuple[int, ...]) -> dict[str, Any]:
    """SQLite that loses nothing acknowledged at a power cut and never refuses a writer at once."""
    journal = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    if has_wal_bug(version):
        journal = "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=EXTRA;"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"{journal} PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000; "
            "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-20000; PRAGMA trusted_schema=OFF;",
        },
    }


def postgresql(*, name: str, user: str, password: str, host: str, port: str, options: dict[str, str]) -> dict[str, Any]:
    """PostgreSQL through a pool per process, with limits so that no statement or lock holds others up for long."""
    limits = {"statement_timeout": "5s", "lock_timeout": "3s", "idle_in_transaction_session_timeout": "10s"}
    flags = " ".join(f"-c {key}={value}" for key, value in limits.items())
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": user,
        "PASSWORD": password,
        "HOST": host,
        "PORT": port,
        "CONN_MAX_AGE": 0,  # the pool keeps the connections
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **options,
            "options": f"{flags} {options.get('options', '')}".strip(),
            "pool": {"min_size": 1, "max_size": 8, "timeout": 10},
        },
    }
