"""Only the files of a room, none that is a drawer for everything; sizes that can be read in one go."""

from tests.house.tree import FLOORS, functions, label, modules, rooms, templates

USUAL = set(
    "__init__ models rules actions figures sheets forms views urls admin apps notices templates static "
    "templatetags management migrations tests".split()
)
# One more file where a room has one more subject: room → {file: why}. The rooms of base are shaped by their subject.
MORE = {
    "work/teams": {
        "eligibility": "what stands for and against posting somebody, with the record it is judged from",
        "acts": "what the journal says of a team and its people, in sentences",
        "loading": "teams and postings from the ledger workbook, compared and written in bulk",
    },
    "work/placement": {
        "optimiser": "who goes where, as a pure problem solved to proof",
        "instance": "a round's people and villages as the optimiser sees them",
        "eligible": "who of those put forward may take part, and what is ruled out for whom",
        "plan": "a proposal as teams, and teams as a proposal",
        "shortages": "what is too few, told before anything is computed",
        "board": "a proposal as the meeting reads it, village by village",
        "fates": "what becomes of everybody and every team when a proposal is approved",
        "alternatives": "why not another: what it would gain or cost, and which rule stands against it",
        "explaining": "the parts of a score in words",
        "jobs": "proposals computed in a process of their own",
        "picture": "villages and teams drawn as a map",
        "notice": "the draft of 选派通知 with its name list",
        "sight": "which rounds, proposals and seats somebody may see",
    },
    "work/attendance": {
        "book": "the pages of the 出勤记录本: where everything stands, what is on them, printing",
        "scan": "reading those pages back from a scan or photo",
        "paging": "a team's month as pages of the book",
        "roster": "who is in post in a team on which days, and which leave covers them",
        "months": "how far a month is, team by team and township by township",
        "matrix": "a team's month as a table of people and days",
        "readings": "what a reading says otherwise than the month does",
        "loading": "marks and leave from the ledger workbook, compared and written in bulk",
        "hints": "what the township should look at before it confirms a month",
        "summaries": "months added up for a team, a township, the county, a unit",
        "slips": "a slip as the form, the page and the printed 请假条 or 报备单 show it",
        "following": "what postings put right mean for months and leave written down before",
        "disagreements": "slips that say something else than the months hold",
        "ladder": "who signs a leave, whose turn it is, what to look at before agreeing",
        "days": "what a day of somebody's month says, whether it counts, and where it comes from",
        "sight": "which months, leave and readings somebody may see",
        "jobs": "printing and reading in a process of their own: what was asked for, and the files",
        "press": "what such a process does",
    },
    "work/inspections": {
        "loading": "rounds, findings, corrections and circulars from the ledger workbook",
        "pools": "which villages may be drawn on a day",
        "numbers": "the next number of a kind in a year",
        "sight": "which rounds, findings and circulars somebody may see",
        "circular": "a circular as an official document",
        "assembling": "a circular's text out of its rounds' facts",
        "presence": "who should be where on the day of a visit, and what visits tell attendance",
        "owed": "what townships and units owe, ready to be taken into the ledger of findings",
    },
    "work/accountability": {
        "loading": "reminders and interviews from the ledger workbook",
        "steps": "where a case stands and who is asked next",
        "sources": "what may lead to a measure, and what was done about it already",
        "sight": "which cases somebody may see",
        "papers": "the letters, notices and forms of a case as official documents",
        "standing": "where a case stands for one reader: its steps, its history, what may be done next",
        "beginnings": "what a case begins with, taken from a finding or the case it follows",
    },
    "overview/demo": {"builder": "the invented county: drawn as a plan, told through the actions of the rooms"},
    "overview/office": {
        "sight": "which villages and units somebody may see, with what the lists show of them",
        "values": "the parameters of the rules as they stand on a day",
        "year": "a year of the calendar laid out in months",
        "story": "an entry of the journal in words",
        "health": "what an administrator should know of the installation",
        "beginning": "the steps from an empty installation to the first ledger",
    },
    "overview/exchange": {
        "reading": "workbooks from outside, in a limited process",
        "cells": "one cell becomes a value",
        "parsing": "rows become lines",
        "planning": "the sheets in order; lines become a plan",
        "importing": "an import before anything is written",
        "exporting": "the workbook on its way out",
        "jobs": "imports that run in a process of their own",
        "previews": "what the page of an import shows",
        "reference": "the reference page of the workbook, generated",
        "marking": "the user's own workbook with its problems marked",
        "roster": "the county's own 花名册 becomes lines",
    },
    "overview/indicators": {
        "catalogue": "every figure, once, in the order of the article",
        "areas": "whose figures: a county, township, village or unit by what one was given",
        "asked": "the period and the area a page is asked for",
        "structure": "the people in post by dimension and place",
        "records": "the rows behind a figure as a table",
        "pictures": "the structure as charts",
        "papers": "figures as workbooks and on paper",
        "reference": "the generated page of the catalogue",
    },
    "overview/desk": {
        "menu": "every page one may start from, by permission",
        "home": "what the home page shows each role",
        "mine": "a member's own village, team and posting",
        "keeping": "what administrators look after",
        "search": "people, villages, teams and units within sight",
        "states": "every process as a diagram: the generated page",
    },
}
DRAWERS = {"utils", "helpers", "common", "core", "misc", "lib", "services", "managers", "signals"}

MODULE, FUNCTION, TEMPLATE = 400, 50, 150
# path or path:function → why it may be longer
LONGER: dict[str, str] = {}


def test_no_drawer_for_everything():
    found = [
        label(path) for floor in FLOORS for room in rooms(floor) for path in room.rglob("*") if path.stem in DRAWERS
    ]
    assert not found


def test_rooms_have_the_usual_files():
    for room in rooms("work", "overview"):
        known = USUAL | set(MORE.get(f"{room.parent.name}/{room.name}", {}))
        odd = [p.name for p in room.iterdir() if p.stem not in known and p.name != "__pycache__"]
        assert not odd, f"{label(room)}: {odd} has no place here, or needs a line in MORE with its subject"


def test_modules_can_be_read_in_one_go():
    long = {label(p): n for p in modules() if (n := len(p.read_text(encoding="utf-8").splitlines())) > MODULE}
    assert not {path: n for path, n in long.items() if path not in LONGER}


def test_functions_can_be_seen_at_once():
    long = {}
    for path in modules():
        for node in functions(path):
            if (lines := node.end_lineno - node.lineno + 1) > FUNCTION:
                long[f"{label(path)}:{node.name}"] = lines
    assert not {name: n for name, n in long.items() if name not in LONGER}


def test_templates_can_be_seen_at_once():
    long = {label(p): n for p in templates() if (n := len(p.read_text(encoding="utf-8").splitlines())) > TEMPLATE}
    assert not {path: n for path, n in long.items() if path not in LONGER}
