"""Who sits where, from when to when: the seats of every crew and the stays in them, person after person."""

from datetime import date, timedelta

from .chance import Chance
from .places import OPENED_ON
from .plan import Crew, Stay, Who, day_after

SPRING, SUMMER, LATE = (
    (date(2022, 2, 21), date(2022, 5, 31)),
    (date(2022, 6, 1), date(2022, 9, 30)),
    (date(2022, 10, 10), date(2022, 12, 2)),
)
EARLIER = (date(2021, 6, 28), date(2021, 11, 24))
FULL_ON = date(2022, 11, 15)
RECALLED_LEADER_ON, RECALLED_MEMBERS_ON, RECALLED_BEFORE_ON = (
    date(2022, 6, 16),
    (date(2022, 4, 21), date(2022, 9, 15)),
    date(2021, 10, 20),
)
VACANT_LEADERS_ON, VACANT_MEMBERS_ON = (
    (date(2022, 11, 9), date(2022, 11, 25)),
    (date(2022, 10, 19), date(2022, 11, 11), date(2022, 11, 28)),
)


class Roster:
    """Fills the crews with people; every list of stays is in the order of crews and seats."""

    def __init__(self, chance: Chance, numbers: dict, crews: list[Crew]) -> None:
        self.chance, self.numbers, self.crews = chance, numbers, crews
        self.people: list[Who] = []
        for crew in crews:
            self._seat(crew)

    def fill(self) -> list[Who]:
        """Everybody, in the order they come up; the crews' stays are filled by the way."""
        kept = [crew for crew in self.crews if crew.last is None and crew.start < OPENED_ON]
        first = [stay for crew in kept for stay in crew.stays]
        leaders, members = [s for s in first if s.leads], [s for s in first if not s.leads]
        self._change_leaders(leaders)
        self._change_members(members)
        self._earlier(first)
        self._settle()
        self._relief()
        return self.people

    def _seat(self, crew: Crew) -> None:
        """The founding stays of a crew: leader, in crews of four a deputy, members; some from the joining units."""
        roles = ["leader", "deputy" if crew.seats == 4 else "member", "member", "member"][: crew.seats]
        for n, role in enumerate(roles):
            joined = n > 0 and crew.partners and (n == crew.seats - 1 or self.chance.holds(0.3))
            crew.stays.append(Stay(crew, role, crew.partners[0] if joined else crew.lead, crew.start))

    # --- 2022 ------------------------------------------------------------------------------------

    def _change_leaders(self, leaders: list[Stay]) -> None:
        numbers = self.numbers["leaders"]
        of_three = [stay for stay in leaders if stay.crew.seats == 3 and stay.crew.start.year == 2021]
        vacant = self.chance.pick(of_three, numbers["vacant"])
        for stay, day in zip(vacant, VACANT_LEADERS_ON, strict=True):
            self._end(stay, day, "transfer")
        settled = [stay for stay in leaders if stay not in vacant]
        replaced = self.chance.pick(settled, numbers["replaced"], lambda stay: stay.crew.start > date(2021, 5, 1))
        recalled = self.chance.pick(replaced, numbers["recalled"])
        for stay in replaced:
            if stay in recalled:
                self._end(stay, RECALLED_LEADER_ON, "recall")
                self._replace(stay, gap=True)
            else:
                self._transfer_in_2022(stay)

    def _change_members(self, members: list[Stay]) -> None:
        numbers = self.numbers["members"]
        short = {stay.crew for stay in members if any(other.last for other in stay.crew.stays)}
        free = [stay for stay in members if stay.crew not in short]
        vacant = self._vacate(free)
        free = [stay for stay in free if stay.crew not in {stay.crew for stay in vacant}]
        added = self.chance.pick(
            [s for s in free if s is s.crew.stays[-1] and s.crew.seats > 2],
            numbers["added"],
            lambda s: s.crew.start.year == 2021,
        )
        for stay in added:
            stay.start = self.chance.workday(date(2022, 3, 1), date(2022, 9, 30))
        old = [stay for stay in free if stay.crew.start == date(2020, 11, 16) and stay not in added]
        full = self.chance.pick(old, numbers["full"])
        rest = [stay for stay in members if stay not in vacant + added + old]
        recalled = self.chance.pick(rest, numbers["recalled"])
        moved = self.chance.pick(
            [s for s in rest if s not in recalled], numbers["replaced"] - numbers["recalled"] - numbers["full"]
        )
        for stay in full:
            self._end(stay, FULL_ON, "term")
            self._replace(stay)
        for stay, day in zip(recalled, RECALLED_MEMBERS_ON, strict=True):
            self._end(stay, day, "recall")
            self._replace(stay, gap=True)
        for stay in moved:
            self._transfer_in_2022(stay)
        self._move(moved)

    def _vacate(self, free: list[Stay]) -> list[Stay]:
        """Members who left and are not replaced yet: two crews are down to their leader, one to two people."""
        of_two = self.chance.pick([stay for stay in free if stay.crew.seats == 2], 2)
        of_three = self.chance.pick([stay for stay in free if stay.crew.seats == 3 and stay is stay.crew.stays[-1]], 1)
        for stay, day in zip(of_two + of_three, VACANT_MEMBERS_ON, strict=True):
            self._end(stay, day, "transfer")
        return of_two + of_three

    def _transfer_in_2022(self, stay: Stay) -> None:
        season = self.chance.random.choice([SPRING, SPRING, SUMMER, SUMMER, SUMMER, LATE])
        self._end(stay, self.chance.workday(*season, pair=True), "transfer")
        self._replace(stay, gap=self.chance.holds(0.12))

    def _move(self, replaced: list[Stay]) -> None:
        """Some who leave one crew take over a seat in another the next day: the crew they come to is joined by their unit."""
        prompt = [stay for stay in replaced if stay.heir.start == day_after(stay.ended)]
        chosen = self.chance.pick(prompt, 2 * self.numbers["members"]["moved"], lambda s: s.ended < date(2022, 10, 1))
        half = len(chosen) // 2
        for leaving, freed in zip(chosen[:half], chosen[half:], strict=True):
            leaving.last = freed.last
            leaving.heir.start = day_after(freed.ended)
            arrival = freed.heir
            leaving.reason, arrival.unit = f"moved:{arrival.crew.place.name}", leaving.unit
            who = self._person("stayer", leaving)
            self._give(who, arrival)
            if arrival.unit not in (arrival.crew.lead, *arrival.crew.partners):
                arrival.crew.partners.append(arrival.unit)

    # --- 2021 and before -------------------------------------------------------------------------

    def _earlier(self, first: list[Stay]) -> None:
        """Some founding seats had somebody else until some day of 2021."""
        numbers = self.numbers["earlier"]
        quiet = [
            s
            for s in first
            if s.last is None and s.crew.start.year == 2021 and s.crew.start.month > 4 and s.start == s.crew.start
        ]
        seats = self.chance.pick([s for s in quiet if s.leads], numbers["leaders"])
        seats += self.chance.pick([s for s in quiet if not s.leads], numbers["members"])
        for n, stay in enumerate(seats):
            recalled = n >= len(seats) - numbers["recalled"]
            last = RECALLED_BEFORE_ON if recalled else self.chance.workday(*EARLIER, pair=True)
            before = Stay(stay.crew, stay.role, stay.unit, stay.crew.start)
            self._end(before, last, "recall_before" if recalled else "transfer")
            before.next, stay.start = stay, day_after(last)
            stay.crew.stays.append(before)
            self._person("former", before)

    def _settle(self) -> None:
        """A person for every stay of 2020 and later that has none: in post on both days, or only on one of them."""
        for stay in self._stays():
            if stay.person is None and stay.crew.start.year >= 2020:
                if stay.crew.last:
                    stay.last, stay.ending = stay.crew.last, "term"
                self._person(
                    "stayer" if stay.last is None and stay.start.year < 2022 else "leaver" if stay.last else "arrival",
                    stay,
                )

    def _relief(self) -> None:
        """The poverty relief years: some of their people stayed on in the new team of the village, in the same kind of seat."""
        for crew in self.crews:
            if crew.start.year >= 2020:
                continue
            heirs = [s for other in self.crews if other.place is crew.place and crew.last and other.start == day_after(crew.last)
                     for s in other.stays if s.start == other.start]  # fmt: skip
            for stay in crew.stays:
                stay.last, stay.ending = crew.last, "term"
                heir = next(
                    (s for s in heirs if s.leads == stay.leads and s.unit == stay.unit and self.chance.holds(0.45)),
                    None,
                )
                if heir is not None and not any(s.crew is crew for s in heir.who.stays):
                    self._give(heir.who, stay)
                else:
                    self._person("former", stay)

    # --- the pieces ------------------------------------------------------------------------------

    def _stays(self) -> list[Stay]:
        return [stay for crew in self.crews for stay in crew.stays]

    def _end(self, stay: Stay, last: date, ending: str) -> None:
        stay.last, stay.ending, stay.reason = last, ending.split("_")[0], ending

    def _replace(self, stay: Stay, gap: bool = False) -> None:
        """Somebody takes the seat over: the next day, or with a gap some days later."""
        start = day_after(stay.ended)
        if gap:
            start = self.chance.workday(stay.ended + timedelta(days=3), stay.ended + timedelta(days=18))
        stay.next = Stay(stay.crew, stay.role, stay.unit, min(start, date(2022, 12, 6)))
        stay.crew.stays.append(stay.next)

    def _person(self, group: str, stay: Stay) -> Who:
        who = Who(group)
        self.people.append(who)
        self._give(who, stay)
        return who

    def _give(self, who: Who, stay: Stay) -> None:
        who.stays.append(stay)
        who.unit, stay.person = stay.unit, who
