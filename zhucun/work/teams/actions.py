"""What is done to teams and postings: open, close, post, end (期满 调整 召回), hand over, review."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from zhucun.base.access import actions as access
from zhucun.base.access.models import User
from zhucun.base.access.permissions import Role as AccessRole
from zhucun.base.directory.models import Unit, Village
from zhucun.base.journal import journal
from zhucun.base.journal.journal import Note
from zhucun.base.people import actions as people
from zhucun.base.people.models import Person, Record
from zhucun.base.timeline.periods import ONE_DAY, end_after

from .eligibility import concerns_about, time_clash
from .models import Handover, HandoverItem, Judgement, Posting, Review, Team


@transaction.atomic
def open_team(
    *, number: str, village: Village, lead_unit: Unit, partners: list[Unit], start: date, by, at: datetime
) -> Team:
    """Found a team in a village from `start` on; raises ValidationError for a taken number or a lead unit among the partners."""
    team = Team(number=number, county_id=village.county_id, village=village, lead_unit=lead_unit, start=start)
    by.require("teams.edit", at, team)
    if lead_unit in partners:
        raise ValidationError(f"{lead_unit}已经是牵头单位，不用再列为参与单位。")
    team.full_clean()
    team.save(force_insert=True)
    team.partners.set(partners)
    data = {
        "number": number,
        "village": village.code,
        "lead": lead_unit.name,
        "partners": [unit.name for unit in partners],
        "start": start,
    }
    journal.note(by=by, at=at, action="team.opened", target=team, data=data)
    return team


@transaction.atomic
def change_units(*, team: Team, lead_unit: Unit, partners: list[Unit], reason: str, by, at: datetime) -> Team:
    """Change which units a team is joined of; its people are posted and ended one by one."""
    by.require("teams.edit", at, team)
    if lead_unit in partners:
        raise ValidationError(f"{lead_unit}已经是牵头单位，不用再列为参与单位。")
    before = [team.lead_unit.name, *(unit.name for unit in team.partners.all())]
    team.lead_unit = lead_unit
    team.full_clean()
    team.save(update_fields=["lead_unit"])
    team.partners.set(partners)
    after = [lead_unit.name, *(unit.name for unit in partners)]
    journal.note(by=by, at=at, action="team.units_changed", target=team, data={"units": [before, after]}, reason=reason)
    return team


@transaction.atomic
def close_team(*, team: Team, last_day: date, ending: str, reason: str, by, at: datetime) -> Team:
    """Close a team after `last_day`, inclusive; everybody still in post ends that day in the way named (期满 or 其他).

    Raises ValidationError when it has been closed already, or somebody was posted to begin after that day.
    """
    by.require("teams.edit", at, team)
    team.end = _locked_end(team)
    if team.end is not None:
        raise ValidationError(f"{team}已经在 {team.last_day} 撤销，如果日期记错了请用“更正”。")
    if ending not in {Posting.Ending.TERM, Posting.Ending.OTHER}:
        raise ValidationError("撤销工作队时，队员的离任方式只能是“期满”或“其他”；调整、召回请逐人办理。")
    if team.postings.filter(start__gt=last_day).exists():
        raise ValidationError(f"有队员在 {last_day} 之后才到任，请先办理他们的离任，或选更晚的撤销日期。")
    for posting in team.postings.filter(end__isnull=True).select_related("person", "team__village"):
        end_posting(posting=posting, last_day=last_day, ending=ending, reason=reason, by=by, at=at)
    team.end = end_after(last_day)
    team.full_clean()
    team.save(update_fields=["end"])
    journal.note(by=by, at=at, action="team.closed", target=team, data={"last_day": last_day}, reason=reason)
    return team


@transaction.atomic
def post(
    *, person: Person, team: Team, role: str, start: date, by, at: datetime, document: str = "", reason: str = ""
) -> Posting:
    """Post a person to a team from `start` on (到任), and let their account, if any, see the village.

    Every doubt the policy weighs as a refusal raises ValidationError, and so does one to be justified when no `reason`
    is given; so do an overlapping posting and a start outside the team's own time.
    """
    by.require("teams.posting_edit", at, team)
    record = person.records.on(start).select_related("unit").first()
    if record is None:
        raise ValidationError(f"{person}在 {start} 还没有人员情况记录，请先补充派出单位、学历等。")
    posting = Posting(person=person, team=team, unit=record.unit, role=role, start=start, document=document)
    _refuse_unless_free(posting)
    found = concerns_about(record=record, posting=posting)
    refusals = [concern.sentence for concern in found if concern.refuses]
    if refusals:
        raise ValidationError([f"{person}不能派到{team}：{sentence}。" for sentence in refusals])
    if found and not reason.strip():
        raise ValidationError([f"{person}：{concern.sentence}。如仍要选派，请写明理由。" for concern in found])
    posting.full_clean()
    posting.save(force_insert=True)
    posting.followed = _let_follow([person.pk], by, at)
    data = {
        "team": team.number,
        "role": role,
        "start": start,
        "unit": record.unit.name,
        "concerns": [c.doubt.name for c in found],
    }
    journal.note(by=by, at=at, action="posting.opened", target=posting, data=data, reason=reason)
    grant_sight(posting=posting, by=by, at=at)
    return posting


@transaction.atomic
def end_posting(
    *, posting: Posting, last_day: date, ending: str, reason: str, by, at: datetime, hands_over: bool = True
) -> Posting:
    """End a posting after `last_day`, inclusive, by 期满, 调整 (no fault), 召回 (fault) or 其他, and open its hand-over list.

    Who stays in the village in another role or team hands nothing over.

    Raises ValidationError when it has ended already, when the day lies before 到任, or a reason is missing.
    """
    by.require("teams.posting_edit", at, posting)
    posting.end = (
        Posting.objects.select_for_update().values_list("end", flat=True).get(pk=posting.pk)
    )  # a second submit
    if posting.end is not None:
        raise ValidationError(f"{posting.person}已经在 {posting.last_day} 离任，如果日期记错了请用“更正”。")
    if last_day < posting.start:
        raise ValidationError(f"离任日期 {last_day} 早于到任日期 {posting.start}，请检查。")
    if ending != Posting.Ending.TERM and not reason.strip():
        raise ValidationError("请写明离任原因。")
    posting.end, posting.ending, posting.ending_reason = last_day + ONE_DAY, ending, reason
    posting.full_clean()
    posting.save(update_fields=["end", "ending", "ending_reason"])
    posting.followed = _let_follow([posting.person_id], by, at)
    journal.note(
        by=by, at=at, action=f"posting.ended_by_{ending}", target=posting, data={"last_day": last_day}, reason=reason
    )
    access.withdraw_by(source=posting.source, end=posting.end, by=by, at=at)
    if hands_over:
        Handover.objects.get_or_create(posting=posting)
    return posting


@transaction.atomic
def end_postings(*, postings: list[Posting], last_day: date, ending: str, reason: str, by, at: datetime) -> None:
    """End several postings after one `last_day`, inclusive, in one way: all of them or none.

    Raises ValidationError with a sentence for every posting that cannot end like that.
    """
    refused = []
    for posting in postings:
        try:
            end_posting(posting=posting, last_day=last_day, ending=ending, reason=reason, by=by, at=at)
        except ValidationError as refusal:
            refused += [message for message in refusal.messages if message not in refused]
    if refused:
        raise ValidationError(refused)


@transaction.atomic
def transfer(*, posting: Posting, last_day: date, reason: str, by, at: datetime, successor: Person | None = None,
             successor_reason: str = "", document: str = "") -> Posting | None:  # fmt: skip
    """调整 (no fault): end a posting after `last_day` and, when a successor is named, post them in the same role the next day.

    Returns the successor's posting, named as receiver on the hand-over list. All of it or nothing.
    """
    end_posting(posting=posting, last_day=last_day, ending=Posting.Ending.TRANSFER, reason=reason, by=by, at=at)
    if successor is None:
        return None
    arrival = post(
        person=successor, team=posting.team, role=posting.role, start=last_day + ONE_DAY, by=by, at=at,
        document=document, reason=successor_reason,
    )  # fmt: skip
    Handover.objects.filter(posting=posting).update(receiver=arrival)
    return arrival


@transaction.atomic
def correct_posting(*, posting: Posting, fields: dict, reason: str, by, at: datetime) -> Posting:
    """Put right what was wrongly written down of a posting (dates, role, document); old and new stay in the journal."""
    by.require("teams.posting_edit", at, posting)
    if not reason.strip():
        raise ValidationError("请写明更正的理由。")
    changed = journal.apply(posting, fields)
    if changed:
        _refuse_unless_free(posting)
        posting.full_clean()
        posting.save()
        posting.followed = _let_follow([posting.person_id], by, at)
        journal.note(by=by, at=at, action="posting.corrected", target=posting, data=changed, reason=reason)
        _follow(posting, by, at)
    return posting


@transaction.atomic
def lift_recall(*, posting: Posting, reason: str, by, at: datetime) -> Posting:
    """A recall was revoked on review: the posting stays ended, without fault (其他), and the ban with it is gone.

    Whoever reviews appeals decides this; raises ValidationError for a posting that did not end by recall.
    """
    by.require("accountability.review", at, posting)
    held = Posting.objects.select_for_update(of=("self",)).get(pk=posting.pk)
    if held.ending != Posting.Ending.RECALL:
        raise ValidationError(f"{posting.person}不是因召回离任，没有可以撤销的召回。")
    changed = journal.apply(posting, {"ending": Posting.Ending.OTHER, "ending_reason": "召回决定经申诉复核撤销"})
    posting.save(update_fields=["ending", "ending_reason"])
    journal.note(by=by, at=at, action="posting.corrected", target=posting, data=changed, reason=reason)
    return posting


@transaction.atomic
def follow_record(*, record: Record, by, at: datetime) -> None:
    """After a record's unit was put right, let the postings begun while it held name that unit too."""
    began = Posting.objects.filter(person=record.person, start__gte=record.start).exclude(unit=record.unit)
    if record.end is not None:
        began = began.filter(start__lt=record.end)
    notes = []
    for posting in began.select_related("person", "team__village"):
        changed = journal.apply(posting, {"unit": record.unit})
        posting.save(update_fields=["unit"])
        notes.append(
            Note("posting.corrected", posting, {"unit": [str(unit) for unit in changed["unit"]]}, "派出单位更正")
        )
    _let_follow([record.person_id], by, at)
    journal.note_many(by=by, at=at, notes=notes)


