"""A backup holds the whole installation as it was at one moment, and comes back whole or not at all."""

import json
import os
import random
import resource
import shutil
import stat
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import connection

from tests.cast import AT
from zhucun.base.access.actions import caretaker
from zhucun.base.evidence import actions as evidence
from zhucun.base.journal import anchor, guard, vault, vault_restore, vault_tables
from zhucun.base.journal.keys import fingerprint
from zhucun.base.journal.models import Entry, Head
from zhucun.base.journal.vault_file import MANIFEST, MARK, Reader, VaultError, mark_of
from zhucun.base.journal.verify import verify
from zhucun.base.people import actions as people
from zhucun.base.people.models import Person
from zhucun.work.attendance.actions.readings import keep_picture
from zhucun.work.teams.models import Posting

from .test_writers import write_some

pytestmark = pytest.mark.django_db(transaction=True)
ID_NUMBER, PHONE = "430426198104020017", "13807340001"
DOCUMENT = b"%PDF-1.4 " + bytes(range(256)) * 20


@pytest.fixture
def county(data_dir, world):
    """The cast with an ID number, a telephone and a document, in a data folder of its own."""
    people.correct(
        person=world.wang, identity_fields={"id_number": ID_NUMBER, "phone": PHONE}, by=world.caretaker, at=AT
    )
    evidence.attach(target=world.team_shiqiao, file=BytesIO(DOCUMENT), name="批文.pdf", by=world.office, at=AT)
    return world


_made: dict[str, bytes] = {}


@pytest.fixture
def kept(request, data_dir):
    """A backup of it: of the county standing in the test, or of one that stood there before."""
    file = data_dir / "backup.zip"
    if "county" in request.fixturenames or not _made:
        request.getfixturevalue("county")
        vault.backup(path=file, by=caretaker, at=AT)
        _made["file"] = file.read_bytes()
    file.write_bytes(_made["file"])
    return file


@pytest.fixture
def empty_place(settings, tmp_path_factory):
    """A function that empties the database and moves to a data folder without anything in it."""

    def move() -> Path:
        vault_restore._undo()
        settings.DATA_DIR = tmp_path_factory.mktemp("place")
        return settings.DATA_DIR

    return move


def restore(file, **options):
    return vault_restore.restore(path=file, by=caretaker, at=AT, **options)


def contents(file) -> dict[str, str]:
    """The hash of every table but the journal's, whose chain goes on, and of every document."""
    members = json.loads(zipfile.ZipFile(file).read(MANIFEST))["members"]
    return {
        name: said["sha256"] for name, said in members.items() if not name.startswith(("anchors/", "tables/journal_"))
    }


def remade(file, to, change=lambda manifest, members: None, *, sign=True, raw=None):
    """The backup with something changed in it, hashes and mark put right as whoever has the key could."""
    from hashlib import sha256

    with zipfile.ZipFile(file) as old:
        members = {info.filename: old.read(info) for info in old.infolist()}
    manifest = json.loads(members.pop(MANIFEST))
    mark = members.pop(MARK)
    change(manifest, members)
    manifest["members"] = {n: {"size": len(c), "sha256": sha256(c).hexdigest()} for n, c in members.items()}
    if raw:
        raw(manifest)
    text = json.dumps(manifest).encode()
    with zipfile.ZipFile(to, "w") as new:
        for name, content in {**members, MANIFEST: text, MARK: mark_of(text).encode() if sign else mark}.items():
            new.writestr(name, content)
    return to


# -- there and back --------------------------------------------------------------------------------------------------


def test_everything_comes_back(kept, county, empty_place, data_dir):
    before = {model: list(model.objects.values()) for model in (Posting, Person)}
    entries = list(Entry.objects.order_by("seq").values())
    empty_place()
    assert not Person.objects.exists()
    result = restore(kept)
    assert {model: list(model.objects.values()) for model in (Posting, Person)} == before
    # the note of the backup itself came after it; the note of the restoring comes after everything
    assert list(Entry.objects.order_by("seq").values())[:-1] == entries[:-1]
    assert Entry.objects.order_by("-seq").values_list("action", flat=True)[0] == "backup.restored"
    assert entries[-1]["action"] == "backup.taken"
    assert (result.documents, result.remarks) == (1, ())
    assert Person.objects.get(name="王立新").id_number == ID_NUMBER
    assert county.team_shiqiao.pk
    assert [path.read_bytes() for path in Path(site.DATA_DIR, "evidence").rglob("*") if path.is_file()] == [DOCUMENT]
    assert verify().whole
    assert guard.stands(connection)


