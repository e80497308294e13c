"""Whatever is done to the journal behind its back is found, and the first altered entry is named.

The tamperer has the whole database, and may switch the guard off, but does not have the key.
"""

import os
import random
import unicodedata
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.db.models import F

from zhucun.base.journal import anchor, guard
from zhucun.base.journal.chain import HASHED, genesis, link, seal_of
from zhucun.base.journal.models import Entry, Head
from zhucun.base.journal.verify import verify

from .conftest import AT

pytestmark = pytest.mark.django_db
LENGTH = 20
TAMPERS = 2100 * int(os.environ.get("EFFORT", "1"))
ANCHORED = (7, 16)
TEXT = [name for name in HASHED if name not in {"seq"}] + ["hash"]


@pytest.fixture
def chain(write, data_dir):
    """Twenty entries, two anchors, no guard; and the head row as it stood after every entry."""
    heads = {}
    for n in range(1, LENGTH + 1):
        area = {"county": "430426", "township": "430426102", "village": "430426102201", "unit": "7c9e6679"}
        write(1, reason=f"理由 {n}", data={"n": n, "区": list(area.values())})
        heads[n] = Head.objects.get()
        if n in ANCHORED:
            anchor.path_of(heads[n].journal).unlink(missing_ok=True) if n == ANCHORED[0] else None
            anchor.keep(heads[n].journal, n, heads[n].hash, AT)
    guard.remove(connection)
    assert verify().whole
    return heads


class Tamper:
    """Every way to tamper; each returns the entry that must be named."""

    def __init__(self, heads: dict[int, Head], dice: random.Random):
        self.heads, self.dice = heads, dice

    def one(self, last: int = LENGTH) -> int:
        return self.dice.randint(1, last)

    def edit(self) -> int:
        seq, column = self.one(), self.dice.choice(TEXT)
        rows = Entry.objects.filter(seq=seq)
        before = rows.values_list(column, flat=True).get()
        rows.update(**{column: other(before, self.dice, Entry._meta.get_field(column).max_length)})
        return seq

    def renumber(self) -> int:
        seq = self.one()
        Entry.objects.filter(seq=seq).update(seq=LENGTH + self.one())
        return seq

    def delete(self) -> int:
        seq = self.one()
        Entry.objects.filter(seq__in=range(seq, seq + self.dice.choice((1, 1, 3)))).delete()
        return seq

    def empty(self) -> int:
        Entry.objects.all().delete()
        return 1

    def swap(self) -> int:
        first, second = sorted(self.dice.sample(range(1, LENGTH + 1), 2))
        Entry.objects.filter(seq=first).update(seq=LENGTH + 100)
        Entry.objects.filter(seq=second).update(seq=first)
        Entry.objects.filter(seq=LENGTH + 100).update(seq=second)
        return first

    def copy_over(self) -> int:
        source, target = self.dice.sample(range(1, LENGTH + 1), 2)
        values = Entry.objects.filter(seq=source).values(*TEXT).get()
        Entry.objects.filter(seq=target).update(**values)
        return target

    def insert(self) -> int:
        """Make room, and put a forged entry in, with the hash of the one it displaced."""
        seq = self.one()
        for row in Entry.objects.filter(seq__gte=seq).order_by("-seq"):
            Entry.objects.filter(seq=row.seq).update(seq=row.seq + 1)
        forged = Entry.objects.get(seq=seq + 1)
        forged.seq, forged.reason = seq, "伪造"
        forged.save(force_insert=True)
        Head.objects.update(count=F("count") + 1)
        return seq

    def append(self) -> int:
        forged = Entry.objects.get(seq=self.one())
        forged.seq = LENGTH + 1
        forged.save(force_insert=True)
        Head.objects.update(count=LENGTH + 1, hash=forged.hash)
        return LENGTH + 1

    def cut(self) -> int:
        seq = self.one()
        Entry.objects.filter(seq__gte=seq).delete()
        return seq

    def cut_and_wind_back(self) -> int:
        """The tail gone and the head row made to fit, all but its seal."""
        seq = self.dice.randint(2, LENGTH)
        Entry.objects.filter(seq__gte=seq).delete()
        Head.objects.update(count=seq - 1, hash=Entry.objects.get(seq=seq - 1).hash)
        return seq

    def restore_old_copy(self) -> int:
        """Everything as it once was, the sealed head row included: only an anchor knows better."""
        seq = self.one(ANCHORED[-1] - 1)
        Entry.objects.filter(seq__gt=seq).delete()
        self.heads[seq].save(force_update=True)
        return seq + 1

    def head(self) -> int:
        """The head row alone; what stands in the entries is whole, so the entry after the last one is named."""
        column = self.dice.choice(("count", "hash", "seal"))
        head = Head.objects.get()
        altered = (
            head.count + self.dice.choice((1, 7)) if column == "count" else other(getattr(head, column), self.dice, 64)
        )
        Head.objects.update(**{column: altered})
        return LENGTH + 1

    def rewrite_with_another_key(self) -> int:
        seq = self.one()
        before = "0" * 64
        for row in Entry.objects.filter(seq__gte=seq).order_by("seq"):
            row.reason, row.hash = "重写", before
            row.save()
            before = other(before, self.dice, 64)
        return seq

    WAYS = (edit, edit, edit, renumber, delete, empty, swap, copy_over, insert, append, cut, cut_and_wind_back,
            restore_old_copy, head, rewrite_with_another_key)  # fmt: skip