@transaction.atomic
def correct_person(
    *, record: Record, identity_fields: dict, record_fields: dict, reason: str, by, at: datetime
) -> bool:
    """Put right who a person is and what a record says of them; postings follow a corrected unit. Whether anything changed.

    Raises ValidationError without a reason, or for values that cannot be.
    """
    if not reason.strip():
        raise ValidationError("请写明更正的理由。")
    changed = people.correct(person=record.person, identity_fields=identity_fields, by=by, at=at, reason=reason)
    recorded = people.correct_record(record=record, fields=record_fields, by=by, at=at, reason=reason)
    if "unit" in recorded:
        follow_record(record=record, by=by, at=at)
    return bool(changed or recorded)


def grant_sight(*, posting: Posting, by, at: datetime) -> None:
    """Let the posted person's account, if there is one, see the village while the posting lasts."""
    user = posting.person.user
    if user is not None:
        role = AccessRole.TEAM_LEADER if posting.leads else AccessRole.MEMBER
        access.grant_by(
            source=posting.source, user=user, role=role, area=posting.team.village,
            start=posting.start, end=posting.end, by=by, at=at,
        )  # fmt: skip


@transaction.atomic
def give_account(*, person: Person, user: User, by, at: datetime) -> None:
    """Tie a sign-in to the person it belongs to, and let it see the villages of their postings not over yet.

    Raises ValidationError when either is tied already, or the account is an administrator's.
    """
    other = Person.objects.filter(user=user).first()
    if person.user_id or other:
        raise ValidationError(
            f"{person}已经有账号。" if person.user_id else f"这个账号已经是{other}的，一个账号只给一个人用。"
        )
    people.give_account(person=person, user=user, by=by, at=at)
    day = timezone.localtime(at).date()
    for posting in person.postings.filter(Q(end__isnull=True) | Q(end__gt=day)).select_related("team__village"):
        posting.person = person
        grant_sight(posting=posting, by=by, at=at)


