"""The universe of the tests is built by actions once a run; every further test gets the same rows back at once."""

from copy import deepcopy
from types import SimpleNamespace

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

_kept: tuple[SimpleNamespace, list[tuple[str, list]]] | None = None


def take(build) -> SimpleNamespace:
    """Build the universe in an empty database and keep its rows and its names."""
    global _kept
    with transaction.atomic():
        world = build()
        rows = [(table, _rows(table)) for table in _tables()]
    _kept = world, [(table, values) for table, values in rows if values]
    return deepcopy(world)


def taken() -> SimpleNamespace | None:
    """The universe as it was built, its rows put into the empty database again; None while it was never built."""
    if _kept is None:
        return None
    world, rows = _kept
    with transaction.atomic(), connection.cursor() as cursor:
        for table, values in rows:
            marks = ", ".join(["%s"] * len(values[0]))
            cursor.executemany(f"INSERT INTO {connection.ops.quote_name(table)} VALUES ({marks})", values)
    return deepcopy(world)


def _tables() -> list[str]:
    """Every table of our rooms; foreign keys are checked when the transaction ends, so any order will do."""
    rooms = set(settings.ROOMS)
    models = apps.get_models(include_auto_created=True)
    return [model._meta.db_table for model in models if model._meta.app_config.name in rooms]


def _rows(table: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return cursor.fetchall()