def test_pictures_of_the_book_s_pages_come_back_and_uploads_are_left_out(county, empty_place, data_dir):
    picture = b"\xff\xd8\xff" + bytes(range(256))
    name = keep_picture(picture)
    upload = data_dir / "book" / "3f0c6f0e-8f4b-4d0f-9a1e-000000000001" / ("a" * 64)
    upload.parent.mkdir()
    upload.write_bytes(b"not read yet")
    file = data_dir / "with-pictures.zip"
    assert vault.backup(path=file, by=caretaker, at=AT).documents == 2
    place = empty_place()
    assert restore(file).documents == 2
    found = {
        path.relative_to(place).as_posix(): path.read_bytes() for path in (place / "book").rglob("*") if path.is_file()
    }
    assert found == {f"book/{name[:2]}/{name}.jpg": picture}


def test_what_was_brought_back_gives_the_same_backup(kept, empty_place):
    place = empty_place()
    restore(kept)
    vault.backup(path=place / "again.zip", by=caretaker, at=AT)
    assert contents(place / "again.zip") == contents(kept)


def test_work_goes_on_after_a_restoring(kept, county, empty_place):
    empty_place()
    restore(kept)
    people.correct(person=county.li, identity_fields={"phone": "13900000000"}, by=county.office, at=AT)
    assert verify().whole


def command(*arguments, data_dir, url=""):
    """Run zhucun as the caretaker does, in another place."""
    environ = {
        **os.environ,
        "ZHUCUN_DATA_DIR": str(data_dir),
        "ZHUCUN_SECRET_KEY": site.SECRET_KEY,
        "ZHUCUN_DATABASE_URL": url,
    }
    return subprocess.run(
        [sys.executable, "-m", "zhucun", *map(str, arguments)], env=environ, capture_output=True, text=True, check=False
    )


def test_a_backup_of_either_engine_comes_back_on_the_other_from_nothing(kept, tmp_path):
    """Into an unmigrated SQLite file; from there, on PostgreSQL, into a fresh database of the same server."""
    place = tmp_path / "sqlite"
    done = command("restore", kept, data_dir=place)
    assert done.returncode == 0, done.stderr
    assert "已从" in done.stdout
    done = command("verify_journal", data_dir=place)
    assert done.returncode == 0, done.stderr
    assert command("backup", tmp_path / "b.zip", data_dir=place).returncode == 0
    assert contents(tmp_path / "b.zip") == contents(kept)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE IF EXISTS brought_back")
            cursor.execute("CREATE DATABASE brought_back")
        url = f"postgres://{connection.settings_dict['USER']}@/brought_back?host={connection.settings_dict['HOST']}"
        place = tmp_path / "postgresql"
        done = command("restore", tmp_path / "b.zip", data_dir=place, url=url)
        assert done.returncode == 0, done.stderr
        assert command("verify_journal", data_dir=place, url=url).returncode == 0
        assert command("backup", tmp_path / "c.zip", data_dir=place, url=url).returncode == 0
        assert contents(tmp_path / "c.zip") == contents(kept)
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE brought_back")


