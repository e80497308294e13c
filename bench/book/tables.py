"""The verdict as tables for the eye, and whether the goals of the book are met."""

import math
from collections.abc import Iterator

from bench.book.judging import COLUMNS, Count, Tally, Verdict


def bound(errors: int, n: int) -> float:
    """With 95 % confidence the true rate is below this, `errors` having been seen in `n` (3/n for none)."""
    if not n:
        return 1.0
    if not errors:
        return min(1.0, 3 / n)
    low, high = float(errors), errors * 3.0 + 10
    for _ in range(60):  # the mean of a Poisson law under which so few are seen once in twenty
        mean = (low + high) / 2
        chance = sum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(errors + 1))
        low, high = (mean, high) if chance > 0.05 else (low, mean)
    return min(1.0, high / n)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "-"


def _row(name: str, tally: Tally) -> str:
    c = tally.columns
    cells = sum(one.cells for one in c.values())
    other = c["other"]
    return (
        f"{name:<20}{tally.pages:>6}{tally.lost:>6}{tally.given_away + tally.accepted:>6}{cells:>9} |"
        f"{c['ordinary'].cells:>8}{c['ordinary'].silent:>7}{_share(c['ordinary'].flagged, c['ordinary'].cells):>8} |"
        f"{c['touched'].cells:>7}{c['touched'].silent:>7}{_share(c['touched'].flagged, c['touched'].cells):>8} |"
        f"{c['corrected'].cells:>6}{c['corrected'].silent:>7} |{c['cancelled'].cells:>6}{c['cancelled'].silent:>7} |"
        f"{other.cells:>7}{other.silent:>7}"
    )


def lines(verdict: Verdict) -> Iterator[str]:
    """The tables, line by line."""
    head = f"{'':<20}{'':>6}{'':>6}{'':>6}{'':>9} |{'ordinary marks':>23} |{'touched by others':>22} |{'corrected':>13} |{'cancelled':>13} |{'all else':>14}"
    yield head
    sub = f"{'group':<20}{'pages':>6}{'lost':>6}{'wrong':>6}{'cells':>9} |"
    yield (
        sub
        + f"{'cells':>8}{'silent':>7}{'flag %':>8} |{'cells':>7}{'silent':>7}{'flag %':>8} |"
        + f"{'cells':>6}{'silent':>7} |" * 2
        + f"{'cells':>7}{'silent':>7}"
    )
    whole = Tally()
    for name, tally in verdict.groups.items():
        yield _row(name, tally)
        for key in COLUMNS:
            whole.columns[key] += tally.columns[key]
        whole.reasons += tally.reasons
    for name in ("pages", "lost", "unanswered", "given_away", "accepted", "missing", "invented"):
        setattr(whole, name, verdict.sum(name))
    yield _row("together", whole)
    yield ""
    yield from _counts("kind of mark", verdict.kinds)
    yield from _counts("pen of ordinary marks", verdict.pens)
    if verdict.rules:
        yield "why ordinary marks were flagged: " + "; ".join(f"{why} {n}" for why, n in verdict.rules.most_common(15))
    yield f"pages lost {whole.lost}, without any answer {whole.unanswered}; reasons of refusals: " + (
        "; ".join(f"{reason} {n}" for reason, n in whole.reasons.most_common(20)) or "none"
    )
    yield f"cells the reader left out {whole.missing}, cells it made up {whole.invented}"
    yield ""
    yield from (text for text, _ in goals(verdict))


def _counts(title: str, counts: dict[str, Count]) -> Iterator[str]:
    if not counts:
        return
    yield f"{title:<36}{'cells':>9}{'silent':>8}{'flag %':>8}"
    for name, one in sorted(counts.items()):
        yield f"{name:<36}{one.cells:>9}{one.silent:>8}{_share(one.flagged, one.cells):>8}"
    yield ""


def goals(verdict: Verdict) -> list[tuple[str, bool]]:
    """The goals of the book this examination can speak about: sentence, and whether it is met."""
    clear, cancelled = verdict.clear, verdict.total("cancelled")
    wrong = verdict.sum("given_away") + verdict.sum("accepted")
    found = [
        (
            f"silently wrong among ordinary and corrected marks: {clear.silent} in {clear.cells} (95 % bound {bound(clear.silent, clear.cells):.1e}), goal 0",
            clear.silent == 0,
        ),
        (
            f"pages given to a wrong team, month, version or part, or taken though they are no page: {wrong} in {verdict.sum('pages')}, goal 0",
            wrong == 0,
        ),
    ]
    due, lost = verdict.sum("pages"), verdict.sum("lost")
    found.append((f"pages lost: {lost} in {due}, goal 1 %", lost <= 0.01 * due))
    if clear.cells:
        found.append(
            (
                f"cells left out or made up: {verdict.sum('missing')}, {verdict.sum('invented')}, goal 0",
                not verdict.sum("missing") + verdict.sum("invented"),
            )
        )
    if cancelled.cells >= 100:
        share = cancelled.silent / cancelled.cells
        found.append(
            (
                f"cancelled with nothing instead, silent: {100 * share:.2f} % of {cancelled.cells}, goal 1 %",
                share <= 0.01,
            )
        )
    if "normal" in verdict.groups:
        ordinary = verdict.groups["normal"].columns["ordinary"]
        share = ordinary.flagged / max(1, ordinary.cells)
        found.append(
            (
                f"ordinary marks flagged in normal use: {100 * share:.2f} % of {ordinary.cells}, goal 0.5 %",
                share <= 0.005,
            )
        )
    return [(text + (": met" if met else ": MISSED"), met) for text, met in found]
