"""“No two rows overlap” as a promise of the database, on PostgreSQL; on SQLite the locked check of the action keeps it."""

from django.db import migrations


def no_overlap(table: str, column: str, name: str) -> migrations.RunPython:
    """The migration that forbids two spans of the same `column` value to share a day in `table`."""

    def add(apps, editor):
        if editor.connection.vendor == "postgresql":
            editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
            editor.execute(
                f'ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist ({column} WITH =, daterange(start, "end") WITH &&)'
            )

    def drop(apps, editor):
        if editor.connection.vendor == "postgresql":
            editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")

    return migrations.RunPython(add, drop)