def test_a_backup_taken_while_others_write_is_of_one_moment(county, data_dir, empty_place):
    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write_some, 12) for _ in range(4)]
        files = []
        while not all(writer.done() for writer in writers):
            files.append(data_dir / f"{len(files)}.zip")
            vault.backup(path=files[-1], by=caretaker, at=AT)
    assert sum(writer.result() for writer in writers) == 4 * 12
    for file in {files[0], files[len(files) // 2], files[-1]}:
        empty_place()
        assert restore(file).remarks == ()
        assert verify().whole


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="about SQLite")
def test_where_readers_would_hold_up_writers_a_copy_is_read(county, data_dir, monkeypatch):
    """An SQLite with the WAL bug runs in another journal mode."""
    copy = vault_tables.sqlite3.connect(data_dir / "copy.sqlite3")
    with vault_tables.sqlite3.connect(connection.settings_dict["NAME"]) as source:
        source.backup(copy)
    source.close()
    assert copy.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete"
    monkeypatch.setitem(connection.settings_dict, "NAME", str(data_dir / "copy.sqlite3"))
    with vault_tables.snapshot() as rows:
        found = list(rows(vault_tables.Table.of(Person)))
        copy.execute("DELETE FROM teams_judgement")
        copy.commit()
    copy.close()
    assert len(found) == Person.objects.count()
    assert not list(data_dir.glob(".backup-*"))


def test_an_older_backup_is_brought_up_to_date(kept, empty_place, tmp_path):
    """A backup of a version before the head row had its seal."""

    def older(manifest, members):
        manifest["migrations"].remove(["journal", "0003_sealed_head"])
        head = next(table for table in manifest["tables"] if table["name"] == "journal_head")
        places = [n for n, (name, _) in enumerate(head["columns"]) if name not in {"first", "seal"}]
        row = json.loads(members["tables/journal_head.jsonl"])
        head["columns"] = [head["columns"][n] for n in places]
        members["tables/journal_head.jsonl"] = json.dumps([row[n] for n in places]).encode() + b"\n"

    file = remade(kept, tmp_path / "older.zip", older)
    empty_place()
    assert restore(file).remarks == ()
    assert verify().whole
    assert guard.stands(connection)


# -- what is told ----------------------------------------------------------------------------------------------------


def test_the_backup_is_an_entry_and_known_to_the_status_page(county, kept, data_dir):
    entry = Entry.objects.order_by("seq").last()
    assert entry.action == "backup.taken"
    last = vault.last_backup()
    assert last["file"] == str(kept)
    assert json.loads(entry.data)["sha256"] == last["sha256"]
    assert last["size"] == kept.stat().st_size
    (data_dir / "last_backup.json").write_text("{half")
    assert vault.last_backup() is None


def test_the_commands_say_what_they_did(county, data_dir, empty_place, capsys):
    call_command("backup", str(data_dir / "a.zip"))
    said = capsys.readouterr().out
    assert "1 份佐证材料" in said
    assert "secret.key" in said
    empty_place()
    call_command("restore", str(data_dir / "a.zip"))
    assert "重新登录" in capsys.readouterr().out
    with pytest.raises(CommandError, match="已经存在"):
        call_command("backup", str(data_dir / "a.zip"))


def test_neither_key_nor_number_is_in_the_file(county, kept):
    with zipfile.ZipFile(kept) as file:
        everything = b"".join(file.read(name) for name in file.namelist())
    for secret in (site.SECRET_KEY, ID_NUMBER, PHONE):
        assert secret.encode() not in everything
    assert fingerprint().encode() in everything
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_damaged_document_is_kept_as_it_is_and_told(county, data_dir):
    document = next(path for path in (data_dir / "evidence").rglob("*") if path.is_file())
    document.write_bytes(b"rotten")
    assert "已经损坏" in vault.backup(path=data_dir / "a.zip", by=caretaker, at=AT).remarks[0]


# -- what stands in the way of a backup ------------------------------------------------------------------------------


def refused(function, *arguments, **options) -> str:
    with pytest.raises(VaultError) as told:
        function(*arguments, **options)
    return str(told.value)


def test_a_file_is_never_written_over(county, kept):
    before = kept.read_bytes()
    assert "已经存在" in refused(vault.backup, path=kept, by=caretaker, at=AT)
    assert kept.read_bytes() == before


def test_a_place_that_cannot_be_written_is_told(county, data_dir):
    file = data_dir / "no" / "such" / "folder.zip"
    assert "写不进去" in refused(vault.backup, path=file, by=caretaker, at=AT)
    (data_dir / "file").write_text("")
    assert "写不进去" in refused(vault.backup, path=data_dir / "file" / "x.zip", by=caretaker, at=AT)


def test_a_full_disk_leaves_nothing_behind(county, data_dir):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for room in (0, 100, 3000, 9000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
        try:
            told = refused(vault.backup, path=data_dir / "a.zip", by=caretaker, at=AT)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert "没有留下半个文件" in told
        assert not list(data_dir.glob("a.zip*"))
    vault.backup(path=data_dir / "a.zip", by=caretaker, at=AT)


def test_a_draft_left_by_a_crash_is_written_over_and_one_in_use_is_not(county, data_dir):
    import fcntl

    part = data_dir / "a.zip.part"
    part.write_bytes(b"half" * 100_000)
    with part.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert "另一个备份" in refused(vault.backup, path=data_dir / "a.zip", by=caretaker, at=AT)
        assert part.exists()
    vault.backup(path=data_dir / "a.zip", by=caretaker, at=AT)
    assert not part.exists()


def test_a_backup_with_another_key_is_refused(county, data_dir, settings):
    settings.SECRET_KEY = "k" * 50
    assert "secret.key" in refused(vault.backup, path=data_dir / "a.zip", by=caretaker, at=AT)
    assert not list(data_dir.glob("a.zip*"))


# -- what stands in the way of a restoring ---------------------------------------------------------------------------


def test_a_place_in_use_is_left_alone(kept, county):
    before = Entry.objects.count()
    assert "已经有数据" in refused(restore, kept)
    assert Entry.objects.count() == before


def test_another_key_is_refused_and_can_be_given_up(kept, empty_place, settings):
    empty_place()
    settings.SECRET_KEY = "k" * 50
    told = refused(restore, kept)
    assert "secret.key" in told
    assert "--without-key" in told
    assert vault_tables.in_use() == ""
    result = restore(kept, without_key=True)
    assert "打不开" in result.remarks[0]
    verdict = verify()
    assert (verdict.whole, verdict.unproven) == (True, Entry.objects.count() - 1)
    person = Person.objects.get(name="王立新")
    with pytest.raises(ValueError, match=r"secret\.key"):
        _ = person.id_number
    assert "打不开" in person.masked("id_number")


def test_a_changed_byte_is_found_wherever_it_is(county, kept, tmp_path):
    """Nothing is believed before every hash was compared; the place in use is reached only by a whole content."""
    content, dice, harmless = kept.read_bytes(), random.Random(7), 0
    file = tmp_path / "damaged.zip"
    for n in range(300):
        at = dice.randrange(len(content))
        damaged = content[:at] + bytes([content[at] ^ (1 << dice.randrange(8))]) + content[at + 1 :]
        file.write_bytes(content[: dice.randrange(len(content))] if n % 4 == 0 else damaged)
        told = refused(restore, file)
        if "已经有数据" in told:
            harmless += 1
            with zipfile.ZipFile(file) as one, zipfile.ZipFile(kept) as other:
                assert all(one.read(name) == other.read(name) for name in other.namelist())
    assert harmless < 100


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04" * 100])
def test_a_file_of_another_kind_is_told(tmp_path, content):
    file = tmp_path / "x.zip"
    file.write_bytes(content)
    assert "不是 zhucun 的备份文件" in refused(restore, file)


def test_paths_that_are_no_files_are_told(tmp_path):
    assert "没有" in refused(restore, tmp_path / "nothing.zip")
    assert "读不出来" in refused(restore, tmp_path)


def linked(zip_file, name):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    zip_file.writestr(info, "/etc/passwd")


TRICKS = {
    "..": lambda file: file.writestr("../../etc/cron.d/x", b"x"),
    "absolute": lambda file: file.writestr("/etc/cron.d/x", b"x"),
    "evidence ..": lambda file: file.writestr("evidence/../../x", b"x"),
    "backslash": lambda file: file.writestr("evidence\\..\\x", b"x"),
    "secret": lambda file: file.writestr("secret.key", b"x"),
    "link": lambda file: linked(file, "evidence/aa/" + "a" * 64),
    "twice": lambda file: file.writestr("tables/people_person.jsonl", b"[]"),
    "unlisted": lambda file: file.writestr("evidence/aa/" + "a" * 64, b"x"),
}


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_tricks_with_zip_files_are_refused(kept, trick, empty_place):
    with zipfile.ZipFile(kept, "a") as file:
        TRICKS[trick](file)
    place = empty_place()
    assert "没有恢复" in refused(restore, kept)
    assert vault_tables.in_use() == ""
    assert not list(place.rglob("*"))


def set_in(key, value):
    return lambda manifest: manifest.__setitem__(key, value)


REMADE = {
    "a newer form": ({"raw": set_in("format", 2)}, "更新的版本"),
    "a newer schema": ({"raw": lambda m: m["migrations"].append(["people", "0099_x"])}, "更新的版本"),
    "another product": ({"raw": set_in("product", "x")}, "不是 zhucun"),
    "an unsigned list": ({"raw": set_in("at", "2000"), "sign": False}, "清单被改动过"),
    "another size": ({"raw": lambda m: m["members"]["tables/people_person.jsonl"].update(size=3)}, "已损坏"),
    "another hash": ({"raw": lambda m: m["members"]["tables/people_person.jsonl"].update(sha256="0")}, "已损坏"),
    "a missing member": (
        {"raw": lambda m: m["members"].update({"tables/x.jsonl": {"size": 1, "sha256": ""}})},
        "已损坏",
    ),
    "an unknown table": ({"raw": lambda m: m["tables"][0].update(name="sqlite_master")}, "不认识的表"),
    "an unknown column": ({"raw": lambda m: m["tables"][0]["columns"].append(["x", "int"])}, "列"),
}


@pytest.mark.parametrize("case", REMADE)
def test_what_this_program_cannot_use_is_told(kept, case, empty_place, tmp_path):
    options, sentence = REMADE[case]
    file = remade(kept, tmp_path / "remade.zip", **options)
    place = empty_place()
    assert sentence in refused(restore, file)
    assert vault_tables.in_use() == ""
    assert not [path for path in place.rglob("*") if path.is_file()]


def dangling(manifest, members):
    rows = [json.loads(line) for line in members["tables/teams_posting.jsonl"].splitlines()]
    columns = [name for name, _ in next(t for t in manifest["tables"] if t["name"] == "teams_posting")["columns"]]
    rows[0][columns.index("person_id")] = "0" * 32
    members["tables/teams_posting.jsonl"] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def overfull(manifest, members):
    members["tables/people_person.jsonl"] *= 2


def not_rows(manifest, members):
    members["tables/people_person.jsonl"] = b"[1,2]\n"


@pytest.mark.parametrize("change", [dangling, overfull, not_rows])
def test_rows_that_do_not_fit_leave_the_place_empty(kept, change, empty_place, tmp_path):
    file = remade(kept, tmp_path / "remade.zip", change)
    place = empty_place()
    assert "没有恢复" in refused(restore, file)
    assert vault_tables.in_use() == ""
    assert not [path for path in place.rglob("*") if path.is_file()]
    assert guard.stands(connection)


def test_a_failure_after_the_rows_are_in_takes_them_out_again(kept, empty_place):
    empty_place()
    with pytest.raises(ZeroDivisionError):
        vault_restore.restore(path=kept, by=lambda: 1 / 0, at=AT)
    assert vault_tables.in_use() == ""
    restore(kept)


def test_anchors_that_know_more_than_the_backup_are_put_aside(kept, county, empty_place, data_dir):
    """Restored beside the anchors of what came later: told, kept, and no reason to cry tampering."""
    people.correct(person=county.li, identity_fields={"phone": "13900000000"}, by=county.office, at=AT)
    head = Head.objects.get()
    anchor.keep(head.journal, head.count, head.hash, AT)
    later = anchor.path_of(head.journal).read_bytes()
    place = empty_place()
    (place / "anchors").mkdir()
    shutil.copy(data_dir / "anchors" / f"{head.journal}.jsonl", place / "anchors")
    result = restore(kept)
    assert "锚点移到了" in result.remarks[0]
    assert [path.read_bytes() for path in (place / "anchors").glob("*.retired")] == [later]
    assert verify().whole


def test_every_kind_of_column_has_its_form():
    kinds = {kind.partition(":")[0] for table in vault_tables.tables() for _, kind in table.columns}
    assert {"int", "text", "bool", "uuid", "date", "moment", "decimal"} <= kinds


def test_a_reader_closes_what_it_cannot_use(tmp_path):
    file = tmp_path / "x.zip"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(MANIFEST, "[]")
        made.writestr(MARK, "x")
    assert "不是 zhucun" in refused(Reader, file)
