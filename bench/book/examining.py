"""The examination: files with their truth, each from its own seed, so that any one can be made again alone."""

import time
from collections.abc import Iterable, Iterator

import cv2
import numpy as np

from bench.book import attacks
from bench.book.forms import Book
from bench.book.recipes import Recipe, recipe
from bench.book.sheets import captured, filled

FIT = 0.05
"""The share of outlines that may be missing where the layout says, before an examination is refused."""


def examine(
    pdf: bytes,
    layout: Iterable[dict],
    seed: int,
    n: int,
    mix: str = "normal",
    *,
    other: tuple[bytes, list[dict]] | None = None,
    only: int | None = None,
) -> Iterator[tuple[str, bytes, dict]]:
    """Files that hold about `n` filled pages of the book (name, bytes, truth), by `mix`: normal, stress, attack, or groups.

    `other` is a book printed by another county, for attacks. `only` makes the file with that number alone.
    The truth of a file: `{"file", "group", "seed", "number", "cpu", "pages": [{"page", "expect": "read" | "refuse" |
    "either", "team", "month", "version", "part", "cells": [{"person", "day", "value", "answer", "kind", "case", "pen", "touched"}]}]}`.
    """
    cv2.setNumThreads(1)
    book = Book(pdf, layout)
    if not book.forms:
        raise ValueError("the layout has no bubbles")
    misfits = {form.index + 1: miss for form in book.forms[:20] if (miss := book.misfit(form)) > FIT}
    if misfits:
        raise ValueError(f"the layout does not fit the print; outlines missing by page: {misfits}")
    foreign = Book(*other) if other else None
    number, pages = 0, 0
    while pages < n:
        if only is not None and number != only:
            if number > only:
                return
            number += 1  # the number of pages is not known without making them, so `only` ignores `n`
            continue
        started = time.process_time()
        rng = np.random.default_rng([seed, number])
        stem = f"s{seed}-{number:05}"
        if mix == "attack":
            group, name, data, truth = attacks.attack(book, foreign, number, stem, rng)
        else:
            one = recipe(mix, number, rng)
            group, (name, data, truth) = one.group, _file(book, one, stem, rng)
        cpu = round(time.process_time() - started, 3)
        yield name, data, {"file": name, "group": group, "seed": seed, "number": number, "cpu": cpu, "pages": truth}
        number, pages = number + 1, pages + max(1, len(truth))


def _file(book: Book, one: Recipe, stem: str, rng: np.random.Generator) -> tuple[str, bytes, list[dict]]:
    """One file: usually one page, two in a photo, up to three in a scanner's PDF."""
    count = 1
    if one.capture == "photo" and "two" in one.tricks:
        count = 2
    elif one.capture == "scan" and rng.random() < 0.3:
        count = int(rng.integers(2, 4))
    at = rng.choice(len(book.forms), min(count, len(book.forms)), replace=False)
    return captured([filled(book, book.forms[int(i)], one, rng) for i in at], one, stem, rng)
