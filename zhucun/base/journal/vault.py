"""The whole installation in one file: every row, every document, the journal's anchors; never the key.

A backup is taken while the server runs; vault_restore.py brings it back, on either engine.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from . import anchor, journal, vault_tables
from .keys import fingerprint
from .models import Head
from .vault_file import DOCUMENTS, FORMAT, VaultError, Writer, digest_of, pieces_of, write_whole, writing
from .vault_tables import Table

Progress = Callable[[str], None]
LAST = "last_backup.json"


@dataclass(frozen=True)
class Result:
    """What was kept or brought back: rows, documents, entries of the journal, bytes; what to say besides."""

    rows: int
    documents: int
    entries: int
    size: int
    sha256: str = ""
    remarks: tuple[str, ...] = ()


def backup(*, path: Path, by: Callable[[], Any], at: datetime, progress: Progress = lambda text: None) -> Result:
    """Keep the installation, as it is at one moment, in a new file; the taking is an entry of the journal.

    `by` is asked for the actor when the entry is written.

    Raises VaultError with a sentence; then no file is left.
    """
    try:
        _refuse_unready()
        with writing(path, at) as file, vault_tables.snapshot() as rows:
            manifest = _manifest(at)
            manifest["tables"] = [_keep_table(file, table, rows(table), progress) for table in vault_tables.tables()]
            manifest["journal"] = _keep_anchors(file, rows, at)
            damaged = _keep_documents(file, progress)
            file.close(manifest)
    except (DatabaseError, vault_tables.sqlite3.Error) as problem:
        raise VaultError(f"备份没有做成：数据库读不出来（{str(problem).strip().splitlines()[0]}）。") from None
    kept = Result(
        rows=sum(table["rows"] for table in manifest["tables"]),
        documents=len([name for name in file.members if name.split("/")[0] in DOCUMENTS]),
        entries=manifest["journal"]["count"],
        size=path.stat().st_size,
        sha256=digest_of(path),
        remarks=tuple(f"佐证文件 {name} 的内容已经损坏，照原样备份了。" for name in damaged),
    )
    _note_backup(path, kept, by, at)
    return kept


def _refuse_unready() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise VaultError("数据库还没有升级到这个程序的版本，请先运行 zhucun migrate，再备份。")
    head = Head.objects.first()
    if head is not None and head.key != fingerprint():
        raise VaultError(f"备份没有做成：{journal.WRONG_KEY}")


def _manifest(at: datetime) -> dict[str, Any]:
    applied = MigrationExecutor(connection).loader.applied_migrations
    return {
        "product": "zhucun",
        "format": FORMAT,
        "version": settings.VERSION,
        "engine": connection.vendor,
        "at": at.isoformat(),
        "key": fingerprint(),
        "migrations": sorted(list(one) for one in applied),
    }


def _keep_table(file: Writer, table: Table, rows: Iterator[list], progress: Progress) -> dict[str, Any]:
    count = 0

    def counted():
        nonlocal count
        for row in rows:
            count += 1
            yield row

    for_lines = vault_tables.lines(counted())
    file.add(f"tables/{table.name}.jsonl", for_lines)
    progress(f"已备份 {table.name} {count} 行")
    return {"name": table.name, "columns": [list(column) for column in table.columns], "key": table.key, "rows": count}


def _keep_anchors(file: Writer, rows: Callable[[Table], Iterator[list]], at: datetime) -> dict[str, Any]:
    """Keep a fresh anchor of the moment, and all anchors up to it; where the chain stands goes into the manifest."""
    table = Table.of(Head)
    found = [dict(zip([name for name, _ in table.columns], row, strict=True)) for row in rows(table)]
    if not found:
        return {"id": "", "count": 0, "hash": ""}
    head, name = found[0], UUID(found[0]["journal"])
    if head["count"]:
        anchor.keep(name, head["count"], head["hash"], at)
    file.add(f"anchors/{name}.jsonl", anchor.lines_up_to(name, head["count"]))
    return {"id": str(name), "count": head["count"], "hash": head["hash"]}


def _keep_documents(file: Writer, progress: Progress) -> list[str]:
    """Keep every attached document and every page of the book; the names of those whose content is not what its name says."""
    damaged, count = [], 0
    for folder, ending in DOCUMENTS.items():
        for document in sorted(Path(settings.DATA_DIR, folder).glob("[0-9a-f][0-9a-f]/" + "[0-9a-f]" * 64 + ending)):
            name = f"{folder}/{document.parent.name}/{document.name}"
            file.add(name, pieces_of(document), compress=False)
            if file.members[name]["sha256"] != document.stem:
                damaged.append(document.name)
            count += 1
            progress(f"已备份 {count} 份佐证材料")
    return damaged


def _note_backup(path: Path, kept: Result, by: Callable[[], Any], at: datetime) -> None:
    data = {"file": path.name, "rows": kept.rows, "documents": kept.documents, "size": kept.size, "sha256": kept.sha256}
    try:
        with transaction.atomic():
            journal.note(by=by(), at=at, action="backup.taken", data=data)
        last = data | {"at": at.isoformat(), "file": str(path.absolute()), "entries": kept.entries}
        write_whole(Path(settings.DATA_DIR, LAST), json.dumps(last, ensure_ascii=False).encode())
    except (DatabaseError, ValidationError, OSError) as problem:
        raise VaultError(f"备份文件 {path} 已经写好，但没能记入留痕或运行状况（{problem}），请检查数据目录。") from None


def last_backup() -> dict[str, Any] | None:
    """When and where the last backup was taken: at, file, size in bytes, rows, documents, entries; None without any."""
    try:
        return json.loads(Path(settings.DATA_DIR, LAST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
