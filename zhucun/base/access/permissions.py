"""What may be done, and which role may do it."""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """One thing somebody may do, grouped by noun."""

    DIRECTORY_VIEW = "directory.view"
    DIRECTORY_EDIT = "directory.edit"
    UNIT_CONTACT_EDIT = "directory.unit_contact_edit"

    PERSON_VIEW = "people.view"
    PERSON_EDIT = "people.edit"
    PERSON_REVEAL = "people.reveal"

    TEAM_VIEW = "teams.view"
    TEAM_EDIT = "teams.edit"
    POSTING_EDIT = "teams.posting_edit"
    REVIEW_EDIT = "teams.review_edit"
    HANDOVER_EDIT = "teams.handover_edit"

    PLACEMENT_VIEW = "placement.view"
    PLACEMENT_EDIT = "placement.edit"
    NEED_EDIT = "placement.need_edit"
    CANDIDATE_EDIT = "placement.candidate_edit"
    PLACEMENT_OBJECT = "placement.object"

    ATTENDANCE_VIEW = "attendance.view"
    ATTENDANCE_FILL = "attendance.fill"
    ATTENDANCE_CONFIRM = "attendance.confirm"
    ATTENDANCE_CORRECT = "attendance.correct"
    BOOK_PRINT = "attendance.book_print"
    BOOK_READ = "attendance.book_read"
    LEAVE_ASK = "attendance.leave_ask"
    LEAVE_RECORD = "attendance.leave_record"
    LEAVE_AS_LEADER = "attendance.leave_as_leader"
    LEAVE_AS_TOWNSHIP = "attendance.leave_as_township"
    LEAVE_AS_COUNTY = "attendance.leave_as_county"

    INSPECTION_VIEW = "inspections.view"
    INSPECTION_PLAN = "inspections.plan"
    INSPECTION_ENTER = "inspections.enter"
    CORRECTION_ORDER = "inspections.order"
    CORRECTION_REPLY = "inspections.reply"
    CORRECTION_VERIFY = "inspections.verify"
    FINDING_CLOSE = "inspections.close"
    CIRCULAR_DRAFT = "inspections.circular_draft"
    CIRCULAR_REVIEW = "inspections.circular_review"
    CIRCULAR_SIGN = "inspections.circular_sign"
    CIRCULAR_RECEIVE = "inspections.circular_receive"

    CASE_VIEW = "accountability.view"
    CASE_OPEN = "accountability.open"
    CASE_STATE = "accountability.state"
    CASE_AS_TOWNSHIP = "accountability.approve_township"
    CASE_AS_OFFICE = "accountability.approve_office"
    CASE_AS_ORGANISATION = "accountability.approve_organisation"
    CASE_AS_GROUP = "accountability.approve_group"
    CASE_CARRY_OUT = "accountability.carry_out"
    CASE_CLOSE = "accountability.close"
    CASE_APPEAL = "accountability.appeal"
    CASE_REVIEW = "accountability.review"

    LEDGER_IMPORT = "exchange.import"
    LEDGER_EXPORT = "exchange.export"
    FIGURES_VIEW = "indicators.view"

    EVIDENCE_ADD = "evidence.add"

    POLICY_VIEW = "policy.view"
    POLICY_EDIT = "policy.edit"
    CALENDAR_EDIT = "timeline.calendar_edit"
    CLOCK_FIX = "timeline.clock_fix"

    JOURNAL_VIEW = "journal.view"
    ACCOUNT_EDIT = "access.account_edit"
    DUTY_EDIT = "access.duty_edit"
    HEALTH_VIEW = "office.health_view"


class Role(StrEnum):
    """A role as kept in a duty; the value is the key."""

    OFFICE = "office"
    TOWNSHIP = "township"
    UNIT = "unit"
    TEAM_LEADER = "team_leader"
    MEMBER = "member"
    COUNTY_LEADER = "county_leader"
    FINANCE = "finance"
    INSPECTOR = "inspector"
    SYSTEM = "system"
    SECURITY = "security"
    AUDITOR = "auditor"


@dataclass(frozen=True)
class RoleSpec:
    """A role as people read it: its name, what it is for, where its duties lie, what it may do."""

    label: str
    purpose: str
    area: str
    may: frozenset[Permission]


P = Permission
_READS = frozenset({P.DIRECTORY_VIEW, P.PERSON_VIEW, P.TEAM_VIEW, P.POLICY_VIEW, P.ATTENDANCE_VIEW})

