"""Whether the database keeps what it has acknowledged, asked of the database itself; shown at start and on 运行状况."""

from django.db import DatabaseError, connection

from zhucun.environment import has_wal_bug

# PostgreSQL settings without which a power cut loses acknowledged writes or corrupts pages.
_MUST_BE_ON = {"fsync": "on", "full_page_writes": "on"}
_SAFE_COMMIT = {"on", "remote_write", "remote_apply", "local"}


def weaknesses() -> list[str]:
    """One Chinese sentence for each setting that weakens durability; an empty list means none was found."""
    try:
        return _sqlite() if connection.vendor == "sqlite" else _postgresql()
    except DatabaseError:
        return ["数据库连不上，没能检查它的持久性设置，请先检查 ZHUCUN_DATABASE_URL。"]


def _sqlite() -> list[str]:
    import sqlite3  # noqa: PLC0415  after zhucun/__init__.py has put the newer one in its place

    found = []
    if has_wal_bug(sqlite3.sqlite_version_info):
        found.append(
            f"本机 SQLite {sqlite3.sqlite_version} 的 WAL 模式有已知缺陷，已改用较慢但安全的 TRUNCATE 模式；"
            "安装 pysqlite3 后可恢复。"
        )
    with connection.cursor() as cursor:
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
        check = cursor.execute("PRAGMA foreign_keys").fetchone()[0]
    if synchronous < 2:
        found.append("SQLite 的 synchronous 低于 FULL，断电可能丢失刚保存的内容，请恢复系统自带的设置。")
    if not check:
        found.append("SQLite 的外键检查没有打开，请恢复系统自带的设置。")
    return found


def _postgresql() -> list[str]:
    names = [*_MUST_BE_ON, "synchronous_commit"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [names])
        setting = dict(cursor.fetchall())
    found = [
        f"PostgreSQL 的 {name} 是 {setting.get(name)}，断电可能损坏数据，请在 postgresql.conf 中改为 {wanted}。"
        for name, wanted in _MUST_BE_ON.items()
        if setting.get(name) != wanted
    ]
    if setting.get("synchronous_commit") not in _SAFE_COMMIT:
        found.append(
            f"PostgreSQL 的 synchronous_commit 是 {setting.get('synchronous_commit')}，"
            "断电可能丢失刚保存的内容，请改为 on。"
        )
    return found
