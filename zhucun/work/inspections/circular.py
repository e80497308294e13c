"""A circular as an official document, and what its rounds say for it."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from zhucun.base.directory.models import Division, Unit
from zhucun.base.web.word import Attachment, Document, Heading, Paragraph, Table, day_text
from zhucun.base.web.word.papers import NUMBERS, Block
from zhucun.work.teams.models import Posting

from .assembling import CELL, Away, Facts, Held, Ordered, Said
from .models import Circular, Correction, Finding, Presence, Round, Visit

MARK = "驻村帮扶工作督查通报"
ATTACHED, COPIED = ("附：", "附件："), "抄送："
EVERYBODY = "各乡镇（街道、管理处）党（工）委，县直各派出单位："
MOST_NAMED = 8
_NUMBERED = re.compile("|".join(NUMBERS))
SHORT = 40
"""A numbered line longer than this is a paragraph, not a heading."""


def facts_of(rounds: Sequence[Round], office: str) -> Facts:
    """What the rounds found, in five queries; findings withdrawn as untrue are left out."""
    visits = list(Visit.objects.filter(round__in=rounds, entered_at__isnull=False).select_related("village__township"))
    presences = list(_presences(visits))
    findings = list(_findings(rounds))
    counts = {found: sum(1 for one in presences if one.found == found) for found in Presence.Found.values}
    return Facts(
        office=office,
        rounds=[Held(one.held_on, one.get_method_display()) for one in rounds],
        townships=len({visit.village.township_id for visit in visits}),
        villages=len({visit.village_id for visit in visits}),
        people=len(presences),
        **counts,
        households=sum(visit.households or 0 for visit in visits),
        knowing=sum(visit.knowing or 0 for visit in visits),
        good=_good(visits, presences, findings),
        findings=[_said(one) for one in findings],
        corrections=[_ordered(one) for one in _corrections(rounds)],
        away=_away(presences, findings),
    )


def addressees(rounds: Sequence[Round]) -> tuple[list[Division], list[Unit]]:
    """The townships gone to or concerned by a finding, the units whose people or duty it is, and whoever has to put right."""
    visits = Visit.objects.filter(round__in=rounds).select_related("village__township", "team__lead_unit")
    findings = list(_findings(rounds))
    concerned = [*findings, *_corrections(rounds)]
    towns = {one.village.township for one in visits} | {one.township for one in concerned if one.township}
    units = {one.unit for one in concerned if one.unit} | {one.team.lead_unit for one in findings if one.team}
    return sorted(towns, key=lambda one: one.pk), sorted(units, key=lambda one: one.name)


def document_of(circular: Circular, office: str) -> Document:
    """The circular as it is printed: with the red head, its number and day once issued, as a draft before."""
    issued = circular.state == Circular.State.ISSUED
    body, attachments, copies = parsed(circular.body)
    day = circular.issued_on if issued else None
    imprint = (office, day_text(day)) if day else ("", "")
    return Document(
        issuer=office, title=circular.title, body=body, attachments=attachments, to=to_whom(circular), copies=copies,
        mark=MARK if issued else "", number=f"{circular.year}年第{circular.number}期" if issued else "", imprint=imprint,
        signature=office, day=day, printed_by=office if issued else "", draft=not issued,
    )  # fmt: skip


def to_whom(circular: Circular) -> str:
    """主送: the addressees by name, or everybody in one phrase where they are many."""
    rows = list(circular.deliveries.all())
    names = [f"{one.township}党（工）委" for one in rows if one.township] + [str(one.unit) for one in rows if one.unit]
    if not names or len(names) > MOST_NAMED:
        return EVERYBODY
    return "，".join(names) + "："


def parsed(text: str) -> tuple[list[Block], list[Attachment], str]:
    """The text as blocks, the attachments begun by 附件：, and the 抄送 line; what is written stays what is printed."""
    body: list[Block] = []
    attached: list[tuple[str, list[str]]] = []
    copies = ""
    for line in (one.strip() for one in text.splitlines()):
        if line.startswith(COPIED):
            copies = line
        elif line.startswith(ATTACHED):
            attached.append((line.partition("：")[2].strip() or "名单", []))
        elif line and attached:
            attached[-1][1].append(line)
        elif line:
            body.append(Heading(line) if _is_heading(line) else Paragraph(line))
    return body, [Attachment(title, _attached(lines)) for title, lines in attached], copies


def _is_heading(line: str) -> bool:
    return len(line) <= SHORT and not line.endswith(("。", "；", "：")) and bool(_NUMBERED.match(line))


def _attached(lines: list[str]) -> list[Block]:
    """Lines with ｜ are the rows of a table, its head first; the others are paragraphs."""
    found: list[Block] = [Paragraph(line) for line in lines if CELL not in line]
    rows = [line.split(CELL) for line in lines if CELL in line]
    if rows:
        head, *rest = rows
        found.append(Table(head, [(row + [""] * len(head))[: len(head)] for row in rest]))
    return found


def _presences(visits: Iterable[Visit]):
    rows = Presence.objects.filter(visit__in=list(visits)).order_by("day", "visit__village", "posting")
    return rows.select_related("posting__person", "posting__unit", "posting__team__village__township")


def _findings(rounds: Sequence[Round]):
    rows = Finding.objects.filter(round__in=rounds).exclude(state=Finding.State.WITHDRAWN)
    paths = ("person", "unit", "township", "team__village__township", "team__lead_unit", "presence")
    return rows.select_related(*paths).order_by("found_on", "number")


def _corrections(rounds: Sequence[Round]):
    rows = Correction.objects.filter(round__in=rounds).exclude(finding__state=Finding.State.WITHDRAWN)
    return rows.select_related("team__village__township", "unit", "township").order_by("due_on", "number")


def _where(row: Finding | Correction) -> str:
    if row.team is not None:
        return f"{row.team.village.township}{row.team.village}"
    return str(row.township or "")


def _said(row: Finding) -> Said:
    unit = f"（{row.unit}）" if row.unit and row.person else ""
    who = f"{row.person}{unit}" if row.person else str(row.unit or "") if row.manager or not row.team else ""
    return Said(row.get_kind_display(), _where(row), who, row.text)


def _ordered(row: Correction) -> Ordered:
    whom = _where(row) + ("工作队" if row.team else "") or str(row.unit or "")
    return Ordered(whom, row.text, row.due_on)


def _good(visits: list[Visit], presences: list[Presence], findings: list[Finding]) -> list[str]:
    """What the sheets themselves praise: everybody there, ledgers and notice board in order, every household knew the team."""
    told = {one.team_id for one in findings if one.team_id}
    fine = []
    for visit in visits:
        there = [one for one in presences if one.visit_id == visit.pk]
        all_here = bool(there) and all(one.found == Presence.Found.HERE for one in there)
        if all_here and visit.ledgers_kept and visit.board_shown and visit.team_id not in told:
            fine.append(f"{visit.village.township}{visit.village}")
    names = list(dict.fromkeys(fine))
    return [f"{'、'.join(names)}驻村工作队全员在岗，台账齐全，公示牌规范。"] if names else []


def _away(presences: list[Presence], findings: list[Finding]) -> list[Away]:
    """Those absent without notice whose finding stands; one withdrawn is not named."""
    stands = {one.presence_id for one in findings if one.presence_id}
    rows = [one for one in presences if one.found == Presence.Found.ABSENT and one.pk in stands]
    return [_line(one.posting, one.day) for one in rows]


def _line(posting: Posting, day: date) -> Away:
    village = posting.team.village
    return Away(
        str(village.township), str(village), str(posting.person), posting.get_role_display(), str(posting.unit), day
    )