ROLES: dict[Role, RoleSpec] = {
    Role.OFFICE: RoleSpec(
        "县驻村办", "统筹管理全县驻村工作", "county",
        _READS | {
            P.DIRECTORY_EDIT, P.UNIT_CONTACT_EDIT, P.PERSON_EDIT, P.PERSON_REVEAL, P.TEAM_EDIT, P.POSTING_EDIT, P.REVIEW_EDIT,
            P.HANDOVER_EDIT, P.PLACEMENT_VIEW, P.PLACEMENT_EDIT, P.NEED_EDIT, P.CANDIDATE_EDIT, P.ATTENDANCE_FILL, P.ATTENDANCE_CORRECT, P.BOOK_PRINT, P.BOOK_READ, P.LEAVE_RECORD, P.LEAVE_AS_COUNTY,
            P.INSPECTION_VIEW, P.INSPECTION_PLAN, P.INSPECTION_ENTER, P.CORRECTION_ORDER, P.CORRECTION_VERIFY, P.FINDING_CLOSE, P.CIRCULAR_DRAFT, P.CIRCULAR_REVIEW,
            P.CASE_VIEW, P.CASE_OPEN, P.CASE_STATE, P.CASE_AS_OFFICE, P.CASE_AS_ORGANISATION, P.CASE_CARRY_OUT, P.CASE_CLOSE, P.CASE_REVIEW, P.LEDGER_IMPORT, P.LEDGER_EXPORT, P.FIGURES_VIEW, P.EVIDENCE_ADD, P.POLICY_EDIT, P.CALENDAR_EDIT,
        },
    ),
    Role.TOWNSHIP: RoleSpec(
        "乡镇经办人", "具体管理本乡镇（街道、管理处）的工作队", "township",
        _READS | {
            P.HANDOVER_EDIT, P.NEED_EDIT, P.ATTENDANCE_FILL, P.ATTENDANCE_CONFIRM, P.ATTENDANCE_CORRECT, P.BOOK_PRINT, P.BOOK_READ,
            P.LEAVE_RECORD, P.LEAVE_AS_TOWNSHIP, P.INSPECTION_VIEW, P.CORRECTION_REPLY, P.CIRCULAR_RECEIVE, P.CASE_VIEW, P.CASE_STATE, P.CASE_AS_TOWNSHIP, P.LEDGER_EXPORT, P.FIGURES_VIEW, P.EVIDENCE_ADD,
        },
    ),
    Role.UNIT: RoleSpec(
        "派出单位联络员", "跟踪管理本单位派出的人员", "unit",
        _READS | {P.UNIT_CONTACT_EDIT, P.REVIEW_EDIT, P.HANDOVER_EDIT, P.CANDIDATE_EDIT, P.PLACEMENT_OBJECT, P.INSPECTION_VIEW, P.CORRECTION_REPLY, P.CIRCULAR_RECEIVE, P.CASE_VIEW, P.CASE_APPEAL, P.LEDGER_EXPORT, P.FIGURES_VIEW, P.EVIDENCE_ADD},
    ),
    Role.TEAM_LEADER: RoleSpec("工作队长", "带领一支工作队", "village", _READS | {P.HANDOVER_EDIT, P.BOOK_PRINT, P.LEAVE_ASK, P.LEAVE_AS_LEADER, P.INSPECTION_VIEW, P.CORRECTION_REPLY, P.EVIDENCE_ADD}),
    Role.MEMBER: RoleSpec("工作队员", "在一个村驻村", "village", _READS | {P.LEAVE_ASK, P.EVIDENCE_ADD}),
    Role.COUNTY_LEADER: RoleSpec("县领导", "掌握全县情况", "county", _READS | {P.PLACEMENT_VIEW, P.INSPECTION_VIEW, P.CIRCULAR_SIGN, P.CASE_VIEW, P.CASE_AS_GROUP, P.CASE_REVIEW, P.FIGURES_VIEW}),
    Role.FINANCE: RoleSpec("县财政局", "驻村资金和待遇", "county", _READS | {P.FIGURES_VIEW}),
    Role.INSPECTOR: RoleSpec(
        "督查组", "到村督查", "county",
        _READS | {
            P.INSPECTION_VIEW, P.INSPECTION_PLAN, P.INSPECTION_ENTER, P.CORRECTION_ORDER, P.CORRECTION_VERIFY, P.CIRCULAR_REVIEW, P.FIGURES_VIEW, P.EVIDENCE_ADD,
        },
    ),
    Role.SYSTEM: RoleSpec("系统管理员", "开立和停用账号、看运行状况，不接触业务数据", "", frozenset({P.ACCOUNT_EDIT, P.HEALTH_VIEW})),
    Role.SECURITY: RoleSpec("安全管理员", "授予和收回权限，不接触业务数据", "", frozenset({P.DUTY_EDIT, P.HEALTH_VIEW})),
    Role.AUDITOR: RoleSpec("审计管理员", "只查看留痕日志", "", frozenset({P.JOURNAL_VIEW})),
}  # fmt: skip

ADMINISTRATORS = frozenset({Role.SYSTEM, Role.SECURITY, Role.AUDITOR})
"""三员: three different people, none of whom holds any other role (domain.md 5.5)."""

INSTALLER = ROLES[Role.SYSTEM].may | ROLES[Role.SECURITY].may
"""What `zhucun createsuperuser` may do: open the first accounts and grant the first duties, nothing else."""


def may_hold_together(roles: set[Role]) -> bool:
    """Whether one person may hold these roles: an administrator holds exactly one (三员分立)."""
    return len(roles) <= 1 or not roles & ADMINISTRATORS
