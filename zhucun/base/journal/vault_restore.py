"""Bringing a backup back into an empty place: everything or nothing, and only what its hashes vouch for."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from . import anchor, guard, journal, vault_tables
from .keys import fingerprint
from .vault import Progress, Result
from .vault_file import DOCUMENTS, Reader, VaultError, write_whole
from .vault_tables import Table
from .verify import verify


def restore(
    *,
    path: Path,
    by: Callable[[], Any],
    at: datetime,
    without_key: bool = False,
    progress: Progress = lambda text: None,
) -> Result:
    """Bring a backup back into an empty place, all of it or nothing; `by` is asked for the actor once there are accounts.

    Raises VaultError with a sentence: a damaged, foreign or newer file, a place in use, another key.
    """
    file = Reader(path)
    try:
        remarks = _refuse_unfit(file, without_key)
        file.check(progress)
        _refuse_in_use()
        remarks += _bring_back(file, by, at, without_key, progress)
        return _restored(file, remarks)
    except DatabaseError as problem:
        raise VaultError(f"没有恢复：数据库不接受备份的内容（{str(problem).strip().splitlines()[0]}）。") from None
    except OSError as problem:
        raise VaultError(f"没有恢复：数据目录写不进去（{problem.strerror}），请检查权限和剩余空间。") from None
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        if file.signed:
            raise
        raise VaultError(f"{path} 的清单看不懂，没有恢复。请换一份备份。") from None
    finally:
        file.close()


def _refuse_unfit(file: Reader, without_key: bool) -> list[str]:
    """VaultError when this program or this key cannot use the file; remarks for what was let pass."""
    manifest = file.manifest
    known = {tuple(name) for name in MigrationExecutor(connection).loader.disk_migrations}
    if file.newer or not {tuple(one) for one in manifest["migrations"]} <= known:
        raise VaultError(
            f"{file.path} 是用更新的版本（{manifest['version']}）备份的，请先把程序升级到那个版本，再恢复。"
        )
    if manifest["key"] == fingerprint():
        if not file.signed:
            raise VaultError(f"{file.path} 的清单被改动过，没有恢复任何内容。请换一份备份。")
        return []
    if not without_key:
        raise VaultError(
            "没有恢复：这份备份是用另一把密钥写的。请把备份时的 secret.key 放回数据目录"
            f" {settings.DATA_DIR}（或设置原来的 ZHUCUN_SECRET_KEY），再恢复。"
            "密钥确实找不回来时，可以加 --without-key：身份证号码、电话、银行卡号、住址将永远打不开，以前的留痕也无法再核对。"
        )
    return [
        "没有原来的密钥：身份证号码、电话、银行卡号、住址打不开了，以前的留痕无法再核对，备份本身是否被改动过也无法核对。"
    ]


def _refuse_in_use() -> None:
    used = vault_tables.in_use()
    if used:
        raise VaultError(
            f"没有恢复：现在的数据库里已经有数据（{used}）。请恢复到空的地方：用 ZHUCUN_DATA_DIR 指定新的目录"
            "（先把 secret.key 放进去），或用 ZHUCUN_DATABASE_URL 指定空的数据库。"
        )


def _bring_back(file: Reader, by: Callable[[], Any], at: datetime, without_key: bool, progress: Progress) -> list[str]:
    """Load everything; what was begun is undone when any of it fails."""
    _bring_to(file.manifest["migrations"], progress)
    placed: list[Path] = []
    loaded = False
    try:
        placed += _place_documents(file, progress)
        with transaction.atomic():
            _without_limits()
            _load_tables(file, progress)
            guard.install(connection)
        loaded = True
        call_command("migrate", verbosity=0, interactive=False)
        with transaction.atomic():
            vault_tables.reset_sequences()
            return _go_on(file, by, at, changed_key=without_key and file.manifest["key"] != fingerprint())
    except BaseException:
        for document in placed:
            document.unlink(missing_ok=True)
        if loaded:
            _undo()
        raise


def _bring_to(migrations: list[list[str]], progress: Progress) -> None:
    """Make the tables as they were when the backup was taken, from nothing or from another version's empty ones."""
    wanted = {tuple(one) for one in migrations}
    executor = MigrationExecutor(connection)
    if set(executor.loader.applied_migrations) == wanted:
        return
    if not executor.loader.applied_migrations and wanted == set(executor.loader.graph.nodes):
        progress("正在建立数据表")
        call_command("migrate", verbosity=0, interactive=False)
        return
    for app, name in sorted(wanted):
        children = {child for child in executor.loader.graph.node_map[app, name].children if child.key[0] == app}
        if not {child.key for child in children} & wanted:
            progress(f"正在建立数据表 {app}")
            MigrationExecutor(connection).migrate([(app, name)])


