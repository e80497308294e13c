"""Proof that the journal was not altered: every link, the head, and every anchor kept outside."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError

from . import anchor
from .chain import genesis, link, seal_of
from .keys import fingerprint
from .models import Entry, Head

CHUNK = 2000
LOST_KEY = (
    "无法核对：现在的密钥与写日志时的不同，请把原来的 secret.key 放回数据目录（或设置原来的 ZHUCUN_SECRET_KEY）。"
)


@dataclass(frozen=True)
class Verdict:
    """Whether the journal is whole: `entries` read, `anchors` compared, the first broken entry and what is wrong.

    `unproven` entries stand before the chain began anew with another key; nothing can be said about them.
    """

    entries: int
    anchors: int
    broken: int | None = None
    problem: str = ""
    unproven: int = 0

    @property
    def whole(self) -> bool:
        """Nothing was found to be altered."""
        return not self.problem


class Walk:
    """One walk along the chain; it holds no lock, writers may go on, and what they add meanwhile is read as well."""

    def __init__(self, head: Head):
        self.anchors = anchor.read(head.journal)
        self.anchored: dict[int, set[str]] = defaultdict(set)
        for line in self.anchors:
            self.anchored[line["count"]].add(line["hash"])
        self.first = head.first
        self.seq, self.hash = head.first - 1, genesis(head.journal)

    def broken(self, seq: int, problem: str) -> Verdict:
        """The verdict that entry `seq` is the first that is not as it was written."""
        return Verdict(self.seq, len(self.anchors), seq, problem, self.first - 1)

    def step(self, entry: Entry) -> Verdict | None:
        """Take one entry; a verdict when it is not what it must be."""
        expected = self.seq + 1
        if entry.seq != expected:
            return self.broken(expected, f"第 {expected} 条记录不见了（接着的是第 {entry.seq} 条）。")
        if _link(self.hash, entry) != entry.hash:
            what = f"{entry.at} {entry.action}"
            return self.broken(expected, f"第 {expected} 条记录（{what}）与校验值不符，内容或次序被改动过。")
        if self.anchored.get(expected, {entry.hash}) != {entry.hash}:
            return self.broken(expected, f"第 {expected} 条记录与库外锚点不符，日志被重写过。")
        self.seq, self.hash = entry.seq, entry.hash
        return None

    def end(self, head: Head) -> Verdict:
        """The verdict at the end of the chain, against its head and the anchors."""
        after = self.seq + 1
        longest = max(self.anchored, default=0)
        if longest > self.seq:
            here = f"库外锚点记有 {longest} 条，现在只有 {self.seq} 条"
            return self.broken(after, f"第 {after} 条起的记录不见了：{here}。")
        if head.count > self.seq:
            here = f"链头记有 {head.count} 条，现在只有 {self.seq} 条"
            return self.broken(after, f"第 {after} 条起的记录不见了：{here}。")
        if (head.count, head.hash) != (self.seq, self.hash) or head.seal != seal_of(head):
            return self.broken(after, f"链头被改动过，第 {after} 条起可能有记录被删除。")
        if -1 in self.anchored:
            return self.broken(after, "库外锚点文件有一行被改动过或读不出来，请用备份的锚点文件核对。")
        return Verdict(self.seq, len(self.anchors), unproven=self.first - 1)


def verify(progress: Callable[[int], None] = lambda n: None) -> Verdict:
    """Walk the whole chain; the first fault found ends the walk and is named."""
    head = Head.objects.first()
    if head is None:
        strangers, entries = anchor.others(None), Entry.objects.count()
        if Head.objects.exists():  # the first entry was written just now
            return verify(progress)
        return _without_head(entries, strangers)
    if head.key != fingerprint():
        return Verdict(0, 0, head.first, LOST_KEY)
    before = Entry.objects.filter(seq__lt=head.first).count()
    if before != head.first - 1:
        return Verdict(
            before, 0, 1, f"换密钥以前应有 {head.first - 1} 条记录，现在有 {before} 条，有记录被删除或添加。"
        )
    walk = Walk(head)
    verdict = _walk_to_the_end(walk, progress)
    strangers = anchor.others(head.journal)
    if verdict.whole and strangers:
        return walk.broken(1, _stranger(strangers[0]))
    return verdict


def _walk_to_the_end(walk: Walk, progress: Callable[[int], None]) -> Verdict:
    """Walk until the head read last is reached: writers may have gone on meanwhile."""
    while True:
        before, head = walk.seq, Head.objects.first() or Head()
        if (verdict := _walk(walk, progress)) is not None:
            return verdict
        if walk.seq <= head.count or walk.seq == before:
            return walk.end(head)


def _walk(walk: Walk, progress: Callable[[int], None]) -> Verdict | None:
    """Take every entry there is; a verdict when one is not what it must be."""
    try:
        for entry in _entries(walk):
            if (verdict := walk.step(entry)) is not None:
                return verdict
            if entry.seq % 100 == 0:
                progress(entry.seq)
    except Unreadable as one:
        return walk.broken(one.seq, f"第 {one.seq} 条记录读不出来，内容被改成了不是文字的东西。")
    return None


class Unreadable(Exception):
    """An entry the database cannot give back as text."""

    def __init__(self, seq: int):
        super().__init__(seq)
        self.seq = seq


def _entries(walk: Walk) -> Iterator[Entry]:
    """The entries in order, chunk by chunk, until none is left; each chunk is a query of its own."""
    seq, size = walk.seq, CHUNK
    while True:
        try:
            chunk = list(Entry.objects.filter(seq__gt=seq).order_by("seq")[:size])
        except DatabaseError:
            if size == 1:
                raise Unreadable(seq + 1) from None
            size = 1  # to find the one
            continue
        if not chunk:
            return
        yield from chunk
        seq = chunk[-1].seq


def _link(before: str, entry: Entry) -> str:
    try:
        return link(before, entry)
    except TypeError:  # a column that holds something else than text
        return ""


def _without_head(n: int, strangers: list[str]) -> Verdict:
    if n:
        return Verdict(0, 0, 1, f"日志的链头不见了，却还有 {n} 条记录。")
    if strangers:
        return Verdict(0, 0, 1, _stranger(strangers[0]))
    return Verdict(0, 0)


def _stranger(name: str) -> str:
    return (
        f"数据目录的 anchors 里有另一本日志（{name}）的锚点，而数据库里没有这本日志：它可能被整本删除或换掉了。"
        "如果是有意换了数据库，请把那个锚点文件移到别处保存。"
    )