@transaction.atomic
def open_account(*, person: Person, username: str, password: str, by, at: datetime) -> User:
    """Open an account for a person and tie it to them: one act, all of it or nothing."""
    user = access.open_account(username=username, name=person.name, password=password, by=by, at=at)
    give_account(person=person, user=user, by=by, at=at)
    return user


def open_accounts(*, first_passwords: dict[Person, str], by, at: datetime) -> dict[Person, str]:
    """Open an account named by 人员编号 for each person; returns why not, for those where it was refused.

    Each is a transaction of its own, so that hashing hundreds of passwords never holds others up.
    """
    refused = {}
    for person, password in first_passwords.items():
        try:
            open_account(person=person, username=person.number, password=password, by=by, at=at)
        except ValidationError as refusal:
            refused[person] = " ".join(refusal.messages)
    return refused


@transaction.atomic
def fill_review(*, record: Record, fields: dict, judgements: dict[str, tuple[bool, str]], by, at: datetime) -> Review:
    """Fill in or change the review sheet of a person for a day; `judgements` maps each standard to (met, grounds)."""
    by.require("teams.review_edit", at, record)
    review = Review.objects.filter(record=record, reviewed_on=fields["reviewed_on"]).first() or Review(
        record=record, filled_by=by, filled_at=at
    )
    journal.apply(review, fields | {"filled_by": by, "filled_at": at})
    review.full_clean()
    review.save()
    judged = [Judgement(review=review, standard=name, met=met, grounds=why) for name, (met, why) in judgements.items()]
    Judgement.objects.bulk_create(
        judged, update_conflicts=True, unique_fields=("review", "standard"), update_fields=("met", "grounds")
    )
    data = {"day": review.reviewed_on, "judgements": {standard: met for standard, (met, _) in judgements.items()}}
    journal.note(by=by, at=at, action="review.filled", target=review, data=data)
    return review


