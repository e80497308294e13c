"""Triggers that refuse to change, replace or remove an entry of the journal, on both engines."""

TABLE = "journal_entry"
REFUSAL = "the journal is append-only"

# INSERT OR REPLACE removes the old row without asking the delete trigger: hence the one on insert.
_SQLITE = [
    f"CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for verb in ("UPDATE", "DELETE")
] + [
    f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} "  # noqa: S608  a name of ours
    f"WHEN NEW.seq IN (SELECT seq FROM {TABLE}) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
]
_POSTGRESQL = [
    f"CREATE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()",
    f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()",
]
_REMOVE_SQLITE = [f"DROP TRIGGER IF EXISTS {TABLE}_no_{verb}" for verb in ("update", "delete", "replace")]
_REMOVE_POSTGRESQL = [f"DROP FUNCTION IF EXISTS {TABLE}_refuse() CASCADE"]


def install(connection) -> None:
    """Put the triggers in place, anew where they stand already."""
    remove(connection)
    _run(connection, _SQLITE, _POSTGRESQL)


def remove(connection) -> None:
    """Take the triggers away: to unmake the table, and for tests, which alter entries and empty tables."""
    _run(connection, _REMOVE_SQLITE, _REMOVE_POSTGRESQL)


def stands(connection) -> bool:
    """Whether every trigger is in place and enabled."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled <> 'D'",
                [TABLE],
            )
            return cursor.fetchone()[0] == 2
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        return cursor.fetchone()[0] == len(_SQLITE)


def _run(connection, sqlite: list[str], postgresql: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in postgresql if connection.vendor == "postgresql" else sqlite:
            cursor.execute(statement)
