"""The rows of every table as JSON lines that either engine can give and take: one form for each kind of column.

Numbers and texts as they are, yes and no as 1 and 0, days as 2022-12-07, moments in UTC as 2022-12-07 01:00:00.000000,
UUIDs as 32 hex digits, decimals as text with all their places, bytes as hex digits, JSON as sorted text.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, models

KINDS = {
    "AutoField": "int", "BigAutoField": "int", "SmallAutoField": "int", "IntegerField": "int", "BigIntegerField": "int",
    "SmallIntegerField": "int", "PositiveIntegerField": "int", "PositiveBigIntegerField": "int",
    "PositiveSmallIntegerField": "int", "BooleanField": "bool", "FloatField": "float", "CharField": "text",
    "TextField": "text", "SlugField": "text", "FileField": "text", "GenericIPAddressField": "text", "UUIDField": "uuid",
    "DateField": "date", "DateTimeField": "moment", "TimeField": "time", "BinaryField": "bytes", "JSONField": "json",
}  # fmt: skip
LEFT_OUT = {"django_session", "django_migrations"}
"""Sessions (everybody signs in again) and what Django knows of the schema (it stands in the manifest)."""
MADE_BY_MIGRATE = {"django_content_type", "auth_permission"}
"""Tables that are filled as soon as they are made: emptied before rows come in, and no sign of use."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
BATCH = 5000


@dataclass(frozen=True)
class Table:
    """A table as the vault keeps it: columns as (name, kind), in an order that `key` makes the same everywhere."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: str

    @classmethod
    def of(cls, model: type[models.Model]) -> "Table":
        """The table of a model."""
        columns = tuple((str(field.column), kind_of(field)) for field in model._meta.concrete_fields)
        return cls(model._meta.db_table, columns, str(model._meta.pk.column))


def kind_of(field: Any) -> str:
    """The kind of a column; KeyError for one the vault has no form for yet."""
    while field.is_relation:
        field = field.target_field
    if isinstance(field, models.DecimalField):
        return f"decimal:{field.decimal_places}"
    return KINDS[field.get_internal_type()]


def tables() -> list[Table]:
    """Every table of the installation, by name."""
    found = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    return [Table.of(model) for name, model in sorted(found.items()) if name not in LEFT_OUT]


# -- out -------------------------------------------------------------------------------------------------------------


@contextmanager
def snapshot() -> Iterator[Callable[[Table], Iterator[list]]]:
    """A function from a table to its rows, all read at one moment while others go on writing."""
    with _sqlite_snapshot() if connection.vendor == "sqlite" else _postgresql_snapshot() as rows:
        yield rows


@contextmanager
def _sqlite_snapshot():
    with ExitStack() as spare:
        source = sqlite3.connect(connection.settings_dict["NAME"], timeout=20, isolation_level=None)
        spare.callback(source.close)
        if source.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            # readers would hold up writers: copy in one step, then read the copy
            folder = spare.enter_context(TemporaryDirectory(dir=settings.DATA_DIR, prefix=".backup-"))
            copy = sqlite3.connect(Path(folder, "copy.sqlite3"), isolation_level=None)
            spare.callback(copy.close)
            source.backup(copy)
            source = copy
        source.execute("BEGIN")
        yield lambda table: _sqlite_rows(source, table)


def _sqlite_rows(source: sqlite3.Connection, table: Table) -> Iterator[list]:
    read = [(n, convert) for n, (_, kind) in enumerate(table.columns) if (convert := _from_sqlite(kind))]
    columns = ", ".join(f'"{name}"' for name, _ in table.columns)
    for row in source.execute(f'SELECT {columns} FROM "{table.name}" ORDER BY "{table.key}"'):  # noqa: S608  our names
        values = list(row)
        for n, convert in read:
            if values[n] is not None:
                values[n] = convert(values[n])
        yield values


def _from_sqlite(kind: str) -> Callable[[Any], Any] | None:
    if kind.startswith("decimal:"):
        step = Decimal(1).scaleb(-int(kind[8:]))
        return lambda value: str(Decimal(str(value)).quantize(step))
    return {
        "moment": lambda text: text if "." in text else f"{text}.000000",
        "bytes": lambda content: content.hex(),
        "json": _one_text,
    }.get(kind)


def _one_text(text: str) -> str:
    """JSON in the one text both engines agree on."""
    return json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@contextmanager
def _postgresql_snapshot():
    source = connection.copy()
    try:
        with source.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
            yield lambda table: _postgresql_rows(cursor, table)
            cursor.execute("ROLLBACK")
    finally:
        source.close()


_EXPRESSIONS = {
    "bool": "{}::int", "uuid": "replace({}::text, '-', '')", "date": "to_char({}, 'YYYY-MM-DD')",
    "moment": "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')", "bytes": "encode({}, 'hex')",
}  # fmt: skip


def _postgresql_rows(cursor, table: Table) -> Iterator[list]:
    chosen = ", ".join(_EXPRESSIONS.get(kind, "{}").format(f'"{name}"') for name, kind in table.columns)
    order = f'"{table.key}"' + (' COLLATE "C"' if dict(table.columns)[table.key] == "text" else "")
    types = [{"int": "int8", "bool": "int4", "float": "float8"}.get(kind, "text") for _, kind in table.columns]
    with (
        connection.wrap_database_errors,
        cursor.copy(f'COPY (SELECT {chosen} FROM "{table.name}" ORDER BY {order}) TO STDOUT') as copy,  # noqa: S608
    ):
        copy.set_types(types)
        documents = [n for n, (_, kind) in enumerate(table.columns) if kind == "json"]
        for row in map(list, copy.rows()):
            for n in documents:
                row[n] = row[n] and _one_text(row[n])
            yield row


def lines(rows: Iterable[list]) -> Iterator[bytes]:
    """Rows as JSON lines, some thousand at a time."""
    batch: list[str] = []
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for row in rows:
        batch.append(encode(row))
        if len(batch) == BATCH:
            yield ("\n".join(batch) + "\n").encode()
            batch = []
    if batch:
        yield ("\n".join(batch) + "\n").encode()


# -- in --------------------------------------------------------------------------------------------------------------


def in_use() -> str:
    """The name of a table that holds rows already; empty when every table is empty or not there yet."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in tables():
            if table.name in there - MADE_BY_MIGRATE:
                cursor.execute(f'SELECT 1 FROM "{table.name}" LIMIT 1')  # noqa: S608
                if cursor.fetchone():
                    return table.name
    return ""


