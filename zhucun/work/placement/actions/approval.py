"""Approving a proposal: the ledger follows it through the actions of teams, all of it or nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from zhucun.base.directory.models import Unit
from zhucun.base.journal import journal
from zhucun.base.people.models import PARTY
from zhucun.base.policy import policy
from zhucun.base.timeline.periods import ONE_DAY
from zhucun.work.placement import instance as instances
from zhucun.work.placement import plan, rules
from zhucun.work.placement.instance import Instance
from zhucun.work.placement.models import Line, Proposal, Round, Seat
from zhucun.work.teams import actions as teams
from zhucun.work.teams.models import Posting, Team
from zhucun.work.teams.rules import TeamsPolicy, term_ends

RIGHT = "placement.edit"
R, E = Posting.Role, Posting.Ending


def obstacles(*, proposal: Proposal, by, at: datetime) -> list[str]:
    """What still stands in the way of approving a proposal, in sentences; empty when nothing does."""
    by.require(RIGHT, at, proposal)
    round, found = proposal.round, []
    if proposal.state != Proposal.State.READY:
        found.append("这个方案还没有算好。")
    if round.state is not rules.Status.DELIBERATING:
        found.append(f"这一批现在是“{round.state.label}”，要在“研判中”才能批准。")
    if not (round.met_on and round.attendees.strip()):
        found.append("还没有填写研判会议的日期和参会部门。")
    instance = instances.build(round, proposal.weights)
    found += [f"{sentence}。" for sentence in plan.refusals(instance, plan.teams_of(proposal))]
    for line in _lines(proposal):
        if line.village_id in instance.needs and rules.needs_reason(
            line.unit.category, instance.troubles(line.village_id), line.reason
        ):
            found.append(f"{line.village}由{line.unit}牵头，不符合对口原则，请写明理由。")
    return found + list(_of_people(proposal, instance))


def _of_people(proposal: Proposal, instance: Instance) -> Iterator[str]:
    """Who is seated and may not be sent any more, or not without a reason."""
    seated = set(proposal.seats.values_list("candidate", flat=True))
    for row, known in instance.judged.items():
        if row.pk in seated and known.refusals:
            yield f"{row.person}现在不能选派：{'；'.join(known.refusals)}。请在方案里换人。"
        elif row.pk in seated and known.warnings and not row.reason.strip():
            yield f"{row.person}：{'；'.join(known.warnings)}，请在推荐人选里补写仍要推荐的理由。"


@transaction.atomic
def ask(*, proposal: Proposal, by, at: datetime) -> None:
    """Let a proposal be approved by a process of its own, as soon as nothing stands in the way.

    Raises ValidationError with everything that does.
    """
    found = obstacles(proposal=proposal, by=by, at=at)
    if found:
        raise ValidationError(found)
    proposal.findings = {name: what for name, what in (proposal.findings or {}).items() if name != "refused"}
    proposal.save(update_fields=["findings"])
    journal.note(by=by, at=at, action="round.approval_asked", target=proposal, data={"number": proposal.number})


@transaction.atomic
def refuse(*, proposal: Proposal, sentences: list[str], by, at: datetime) -> None:
    """Keep why an approval was refused half way, for the page that waits for it; the ledger is as it was."""
    by.require(RIGHT, at, proposal)
    proposal.findings = (proposal.findings or {}) | {"refused": sentences}
    proposal.save(update_fields=["findings"])
    journal.note(by=by, at=at, action="round.approval_refused", target=proposal, data={"problem": sentences})


@transaction.atomic
def approve(
    *, proposal: Proposal, by, at: datetime, progress: Callable[[str, float], None] = lambda text, share: None
) -> Round:
    """Approve a proposal: on the round's first day its teams and postings begin, those before end the day before.

    Teams whose lead unit stays go on; others are closed and opened anew. Who stays in team and role stays posted; who
    leaves ends by 期满 when the term is full, else by 调整 (no fault), with a hand-over list to the new leader.
    Raises ValidationError with everything that stands in the way, or that the room of teams refuses.
    """
    by.require(RIGHT, at, proposal)
    round = Round.objects.select_for_update().get(pk=proposal.round_id)
    proposal.refresh_from_db(fields=["adopted", "state"])  # a second submit
    proposal.round = round
    if round.state is rules.Status.APPROVED and proposal.adopted:
        return round
    found = obstacles(proposal=proposal, by=by, at=at)
    if found:
        raise ValidationError(found)
    with journal.gathering(at):
        Change(round, proposal, by, at, progress).carry_out()
        proposal.adopted = True
        proposal.save(update_fields=["adopted"])
        round.status, round.approved_by, round.approved_at = rules.Status.APPROVED.value, by, at
        round.full_clean()
        round.save(update_fields=["status", "approved_by", "approved_at"])
        data = {"number": proposal.number, "objective": proposal.objective, "document": round.document}
        journal.note(by=by, at=at, action="round.approved", target=round, data=data)
    return round


def _lines(proposal: Proposal) -> list[Line]:
    rows = proposal.lines.select_related("village", "unit").prefetch_related("seats__candidate__person")
    return list(rows.order_by("village"))


@dataclass
class Change:
    """What approving does to the ledger, step by step: who leaves, which teams close and open, who comes, who hands over."""

    round: Round
    proposal: Proposal
    by: object
    at: datetime
    progress: Callable[[str, float], None]
    going_on: dict[str, Team] = field(default_factory=dict)
    left: list[Posting] = field(default_factory=list)
    posted: dict[str, Posting] = field(default_factory=dict)

    def carry_out(self) -> None:
        """All of it, in the order the promises of the ledger need: endings first."""
        lines = {line.village_id: line for line in _lines(self.proposal)}
        standing = self._standing(lines)
        for village, line in lines.items():
            team = next((one for one in standing.get(village, []) if one.lead_unit_id == line.unit_id), None)
            if team is not None:
                self.going_on[village] = team
        self.progress("正在办理离任", 0.1)
        staying = self._end(lines, standing)
        for n, (village, line) in enumerate(lines.items()):
            self.progress(f"正在办理到任：{line.village}", 0.4 + 0.5 * n / len(lines))
            team = self._team(line, standing.get(village, []))
            self._post(line, team, staying)
        self.progress("正在建交接清单", 0.92)
        self._hand_over()

    @property
    def _who(self) -> dict:
        return {"by": self.by, "at": self.at}

    def _standing(self, lines: Iterable[str]) -> dict[str, list[Team]]:
        """Teams of these villages in force on the day before."""
        rows = Team.objects.on(self.round.starts_on - ONE_DAY).filter(village__in=list(lines), end__isnull=True)
        found: dict[str, list[Team]] = {}
        for team in rows.select_related("village", "lead_unit").prefetch_related("partners"):
            found.setdefault(team.village_id, []).append(team)
        return found

    def _end(self, lines: dict[str, Line], standing: dict[str, list[Team]]) -> dict[object, Posting]:
        """End every posting the plan does not keep as it is; returns the kept ones by person."""
        seats = {seat.candidate.person_id: seat for line in lines.values() for seat in line.seats.all()}
        of_lines = {seat.pk: line for line in lines.values() for seat in line.seats.all()}
        here = [team.pk for teams_there in standing.values() for team in teams_there]
        rows = Posting.objects.filter(end__isnull=True, team__county=self.round.county_id)
        rows = rows.select_related("person", "team__village", "team__lead_unit")
        staying: dict[object, Posting] = {}
        for posting in rows:
            seat = seats.get(posting.person_id)
            line = of_lines[seat.pk] if seat else None
            if seat is None and posting.team_id not in here:
                continue  # neither of a village nor of a person of this round
            if seat and line and self._kept(posting, line, seat):
                staying[posting.person_id] = posting
            else:
                self._end_one(posting, line)
        return staying

    def _kept(self, posting: Posting, line: Line, seat: Seat) -> bool:
        team = self.going_on.get(line.village_id)
        return team is not None and posting.team_id == team.pk and posting.leads == seat.leads

    def _end_one(self, posting: Posting, line: Line | None) -> None:
        numbers = policy.on(self.round.starts_on, TeamsPolicy, area=posting.team.village_id)
        last = self.round.starts_on - ONE_DAY
        stays = line is not None and line.village_id == posting.team.village_id
        if line is not None and stays:
            team = self.going_on.get(line.village_id)
            same = team is not None and posting.team_id == team.pk
            ending, why = E.OTHER, f"留任本村，{'改任职务' if same else '队伍重新组建'}"
        else:
            ending = E.TERM if term_ends(posting.start, numbers) <= self.round.starts_on else E.TRANSFER
            why = f"改派到{line.village}" if line else "轮换"
        teams.end_posting(
            posting=posting,
            last_day=last,
            ending=ending,
            reason=f"{self.round}：{why}",
            hands_over=not stays,
            **self._who,
        )
        if not stays:
            self.left.append(posting)

    def _team(self, line: Line, standing: list[Team]) -> Team:
        """The team that goes on in the village, or a new one after the others were closed."""
        units = {seat.candidate.unit_id for seat in line.seats.all()} - {line.unit_id}
        partners = list(Unit.objects.filter(pk__in=units).order_by("name"))
        going_on = self.going_on.get(line.village_id)
        for team in standing:
            if team is not going_on:
                teams.close_team(
                    team=team, last_day=self.round.starts_on - ONE_DAY, ending=E.TERM,
                    reason=f"{self.round}：改由{line.unit}帮扶", **self._who,
                )  # fmt: skip
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

    def _post(self, line: Line, team: Team, staying: dict[object, Posting]) -> None:
        kept = []
        for seat in sorted(line.seats.all(), key=lambda seat: not seat.leads):
            person = seat.candidate.person
            posting = staying.get(person.pk)
            if posting is None:
                reason = "；".join(filter(None, (seat.candidate.reason, line.reason))) or str(self.round)
                posting = teams.post(
                    person=person, team=team, role=self._role(seat), start=self.round.starts_on,
                    document=self.round.document, reason=reason, **self._who,
                )  # fmt: skip
            if seat.leads:
                self.posted[line.village_id] = posting
            seat.posting = posting
            kept.append(seat)
        Seat.objects.bulk_update(kept, ["posting"])

    def _role(self, seat: Seat) -> str:
        """Leaders in the party are 第一书记兼队长 (a first secretary must be), others 队长; the rest 队员."""
        if not seat.leads:
            return R.MEMBER
        record = seat.candidate.person.record_on(self.round.starts_on)
        return R.FIRST_SECRETARY if record and record.political in PARTY else R.LEADER

    def _hand_over(self) -> None:
        """Those who left a village hand over to its new leader."""
        for posting in self.left:
            receiver = self.posted.get(posting.team.village_id)
            if receiver:
                teams.name_receiver(posting=posting, receiver=receiver, **self._who)
