"""A conflict in a plain Chinese sentence, with the names people know."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from .diagnosis_question import Question
from .diagnosis_rules import LOCKS, Rule

Name = Callable[[str], str]

LISTED = 8  # so many names are written out, of more only how many there are
OF_UNITS = frozenset({"H1", "H3", "H5", "H7", "not_lead"})
UNFINISHED = "（时间有限，还没有缩到最小，其中有的可能并不相干。）"


def sentence(question: Question, name: Name, is_smallest: bool = True) -> str:
    """What the rules of a question, which cannot hold together, amount to; `name` says how an id is shown."""
    kinds = {rule.kind for rule in question.rules}
    said = ""
    if kinds <= OF_UNITS:
        said = _too_few_units(question, name)
    elif kinds <= {"H1", "H2"}:
        said = _too_few_people(question, name)
    return (said or _all_of(question, name)) + ("" if is_smallest else UNFINISHED)


def _too_few_units(question: Question, name: Name) -> str:
    """Hall's condition: villages that only some units can take, which cannot lead that many teams. Empty if not so."""
    villages = question.served
    units = sorted({unit for village in villages for unit in question.units_for(village)})
    leaders = {unit: sum(n for kind, n in question.kinds.items() if kind.unit == unit and kind.leads) for unit in units}
    able = {unit: min(leaders[unit], _capacity(question, unit, len(villages))) for unit in units}
    most = sum(min(able[unit], len(villages)) for unit in units)
    if not villages or most >= len(villages):
        return ""
    subject = _list(villages, name, "个村")
    if not units:
        return f"{subject}没有单位可以承担：没有单位既在允许之列、又有评分、又没有被排除。请放宽其中一样。"
    why = [text for unit in units if (text := _why(question, unit, leaders[unit], len(villages), name))]
    reasons = f"（{'；'.join(why[:LISTED])}{'等' if len(why) > LISTED else ''}）" if why else ""
    whom = (
        f"全部 {len(units)} 个单位"
        if len(units) == len(question.problem.units) > LISTED
        else _list(units, name, "个单位")
    )
    total = f"合起来只能牵头 {most} 支工作队" if len(units) > 1 else f"只能牵头 {most} 支工作队"
    return f"{subject}只能由{whom}承担，{total}{reasons}。"


def _capacity(question: Question, unit: str, otherwise: int) -> int:
    most = question.capacity(unit)
    return otherwise if most is None else most


def _why(question: Question, unit: str, leaders: int, villages: int, name: Name) -> str:
    most = _capacity(question, unit, villages)
    if min(leaders, most) >= villages:
        return ""
    if most <= leaders:
        return f"{name(unit)}的名额是 {most} 支"
    suited = "合乎条件的队长" if question.holds("H3", unit) else "人选"
    return f"{name(unit)}{suited}只有 {leaders} 人" if leaders else f"{name(unit)}没有{suited}"


def _too_few_people(question: Question, name: Name) -> str:
    needed = sum(question.size(village) for village in question.served)
    there = len(question.problem.candidates)
    if needed <= there:
        return ""
    return (
        f"{_list(question.served, name, '个村')}共要 {needed} 人，推荐的人选只有 {there} 人，差 {needed - there} 人。"
    )


def _all_of(question: Question, name: Name) -> str:
    """Every rule in words, those of one kind together."""
    groups: dict[str, list[Rule]] = defaultdict(list)
    for rule in sorted(question.rules, key=lambda rule: rule.order):
        groups[rule.kind].append(rule)
    parts = [part for kind, rules in groups.items() for part in _words(question, kind, rules, name)]
    start = "这几项锁定互相矛盾" if groups.keys() <= LOCKS else "这几条不能同时做到"
    return f"{start}：{'；'.join(parts)}。请放宽其中一条。"


def _words(question: Question, kind: str, rules: list[Rule], name: Name) -> Iterable[str]:
    keys = [rule.key for rule in rules]
    if kind == "H1":
        yield f"{_list(keys, name, '个村')}{'各' if len(keys) > 1 else ''}要有一支工作队"
    elif kind == "H2" and len(keys) > LISTED:
        yield f"{_list(keys, name, '个村')}要派足规定的人数（共 {sum(question.size(village) for village in keys)} 人）"
    elif kind == "H10":
        yield f"{_list(keys, name, '个单位')}的工作队只用本单位和参与单位的人"
    else:
        yield from (_one(question, rule, name) for rule in rules[:LISTED])
        if len(rules) > LISTED:
            yield f"还有同样的 {len(rules) - LISTED} 条"


def _one(question: Question, rule: Rule, name: Name) -> str:
    key, to = name(rule.key), name(rule.to) if rule.to else ""
    problem = question.problem
    match rule.kind:
        case "H2":
            return f"{key}要派 {question.size(rule.key)} 人"
        case "H3":
            able = sum(one.leader_ok for one in problem.candidates.values() if one.unit == rule.key)
            return f"{key}的队长要合乎条件（{key}有 {able} 人合乎条件）"
        case "H4a":
            return f"{key}不到老家所在的{name(problem.candidates[rule.key].home_village)}"
        case "H4b":
            return f"{key}不在老家所在的乡镇任队长"
        case "H5":
            return f"{key}最多牵头 {problem.units[rule.key].capacity} 支工作队"
        case "H7":
            units = question.units_for(rule.key)
            return f"{key}只能由{_list(units, name, '个单位')}承担" if units else f"{key}没有单位可以承担"
        case "H9":
            return f"{key}因身体原因不到偏远的村"
        case "H11":
            return f"{key}和{to}是夫妻，不同时驻村"
        case "lead":
            return f"{to}锁定由{key}承担"
        case "not_lead":
            return f"{to}排除了{key}"
        case "go":
            return f"{key}锁定到{to}"
        case "not_go":
            return f"{key}排除到{to}"
        case _:
            return f"{key}不参加选派"


def _list(keys: list[str], name: Name, measure: str) -> str:
    """“甲、乙两个单位”，“石桥村、清水村”，“石桥村、清水村等 67 个村”."""
    if len(keys) > LISTED:
        return f"{'、'.join(map(name, keys[:3]))}等 {len(keys)} {measure}"
    numeral = "一两三四五六七八"[len(keys) - 1] if keys else ""
    return "、".join(map(name, keys)) + (f"{numeral}{measure}" if measure == "个单位" and len(keys) > 1 else "")
