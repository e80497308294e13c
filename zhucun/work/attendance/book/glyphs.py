"""Which signs the book's font has, so that a name is refused before it is printed with a hole in it."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTCollection
from noto_cjk_sans_otc import FONT_PATH

FONT = Path(str(FONT_PATH))
FAMILY = "Noto Sans CJK SC"
MONO = "Noto Sans Mono CJK SC"


def missing(text: str) -> str:
    """The signs of a text which the font lacks, each once, in the order of the text; space and line ends are not counted.

    A variation selector counts as a sign of its own and is lacking, because not one of them is printed.
    """
    signs = _signs()
    return "".join(dict.fromkeys(sign for sign in text if not sign.isspace() and ord(sign) not in signs))


def refuse_missing(texts: Iterable[tuple[str, str]]) -> None:
    """Refuse with ValueError the first of the labelled texts, `(label, text)`, with a sign the font lacks."""
    for label, text in texts:
        if lacking := missing(text):
            listed = "、".join(f"“{sign}”（U+{ord(sign):04X}）" for sign in lacking)
            raise ValueError(f"{label}“{text}”里的{listed}，字库里没有，印不出来；请先在系统里改用别的写法。")


@lru_cache(maxsize=1)
def _signs() -> frozenset[int]:
    with TTCollection(str(FONT), lazy=True) as fonts:
        for font in fonts.fonts:
            if font["name"].getDebugName(4) == FAMILY:
                return frozenset(font["cmap"].getBestCmap())
    raise LookupError(f"{FAMILY} is not in {FONT}")
