"""Only actions write; an action names its actor; a view that acts refuses GET."""

import ast

from tests.house.tree import HOUSE, calls, functions, label, modules, parse, public_functions

# module:function → why it needs no actor
NO_ACTOR = {"base/access/actions.py:caretaker": "it is the actor of the command line"}
# module or module:function → why it writes without being an action
WRITERS = {
    "base/journal/journal.py": "the journal itself, written inside actions",
    "base/access/models.py:create_superuser": "Django's command createsuperuser calls it by name",
}
WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}
QUERYSET_STEPS = {"objects", "filter", "exclude", "all", "on", "within", "select_for_update", "during"}


def test_actions_are_keyword_only_name_their_actor_and_say_what_they_do():
    wrong = []
    for path in modules("actions.py") + [path for path in modules() if path.parent.name == "actions"]:
        for node in public_functions(path):
            name = f"{label(path)}:{node.name}"
            if node.args.args or node.args.posonlyargs:
                wrong.append(f"{name} takes arguments by position")
            if "by" not in {argument.arg for argument in node.args.kwonlyargs} and name not in NO_ACTOR:
                wrong.append(f"{name} takes no `by`")
            if "." not in (ast.get_docstring(node) or ""):
                wrong.append(f"{name} has no sentence")
    assert not wrong


def test_rules_and_figures_say_what_they_answer():
    wrong = [
        f"{label(path)}:{node.name}"
        for path in modules("rules.py") + modules("figures.py")
        for node in public_functions(path)
        if "." not in (ast.get_docstring(node) or "")
    ]
    assert not wrong


def test_every_module_says_what_it_is_for():
    empty_floors = {HOUSE / floor / "__init__.py" for floor in ("work", "overview")}
    silent = [
        label(path)
        for path in modules()
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(parse(path)) and path not in empty_floors
    ]
    assert not silent


def writes_rows(dotted):
    """Whether a call such as `Posting.objects.filter.update` or `row.save` writes our rows."""
    *owner, method = dotted.split(".")
    if method in WRITES:
        return True
    return method == "update" and bool({step.split("(")[0] for step in owner} & QUERYSET_STEPS)


def test_nothing_but_actions_writes():
    found = []
    for path in modules():
        # A package `actions/` would count as well as a module.
        # `loading` is the bulk half of a room's actions: what the ledger workbook writes.
        if {path.stem, path.parent.name} & {"actions", "loading"} or label(path) in WRITERS:
            continue
        for node in functions(path):
            if f"{label(path)}:{node.name}" in WRITERS:
                continue
            found += [
                f"{label(path)}:{call.lineno} {dotted}"
                for call, dotted in calls(node)
                if writes_rows(dotted) and not keeps_a_file(dotted)
            ]
    assert not found, "rows are written by actions only (CONTRIBUTING.md, rule 2)"


def keeps_a_file(dotted):
    """Workbooks, documents and storages are saved by their own methods."""
    owner = dotted.split(".")[-2]
    return any(word in owner for word in ("workbook", "book", "storage", "document", "image"))


def test_a_view_that_acts_refuses_get():
    wrong = []
    for path in modules("views.py"):
        for node in public_functions(path):
            acts = [dotted for _, dotted in calls(node) if dotted.startswith("actions.")]
            text = ast.unparse(node)
            guarded = (
                "request.method" in text
                or "request.POST or None" in text
                or any("require_" in ast.unparse(d) for d in node.decorator_list)
            )
            if acts and not guarded:
                wrong.append(f"{label(path)}:{node.name}")
    assert not wrong