@transaction.atomic
def name_receiver(*, posting: Posting, receiver: Posting, by, at: datetime) -> Handover:
    """Name who takes over from a posting that ended; the lines of the hand-over list are filled in later."""
    handover = Handover.objects.select_related("posting__team__village", "posting__person").get(posting=posting)
    by.require("teams.handover_edit", at, handover)
    handover.receiver = receiver
    handover.save(update_fields=["receiver"])
    data = {"receiver": str(receiver)}
    journal.note(by=by, at=at, action="handover.receiver_named", target=handover, data=data)
    return handover


@transaction.atomic
def fill_handover(*, handover: Handover, fields: dict, items: list[dict], by, at: datetime) -> Handover:
    """Write the lines of a hand-over list anew, with receiver, witness and the day of the three signatures."""
    by.require("teams.handover_edit", at, handover)
    if fields.get("signed_on") and not all(item["done"] for item in items):
        raise ValidationError(
            "还有未交接的事项，不能填写三方签字日期。请先逐项交接，或把未办事项改记为接收人继续办理。"
        )
    journal.apply(handover, fields)
    handover.full_clean()
    handover.save()
    handover.items.all().delete()
    HandoverItem.objects.bulk_create(HandoverItem(handover=handover, **item) for item in items)
    data = {"items": [[item["kind"], item["content"], item["done"]] for item in items], "signed_on": handover.signed_on}
    journal.note(by=by, at=at, action="handover.filled", target=handover, data=data)
    return handover


def _refuse_unless_free(posting: Posting) -> None:
    """Raise ValidationError when the posting overlaps another of the same person or lies outside its team's time.

    Run inside the transaction of the writing action: on SQLite the transaction holds the write lock, on PostgreSQL
    the rows of person and team are locked here and an exclusion constraint stands behind it.
    """
    Person.objects.select_for_update().get(pk=posting.person_id)
    posting.team.end = _locked_end(posting.team)  # it may have been closed since the page was loaded
    clash = time_clash(posting)
    if clash:
        raise ValidationError(clash)


def _locked_end(team: Team) -> date | None:
    """The team's end as it is now, nobody else changing it until the transaction is over."""
    return Team.objects.select_for_update().values_list("end", flat=True).get(pk=team.pk)


def _let_follow(people: Iterable[UUID], by, at: datetime) -> list[str]:
    """Let the rooms that keep somebody's days in post follow (ZHUCUN_FOLLOWERS); what they did, in sentences.

    Before the journal is written, as everywhere: rows first, the journal's head last.
    """
    followers = [import_string(path) for path in settings.ZHUCUN_FOLLOWERS]
    return [sentence for follow in followers for sentence in follow(people=people, by=by, at=at)]


def _follow(posting: Posting, by, at: datetime) -> None:
    """Let the duty that came with a posting follow its corrected dates and role."""
    access.withdraw_by(source=posting.source, end=posting.start, by=by, at=at)
    grant_sight(posting=posting, by=by, at=at)
