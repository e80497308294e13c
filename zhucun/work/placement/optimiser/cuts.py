"""Finds the cuts that a fractional choice of teams breaks: rounded sums of the rows of a few people (Chvátal–Gomory)."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from .tables import Ints, Tables
from .teams import Cuts, Teams

EVERY_SUBSET = 10
"""Up to this many rows in use all their subsets are tried; beyond it triples, grown as long as it helps."""
A_POOL, LEAST = 3, 0.02
"""Cuts taken from one pool in one round, and by how much a cut must be broken to be worth a row."""

Found = tuple[float, int, tuple[int, ...]]  # by how much it is broken, divisor, rows


def broken_cuts(tables: Tables, of_person: Ints, teams: Teams, share: np.ndarray, known: Cuts) -> Cuts:
    """New cuts that the shares (N,) of the teams break; `of_person` (P + 1, R) are the rows a person uses."""
    old = {(int(divisor), weight.tobytes()) for divisor, weight in zip(known.divisor, known.weight, strict=True)}
    used = np.zeros((len(teams), of_person.max(initial=0) + 1), np.int64)
    rows = of_person[teams.people].reshape(len(teams), teams.people.shape[1] * of_person.shape[1])
    np.add.at(used, (np.repeat(np.arange(len(teams)), rows.shape[1]), rows.ravel()), (rows >= 0).ravel())
    weights, divisors, limits = [], [], []
    for pool in _pools(tables):
        for _, divisor, chosen in _of_pool(np.unique(of_person[pool]), used, share):
            weight = np.isin(of_person, chosen).sum(axis=1)
            if (divisor, weight.tobytes()) not in old:
                old.add((divisor, weight.tobytes()))
                weights.append(weight)
                divisors.append(divisor)
                limits.append(len(chosen) // divisor)
    shape = (len(weights), len(of_person))
    return Cuts(np.array(weights, np.int64).reshape(shape), np.array(divisors, np.int64), np.array(limits, np.int64))


def _pools(tables: Tables) -> Iterator[Ints]:
    """Each unit's own people, and those of its whole pool where these are more; each set once."""
    seen = set()
    for unit, pool in enumerate(tables.pools):
        for people in (pool[tables.own[pool] == unit], pool):
            if len(people) > 1 and people.tobytes() not in seen:
                seen.add(people.tobytes())
                yield people


def _of_pool(rows: Ints, used: Ints, share: np.ndarray) -> list[Found]:
    """The most broken cuts over some rows of one pool."""
    rows = rows[rows >= 0]
    rows = rows[(share @ used[:, rows]) > 0]
    inside = used[:, rows]
    matters = inside.sum(axis=1) >= 2
    if len(rows) < 3 or not matters.any():
        return []
    inside, part = inside[matters], share[matters]
    subsets = _subsets(len(rows)) if len(rows) <= EVERY_SUBSET else _grown(inside, part)
    found: list[Found] = []
    for divisor in range(2, min(int(inside.sum(axis=1).max()), len(rows) - 1) + 1):
        over = _over(inside, part, subsets, divisor)
        for n in np.argsort(-over, kind="stable")[:A_POOL]:
            if over[n] > LEAST:
                found.append((float(over[n]), divisor, tuple(rows[subsets[n] > 0].tolist())))
    return sorted(found, key=lambda one: (-one[0], one[1:]))[:A_POOL]


def _over(inside: Ints, part: np.ndarray, subsets: Ints, divisor: int) -> np.ndarray:
    """(M,) by how much each subset's cut is broken."""
    counted = part @ (inside @ subsets.T // divisor)
    return np.asarray(counted - subsets.sum(axis=1) // divisor)


@lru_cache(maxsize=16)
def _subsets(n: int) -> Ints:
    """(M, n) all subsets of n things that have at least three of them, as 0 and 1."""
    every = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    subsets: Ints = every[every.sum(axis=1) >= 3]
    return subsets


def _grown(inside: Ints, part: np.ndarray) -> Ints:
    """(M, n) promising subsets of many rows: the best triples and everything, changed one by one while that helps."""
    n = inside.shape[1]
    one = np.eye(n, dtype=np.int64)
    first, second = np.triu_indices(n, 1)
    pairs = one[first] + one[second]
    together = part @ (inside @ pairs.T // 2)
    best = pairs[np.argsort(-together, kind="stable")[:60]]
    triples = np.unique((best[:, None, :] + one[None, :, :]).reshape(-1, n), axis=0)
    triples = triples[triples.max(axis=1) == 1]
    kept = [triples[np.argsort(-_over(inside, part, triples, 2), kind="stable")[:40]], np.ones((1, n), np.int64)]
    for divisor in range(2, int(inside.sum(axis=1).max()) + 1):
        kept.append(_climbed(inside, part, np.concatenate(kept[:2]), divisor))
    return np.unique(np.concatenate(kept), axis=0)


def _climbed(inside: Ints, part: np.ndarray, subsets: Ints, divisor: int) -> Ints:
    """The subsets after up to some best single changes each, a row in or out."""
    n = subsets.shape[1]
    now = _over(inside, part, subsets, divisor)
    for _ in range(n):
        near = subsets[:, None, :] ^ np.eye(n, dtype=np.int64)[None, :, :]
        over = _over(inside, part, near.reshape(-1, n), divisor).reshape(len(subsets), n)
        step = over.argmax(axis=1)
        better = over[np.arange(len(subsets)), step] > now + 1e-9
        if not better.any():
            break
        subsets = np.where(better[:, None], near[np.arange(len(subsets)), step], subsets)
        now = _over(inside, part, subsets, divisor)
    return subsets