def clear(names: Iterable[str]) -> None:
    """Empty tables, whose rows may point to one another until the transaction ends."""
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f'DELETE FROM "{name}"')  # noqa: S608


def load(table: Table, rows: Iterable[list]) -> None:
    """Put rows in; run in one transaction with all other tables, so that every reference finds its row at the end."""
    columns = ", ".join(f'"{name}"' for name, _ in table.columns)
    write = [(n, convert) for n, (_, kind) in enumerate(table.columns) if (convert := _TO[connection.vendor].get(kind))]
    made = (_converted(row, write) for row in rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
                for row in made:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(table.columns))
            cursor.executemany(f'INSERT INTO "{table.name}" ({columns}) VALUES ({places})', made)  # type: ignore[arg-type]  # noqa: S608


_TO: dict[str, dict[str, Callable[[Any], Any]]] = {
    "sqlite": {"moment": lambda text: text.removesuffix(".000000"), "bytes": bytes.fromhex},
    "postgresql": {"moment": lambda text: f"{text}+00", "bytes": lambda text: f"\\x{text}"},
}


def _converted(row: list, write: list[tuple[int, Callable]]) -> list:
    for n, convert in write:
        if row[n] is not None:
            row[n] = convert(row[n])
    return row


def reset_sequences() -> None:
    """Let numbers given by the database go on after the highest one loaded."""
    every = apps.get_models(include_auto_created=True)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), every):
            cursor.execute(statement)