def other(text: str, dice: random.Random, longest: int | None) -> str:
    """Another text: a character changed, dropped or added, white space, the other Unicode form, or nothing at all."""
    place = dice.randrange(len(text)) if text else 0
    made = dice.choice((
        text[:place] + dice.choice("0a改 ”") + text[place + 1 :], text[:place] + text[place + 1 :], text + " ", f"{text}\u200b",
        unicodedata.normalize("NFD", text), text.swapcase(), "", text.replace("2", "２"), text[::-1],
    ))[:longest]  # fmt: skip
    return made if made != text else f"{text[:-1]}{'y' if text.endswith('x') else 'x'}"


def test_every_tampering_is_found_and_the_right_entry_named(chain):
    dice = random.Random(20221207)
    tamper = Tamper(chain, dice)
    missed = []
    for n in range(TAMPERS if connection.vendor == "sqlite" else TAMPERS // 3):
        way = Tamper.WAYS[n % len(Tamper.WAYS)]
        sid = transaction.savepoint()
        expected = way(tamper)
        verdict = verify()
        if verdict.whole or verdict.broken != expected:
            missed.append((n, way.__name__, expected, verdict))
        transaction.savepoint_rollback(sid)
    assert not missed[:5], f"{len(missed)} of {TAMPERS}"
    assert verify().whole


def test_whoever_has_stolen_the_key_is_found_by_an_anchor(chain):
    """A chain written anew with the right key from some entry on stands in every hash, but not in the anchors."""
    for seq in (1, 5, 7, 8, 15, 16):
        sid = transaction.savepoint()
        head = Head.objects.get()
        before = Entry.objects.get(seq=seq - 1).hash if seq > 1 else genesis(head.journal)
        for row in Entry.objects.filter(seq__gte=seq).order_by("seq"):
            row.reason = "从未发生"
            before = row.hash = link(before, row)
            row.save()
        head.hash = before
        head.seal = seal_of(head)
        head.save()
        verdict = verify()
        assert verdict.broken == next(anchored for anchored in ANCHORED if anchored >= seq)
        assert "锚点" in verdict.problem
        transaction.savepoint_rollback(sid)


def test_the_head_row_cannot_be_taken_away_or_exchanged(chain):
    head = Head.objects.get()
    for change in (
        {"journal": "7c9e6679-7425-40de-944b-e07fc1f90ae7"},
        {"first": 5},
        {"first": LENGTH + 1},
        {"key": "0" * 16},
    ):
        Head.objects.update(**change)
        assert not verify().whole, change
        head.save()
    Head.objects.all().delete()
    assert "链头不见了" in verify().problem
    Entry.objects.all().delete()
    assert "整本" in verify().problem, "the anchors remember a journal"


def test_a_new_journal_in_the_place_of_the_old_one_is_found(chain, write):
    Head.objects.all().delete()
    Entry.objects.all().delete()
    guard.install(connection)
    write(2)
    assert "另一本日志" in verify().problem


@pytest.mark.parametrize(
    "replacement", [b"", b"\0\0\0", b'{"at": "x"}', b"[]", "改".encode(), b'{"at":1,"count":"x","hash":0,"mark":0}']
)
def test_an_anchor_line_that_was_altered_is_found(chain, replacement):
    file = anchor.path_of(Head.objects.get().journal)
    first, second = file.read_bytes().splitlines()
    file.write_bytes(first + b"\n" + replacement + b"\n")
    assert verify().whole == (replacement == b""), "a line cut off is known by a copy kept elsewhere only"
    for old, new in (
        (b'"count": 16', b'"count": 12'),
        (b'"count": 16', b'"count": 3'),
        (b"2022", b"2021"),
        (second[-20:-10], b"0123456789"),
    ):
        assert old in second
        file.write_bytes(first + b"\n" + second.replace(old, new) + b"\n")
        assert "锚点" in verify().problem


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps text in text columns only")
@pytest.mark.parametrize("value", ["x'00ff'", "CAST(x'ff' AS TEXT)", "CAST(x'c0af' AS TEXT)"])
@pytest.mark.parametrize("column", ["reason", "data", "hash", "actor_name"])
def test_bytes_in_the_place_of_text_are_found(chain, column, value):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE journal_entry SET {column} = {value} WHERE seq = 17")
    assert verify().broken == 17


def test_every_kept_column_is_hashed(chain):
    entry = Entry.objects.get(seq=7)
    columns = {field.name for field in Entry._meta.concrete_fields}
    assert set(HASHED) == columns - {"hash"}
    hashes = {link("0" * 64, entry)}
    for name in HASHED:
        altered = Entry.objects.get(seq=7)
        setattr(altered, name, 8 if name == "seq" else "x")
        hashes.add(link("0" * 64, altered))
    assert len(hashes) == len(HASHED) + 1


def test_a_boundary_moved_between_two_columns_is_another_entry(chain):
    """Two neighbouring columns whose joined text is the same must not give the same hash."""
    for left, right in pairwise(name for name in HASHED if name != "seq"):
        one, two = Entry(seq=1), Entry(seq=1)
        setattr(one, left, "ab"), setattr(one, right, "c")
        setattr(two, left, "a"), setattr(two, right, "bc")
        assert link("", one) != link("", two)
