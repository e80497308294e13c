"""What stands before the story begins: accounts of the office and the administrators, divisions, units, villages, rules."""

from collections.abc import Callable
from datetime import date, datetime

from zhucun.base.access import actions as access
from zhucun.base.access.models import User
from zhucun.base.access.permissions import Role
from zhucun.base.directory import actions as directory
from zhucun.base.directory.models import Division, Unit, Village
from zhucun.base.policy import actions as policy
from zhucun.base.policy.models import Clause
from zhucun.base.timeline import actions as timeline

from .acts import RULES, Act
from .plan import DAY, SHANGHAI, Plan, day_after
from .seed import Seed

BEGUN = date(2018, 1, 2)
AREAS = {
    "town": "township",
    "unit": "unit",
    "county": "county",
    "magistrate": "county",
    "finance": "county",
    "inspector": "county",
}


class Ground:
    """The rows the story stands on, kept by code and name; `by` is the caretaker of the server's command line."""

    def __init__(self, seed: Seed, plan: Plan, by: User) -> None:
        self.seed, self.plan, self.caretaker = seed, plan, by
        self.clauses: dict[tuple[str, str], Clause] = {}
        self.divisions: dict[str, Division] = {}
        self.units: dict[str, Unit] = {}
        self.villages: dict[str, Village] = {}
        self.accounts: dict[str, User] = {}
        self.clerks: dict[str, User] = {}
        self.minute = 0

    def lay(self) -> None:
        """Everything, in the order an installation is set up."""
        for row in self.seed.divisions:
            if row["kind"] not in ("村委会", "居委会"):
                self._division(row)
        for username in ("sysadmin", "secadmin", "auditor"):
            self.open_account(self.plan.accounts[username], self._at())
        self.open_account(self.plan.accounts["county"], self._at())
        self._units()
        for row in self.plan.accounts.values():
            if "who" not in row and row["username"] not in self.accounts:
                self.open_account(row, self._at())
        for place in self.plan.places:
            township = self.divisions[place.township]
            fields = {"needs": place.needs}
            self.villages[place.code] = directory.add_village(
                code=place.code, name=place.name, township=township, fields=fields, by=self.office, at=self._at()
            )

    def show(self, at: datetime) -> None:
        """Put the clock on the demonstration's day and every account on the sign-in page."""
        timeline.stand_on(day=DAY, by=self.caretaker, at=at)
        password = self.seed.accounts["password"]
        for place, row in enumerate(self.plan.accounts.values()):
            access.show_account(
                user=self.accounts[row["username"]],
                password=password,
                purpose=row["purpose"],
                place=place,
                by=self.caretaker,
                at=at,
            )

    def open_account(self, row: dict, at: datetime) -> User:
        """An account and its duty: the first three by the command line, the others by the administrators."""
        opener, granter = self.accounts.get("sysadmin", self.caretaker), self.accounts.get("secadmin", self.caretaker)
        user = access.open_account(
            username=row["username"],
            name=row["name"],
            password=self.seed.accounts["password"],
            by=opener,
            at=at,
            must_change=False,
        )
        self.accounts[row["username"]] = user
        if "who" not in row:  # a posted person's duties come with the posting
            access.grant(
                user=user, role=Role(row["role"]), area=self._area(row), start=BEGUN, end=None, by=granter, at=at
            )
        return user

    def open_clerk(self, township: str, name: str, at: datetime) -> None:
        """The account of another township's clerk, who keeps its attendance; it is not shown on the sign-in page."""
        user = access.open_account(
            username=f"town{township[-3:]}", name=name, password=self.seed.accounts["password"], by=self.system, at=at,
            must_change=False,
        )  # fmt: skip
        access.grant(
            user=user, role=Role.TOWNSHIP, area=self.divisions[township], start=at.date(), end=None,
            by=self.accounts["secadmin"], at=at,
        )  # fmt: skip
        self.clerks[township] = user

    def clerk_of(self, township: str) -> User:
        """Whoever keeps the attendance of a township."""
        return self.clerk if township == self.clerk_township else self.clerks[township]

    def _area(self, row: dict):
        return {
            "county": self.divisions["430426"],
            "township": self.divisions.get(row.get("area", "")),
            "unit": self.units.get(row.get("area", "")),
        }.get(AREAS.get(row["username"], ""))

    def _division(self, row: dict) -> None:
        self.divisions[row["code"]] = directory.add_division(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            parent=self.divisions.get(row["parent"]),
            by=self.caretaker,
            at=self._at(),
        )

    def _units(self) -> None:
        for row in self.seed.units:
            fields = {name: row[name] for name in ("name", "category", "level")} | self.plan.chiefs[row["name"]]
            self.units[row["name"]] = directory.add_unit(
                county=self.county, fields=fields, by=self.office, at=self._at()
            )

    def rules(self) -> list[Act]:
        """The documents and parameters, each on the day it came into force."""
        documents = [Act(row["start"], RULES, self._issue(row)) for row in self.seed.policy["document"]]
        parameters = [
            Act(max(row["start"], day_after(BEGUN)), RULES, self._set(row)) for row in self.seed.policy["parameter"]
        ]
        return documents + parameters

    def _issue(self, row: dict) -> Callable:
        fields = {name: row[name] for name in ("title", "number", "issuer", "start", "clauses")}

        def issue(at: datetime) -> None:
            document = policy.issue_document(**fields, by=self.office, at=at)
            self.clauses |= {(row["key"], clause.number): clause for clause in document.clauses.all()}

        return issue

    def _set(self, row: dict) -> Callable:
        fields = {"key": row["key"], "value": row["value"], "start": row["start"], "reason": row.get("reason", "")}
        place = (row.get("document", ""), row.get("clause", ""))
        return lambda at: policy.set_parameter(**fields, clause=self.clauses.get(place), by=self.office, at=at)

    def _at(self) -> datetime:
        """The next minute of the day the installation is set up on."""
        self.minute += 1
        return datetime(
            BEGUN.year, BEGUN.month, BEGUN.day, 8 + self.minute // 60 % 10, self.minute % 60, tzinfo=SHANGHAI
        )

    @property
    def county(self) -> Division:
        """祁东县."""
        return self.divisions["430426"]

    @property
    def office(self) -> User:
        """The account of the county office, which does most of the story."""
        return self.accounts["county"]

    @property
    def inspector(self) -> User:
        """The account of the inspectors."""
        return self.accounts["inspector"]

    @property
    def magistrate(self) -> User:
        """The account of the county leader, who signs circulars and speaks for the leading group."""
        return self.accounts["magistrate"]

    @property
    def system(self) -> User:
        """The system administrator's account."""
        return self.accounts["sysadmin"]

    @property
    def clerk(self) -> User:
        """The account of the township clerk."""
        return self.accounts["town"]

    @property
    def contact(self) -> User:
        """The account of a unit's contact."""
        return self.accounts["unit"]

    @property
    def contact_unit(self) -> str:
        """The name of that unit."""
        return self.plan.accounts["unit"]["area"]

    @property
    def clerk_township(self) -> str:
        """The code of the clerk's township."""
        return self.plan.accounts["town"]["area"]
