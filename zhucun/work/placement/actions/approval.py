"""Approving a proposal: the ledger follows it through the actions of teams, all of it or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction

from zhucun.base.directory.models import Unit
from zhucun.base.journal import journal
from zhucun.work.placement import instance as instances
from zhucun.work.placement import plan, rules
from zhucun.work.placement.fates import LEAVING, Fate, Kind, Outcome, fates
from zhucun.work.placement.instance import Instance
from zhucun.work.placement.models import Line, Proposal, Round, Seat
from zhucun.work.teams import actions as teams
from zhucun.work.teams.models import Posting, Team

RIGHT = "placement.edit"


class Where(StrEnum):
    """The page where an obstacle is mended."""

    ROUND = "round"
    MEETING = "meeting"
    PROPOSAL = "proposal"
    REASONS = "reasons"
    VILLAGE = "village"
    CANDIDATE = "candidate"


@dataclass(frozen=True)
class Obstacle:
    """What stands in the way, in a sentence, and where it is mended: of one village or one candidate, if it is."""

    sentence: str
    where: Where
    village: str = ""
    candidate: object = None


def obstacles(*, proposal: Proposal, by, at: datetime) -> list[str]:
    """What still stands in the way of approving a proposal, in sentences; empty when nothing does."""
    return [one.sentence for one in in_the_way(proposal=proposal, by=by, at=at)]


def in_the_way(*, proposal: Proposal, by, at: datetime) -> list[Obstacle]:
    """The same, each with the place where it is mended."""
    by.require(RIGHT, at, proposal)
    instance = instances.build(proposal.round, proposal.weights)
    refusals = plan.refusals(instance, plan.teams_of(proposal))
    return [
        *_of_round(proposal),
        *(Obstacle(f"{sentence}。", Where.PROPOSAL) for sentence in refusals),
        *_of_units(proposal, instance),
        *_of_people(proposal, instance),
    ]


def _of_round(proposal: Proposal) -> Iterator[Obstacle]:
    """What the proposal and its round still lack."""
    round = proposal.round
    if proposal.state != Proposal.State.READY:
        yield Obstacle("这个方案还没有算好。", Where.PROPOSAL)
    if round.state is not rules.Status.DELIBERATING:
        yield Obstacle(f"这一批现在是“{round.state.label}”，要在“研判中”才能批准。", Where.ROUND)
    if not (round.met_on and round.attendees.strip()):
        yield Obstacle("还没有填写研判会议的日期和参会部门。", Where.MEETING)


def _of_units(proposal: Proposal, instance: Instance) -> Iterator[Obstacle]:
    """Teams whose unit is not of the kind the article sends, without the reason."""
    for line in proposal.lines.select_related("village", "unit").order_by("village"):
        if line.village_id in instance.needs and rules.needs_reason(
            line.unit.category, instance.troubles(line.village_id), line.reason
        ):
            sentence = f"{line.village}由{line.unit}牵头，不符合对口原则，请写明理由。"
            yield Obstacle(sentence, Where.REASONS, line.village_id)


def _of_people(proposal: Proposal, instance: Instance) -> Iterator[Obstacle]:
    """Who is seated and may not be sent any more, or not without a reason."""
    seated = dict(proposal.seats.values_list("candidate", "line__village"))
    for row, known in instance.judged.items():
        if row.pk in seated and known.refusals:
            sentence = f"{row.person}现在不能选派：{'；'.join(known.refusals)}。请在方案里换人。"
            yield Obstacle(sentence, Where.VILLAGE, seated[row.pk], row.pk)
        elif row.pk in seated and known.warnings and not row.reason.strip():
            sentence = f"{row.person}：{'；'.join(known.warnings)}，请在推荐人选里补写仍要推荐的理由。"
            yield Obstacle(sentence, Where.CANDIDATE, seated[row.pk], row.pk)


@transaction.atomic
def ask(*, proposal: Proposal, by, at: datetime) -> None:
    """Let a proposal be approved by a process of its own, as soon as nothing stands in the way.

    Raises ValidationError with everything that does.
    """
    found = obstacles(proposal=proposal, by=by, at=at)
    if found:
        raise ValidationError(found)
    kept = {name: what for name, what in (proposal.findings or {}).items() if name != "refused"}
    proposal.findings = kept | {"asked": _content(proposal)}
    proposal.save(update_fields=["findings"])
    journal.note(by=by, at=at, action="round.approval_asked", target=proposal, data={"number": proposal.number})


def _content(proposal: Proposal) -> list:
    """What an approval is asked for: the proposal as changed so often, of a round with these needs and people."""
    version = Proposal.objects.values_list("version", flat=True).get(pk=proposal.pk)
    return [version, instances.build(proposal.round, proposal.weights).fingerprint]


@transaction.atomic
def refuse(*, proposal: Proposal, sentences: list[str], by, at: datetime) -> None:
    """Keep why an approval was refused half way, for the page that waits for it; the ledger is as it was."""
    by.require(RIGHT, at, proposal)
    kept = {name: what for name, what in (proposal.findings or {}).items() if name != "asked"}
    proposal.findings = kept | {"refused": sentences}
    proposal.save(update_fields=["findings"])
    journal.note(by=by, at=at, action="round.approval_refused", target=proposal, data={"problem": sentences})


@transaction.atomic
def approve(
    *, proposal: Proposal, by, at: datetime, progress: Callable[[str, float], None] = lambda text, share: None
) -> Round:
    """Approve a proposal: on the round's first day its teams and postings begin, those before end the day before.

    Teams whose lead unit stays go on; others are closed and opened anew. Who stays in team and role stays posted, and
    begins a new term when the old one is full; who leaves ends by 期满 when the term is full, else by 调整 (no fault),
    with a hand-over list to the new leader. What becomes of everybody is decided in fates.
    Raises ValidationError with everything that stands in the way, or that the room of teams refuses.
    """
    by.require(RIGHT, at, proposal)
    round = Round.objects.select_for_update().get(pk=proposal.round_id)
    proposal.refresh_from_db(fields=["adopted", "state", "findings"])  # a second submit
    proposal.round = round
    if round.state is rules.Status.APPROVED and proposal.adopted:
        return round
    found = obstacles(proposal=proposal, by=by, at=at)
    asked = (proposal.findings or {}).get("asked")
    if asked and asked != _content(proposal):
        found.append("提交批准以后，方案或村需求、人选又有了改动，没有批准。请核对后重新批准。")
    if found:
        raise ValidationError(found)
    with journal.gathering(at):
        Change(fates(round, proposal), by, at, progress).carry_out()
        proposal.adopted = True
        proposal.save(update_fields=["adopted"])
        round.status, round.approved_by, round.approved_at = rules.Status.APPROVED.value, by, at
        round.full_clean()
        round.save(update_fields=["status", "approved_by", "approved_at"])
        data = {"number": proposal.number, "objective": proposal.objective, "document": round.document}
        journal.note(by=by, at=at, action="round.approved", target=round, data=data)
    return round


@dataclass
class Change:
    """What approving does to the ledger, step by step: who leaves, which teams close and open, who comes, who hands over."""

    outcome: Outcome
    by: object
    at: datetime
    progress: Callable[[str, float], None]
    posted: dict[str, Posting] = field(default_factory=dict)

    def carry_out(self) -> None:
        """All of it, in the order the promises of the ledger need: endings first."""
        self.progress("正在办理离任", 0.1)
        for fate in self.outcome.people:
            if fate.posting and fate.ending:
                self._end(fate, fate.posting)
        lines = self.outcome.lines
        for n, line in enumerate(lines.values()):
            self.progress(f"正在办理到任：{line.village}", 0.4 + 0.5 * n / len(lines))
            self._post(line, self._team(line))
        self.progress("正在建交接清单", 0.92)
        self._hand_over()

    @property
    def round(self) -> Round:
        """The round that is approved."""
        return self.outcome.round

    @property
    def _who(self) -> dict:
        return {"by": self.by, "at": self.at}

    def _end(self, fate: Fate, posting: Posting) -> None:
        """End the posting so far; who stays in the village hands nothing over."""
        teams.end_posting(
            posting=posting, last_day=self.outcome.last_day, ending=fate.ending,
            reason=f"{self.round}：{fate.why}", hands_over=fate.kind in LEAVING, **self._who,
        )  # fmt: skip

    def _team(self, line: Line) -> Team:
        """The team that goes on in the village, or a new one after the others were closed."""
        units = {seat.candidate.unit_id for seat in line.seats.all()} - {line.unit_id}
        partners = list(Unit.objects.filter(pk__in=units).order_by("name"))
        for team, followed_by in self.outcome.closing:
            if followed_by is line:
                teams.close_team(
                    team=team, last_day=self.outcome.last_day, ending=Posting.Ending.TERM,
                    reason=f"{self.round}：改由{line.unit}帮扶", **self._who,
                )  # fmt: skip
        going_on = self.outcome.going_on.get(line.village_id)
        if going_on is None:
            return teams.open_team(
                number=self._number(line), village=line.village, lead_unit=line.unit, partners=partners,
                start=self.round.starts_on, **self._who,
            )  # fmt: skip
        if {unit.pk for unit in going_on.partners.all()} != units:
            teams.change_units(
                team=going_on, lead_unit=line.unit, partners=partners, reason=str(self.round), **self._who
            )
        return going_on

    def _number(self, line: Line) -> str:
        """A number nobody has: the year and the village's place in the county, 2023-102201."""
        base = number = f"{self.round.starts_on:%Y}-{line.village_id[6:]}"
        n = 1
        while Team.objects.filter(county=self.round.county_id, number=number).exists():
            n += 1
            number = f"{base}-{n}"
        return number

    def _post(self, line: Line, team: Team) -> None:
        kept = []
        for seat in sorted(line.seats.all(), key=lambda seat: not seat.leads):
            fate = self.outcome.by_seat[seat.pk]
            posting = fate.posting
            if fate.kind is not Kind.STAYS:
                reason = "；".join(filter(None, (seat.candidate.reason, line.reason))) or str(self.round)
                posting = teams.post(
                    person=fate.person, team=team, role=fate.role, start=self.round.starts_on,
                    document=self.round.document, reason=reason, **self._who,
                )  # fmt: skip
            if seat.leads and posting:
                self.posted[line.village_id] = posting
            seat.posting = posting
            kept.append(seat)
        Seat.objects.bulk_update(kept, ["posting"])

    def _hand_over(self) -> None:
        """Those who left a village hand over to its new leader."""
        for fate in self.outcome.people:
            if fate.posting is None or fate.kind not in LEAVING:
                continue
            receiver = self.posted.get(fate.posting.team.village_id)
            if receiver:
                teams.name_receiver(posting=fate.posting, receiver=receiver, **self._who)