def _without_limits() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")


def _load_tables(file: Reader, progress: Progress) -> None:
    _refuse_in_use()  # again, now that nobody else can write
    tables = [_table(one) for one in file.manifest["tables"]]
    vault_tables.clear(vault_tables.MADE_BY_MIGRATE)
    for table in tables:
        vault_tables.load(table, file.rows(f"tables/{table.name}.jsonl"))
        progress(f"已恢复 {table.name}")


def _table(said: dict[str, Any]) -> Table:
    """A table of the manifest, when it is one of this database with these columns."""
    name, columns = said["name"], [tuple(column) for column in said["columns"]]
    with connection.cursor() as cursor:
        if not vault_tables.NAME.fullmatch(name) or name not in connection.introspection.table_names(cursor):
            raise VaultError(f"没有恢复：备份里有不认识的表“{name[:60]}”。")
        cursor.execute(f'SELECT * FROM "{name}" LIMIT 0')  # noqa: S608  a name this database knows
        there = {column[0] for column in cursor.description}
    if {column for column, _ in columns} != there:
        raise VaultError(f"没有恢复：备份里“{name}”表的列和数据库的不一样。")
    return Table(name, tuple(columns), said["key"])


def _place_documents(file: Reader, progress: Progress) -> list[Path]:
    """Write the documents into the folders they came from; those that were not there before."""
    placed = []
    for n, name in enumerate(_documents(file), 1):
        target = Path(settings.DATA_DIR, name)
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        placed.append(target)
        write_whole(target, file.pieces(name, file.manifest["members"][name]["size"]))
        progress(f"已恢复 {n} 份佐证材料")
    return placed


def _documents(file: Reader) -> list[str]:
    """The members that are documents; their names were checked by the reader."""
    return [name for folder in DOCUMENTS for name in file.names(folder)]


def _go_on(file: Reader, by: Callable[[], Any], at: datetime, changed_key: bool) -> list[str]:
    """Put the anchors in place and write the restoring down, with a new chain where the key is another."""
    kept, remarks = file.manifest["journal"], []
    if kept["id"]:
        aside = anchor.retire(UUID(kept["id"]), "before-restore")
        if aside:
            remarks.append(f"原有的留痕锚点移到了 {aside}，请另行保存。")
        name = f"anchors/{kept['id']}.jsonl"
        if changed_key:
            journal.begin_anew()
        else:
            write_whole(anchor.path_of(UUID(kept["id"])), file.pieces(name, file.manifest["members"][name]["size"]))
    data = {
        "taken_at": file.manifest["at"],
        "engine": file.manifest["engine"],
        "entries": kept["count"],
        "new_key": changed_key,
    }
    journal.note(by=by(), at=at, action="backup.restored", data=data)
    return remarks


def _undo() -> None:
    with transaction.atomic():
        guard.remove(connection)
        vault_tables.clear(table.name for table in vault_tables.tables())
        guard.install(connection)


def _restored(file: Reader, remarks: list[str]) -> Result:
    verdict = verify()
    if not verdict.whole:
        remarks.append(f"恢复出来的留痕核对不上，备份时就已如此：{verdict.problem}")
    rows = sum(table["rows"] for table in file.manifest["tables"])
    documents = len(_documents(file))
    return Result(rows, documents, verdict.entries, file.path.stat().st_size, remarks=tuple(remarks))
