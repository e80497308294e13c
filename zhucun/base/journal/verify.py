"""Proof that the journal was not altered: every link, the head, and every anchor kept outside."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from . import anchor
from .chain import genesis, link
from .keys import fingerprint
from .models import Entry, Head


@dataclass(frozen=True)
class Verdict:
    """Whether the journal is whole: `entries` read, `anchors` compared, the first broken entry and what is wrong."""

    entries: int
    anchors: int
    broken: int | None = None
    problem: str = ""

    @property
    def whole(self) -> bool:
        """Nothing was found to be altered."""
        return not self.problem


def verify(progress: Callable[[int], None] = lambda n: None) -> Verdict:
    """Walk the whole chain; the first fault found ends the walk and is named."""
    head = Head.objects.first()
    if head is None:
        n = Entry.objects.count()
        return Verdict(0, 0, 1, f"日志的链头不见了，却还有 {n} 条记录。") if n else Verdict(0, 0)
    if head.key != fingerprint():
        return Verdict(0, 0, 1, "无法核对：现在的密钥与写日志时的不同，请把原来的 secret.key 放回数据目录（或设置原来的 ZHUCUN_SECRET_KEY）。")
    anchors = anchor.read(head.journal)
    anchored = {line["count"]: line["hash"] for line in anchors}
    before, seq = genesis(head.journal), 0
    for entry in Entry.objects.order_by("seq").iterator(chunk_size=2000):
        seq += 1
        if entry.seq != seq:
            return Verdict(seq - 1, len(anchors), seq, f"第 {seq} 条记录不见了（接着的是第 {entry.seq} 条）。")
        if not hmac.compare_digest(link(before, entry), entry.hash):
            return Verdict(seq, len(anchors), seq, f"第 {seq} 条记录（{entry.at} {entry.action}）与校验值不符，内容或次序被改动过。")
        if anchored.get(seq, entry.hash) != entry.hash:
            return Verdict(seq, len(anchors), seq, f"第 {seq} 条记录与库外锚点不符，日志被重写过。")
        before = entry.hash
        if seq % 1000 == 0:
            progress(seq)
    return _ends_well(head, seq, before, anchors)


def _ends_well(head: Head, seq: int, value: str, anchors: list[dict]) -> Verdict:
    longest = max((line["count"] for line in anchors), default=0)
    if longest > seq:
        return Verdict(seq, len(anchors), seq + 1, f"第 {seq + 1} 条起的记录不见了：库外锚点记有 {longest} 条，现在只有 {seq} 条。")
    if any(line["count"] < 0 for line in anchors):
        return Verdict(seq, len(anchors), seq, "库外锚点文件有一行读不出来，请用备份的锚点文件核对。")
    if (head.count, head.hash) != (seq, value):
        return Verdict(seq, len(anchors), seq + 1, f"第 {seq + 1} 条起的记录不见了：链头记有 {head.count} 条，现在只有 {seq} 条。")
    return Verdict(seq, len(anchors))
