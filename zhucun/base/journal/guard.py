"""Triggers that refuse to change or remove an entry of the journal, on both engines."""

TABLE = "journal_entry"
REFUSAL = "the journal is append-only"

_SQLITE = [
    f"CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for verb in ("UPDATE", "DELETE")
]
_POSTGRESQL = [
    f"CREATE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()",
    f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()",
]
_REMOVE_SQLITE = [f"DROP TRIGGER IF EXISTS {TABLE}_no_{verb}" for verb in ("update", "delete")]
_REMOVE_POSTGRESQL = [f"DROP FUNCTION IF EXISTS {TABLE}_refuse() CASCADE"]


def install(connection) -> None:
    """Put the triggers in place."""
    _run(connection, _SQLITE, _POSTGRESQL)


def remove(connection) -> None:
    """Take the triggers away: to unmake the table, to restore a backup into an empty place, and in tests."""
    _run(connection, _REMOVE_SQLITE, _REMOVE_POSTGRESQL)


def _run(connection, sqlite: list[str], postgresql: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in postgresql if connection.vendor == "postgresql" else sqlite:
            cursor.execute(statement)
