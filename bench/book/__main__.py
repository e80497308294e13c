"""The examiner's command line: make, judge, run, groups, selftest."""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bench.book import running, selftest, tables
from bench.book.attacks import ATTACKS
from bench.book.examining import examine
from bench.book.judging import judge
from bench.book.recipes import GROUPS

TRUTH = "truth.jsonl"


def make(arguments: argparse.Namespace) -> int:
    """Write files and truth."""
    other = None
    if arguments.other:
        other = (arguments.other.read_bytes(), json.loads(arguments.other_layout.read_text()))
    made(arguments.pdf.read_bytes(), json.loads(arguments.layout.read_text()), arguments, arguments.out, other)
    return 0


def made(
    pdf: bytes, layout: list[dict], arguments: argparse.Namespace, out: Path, other: tuple[bytes, list[dict]] | None
) -> list[dict]:
    """Write files and truth to a folder, and give the truth."""
    out.mkdir(parents=True, exist_ok=True)
    truths, pages = [], 0
    with (out / TRUTH).open("w") as book:
        for name, data, truth in examine(
            pdf, layout, arguments.seed, arguments.pages, arguments.mix, other=other, only=arguments.only
        ):
            (out / name).write_bytes(data)
            book.write(json.dumps(truth, ensure_ascii=False) + "\n")
            truths.append(truth)
            pages += len(truth["pages"])
            if sys.stderr.isatty():
                print(f"\rmade {pages} pages", end="", file=sys.stderr, flush=True)
    cpu = sum(truth["cpu"] for truth in truths)
    print(f"{pages} pages in {len(truths)} files, {cpu / max(1, pages):.2f} s CPU a page, truth in {out / TRUTH}")
    return truths


def told(truths: Iterable[dict], answers: list[dict], errors: Path | None, show: int) -> int:
    """Print the verdict; 1 when a goal is missed."""
    verdict = judge(truths, answers)
    for line in tables.lines(verdict):
        print(line)
    for error in verdict.errors[:show]:
        print(json.dumps(error, ensure_ascii=False))
    if len(verdict.errors) > show:
        print(f"… and {len(verdict.errors) - show} more")
    if errors:
        errors.write_text("".join(json.dumps(error, ensure_ascii=False) + "\n" for error in verdict.errors))
    return 0 if all(met for _, met in tables.goals(verdict)) else 1


def truths_of(folder: Path) -> list[dict]:
    """The truth in a folder."""
    return [json.loads(line) for line in (folder / TRUTH).read_text().splitlines()]


def judged(arguments: argparse.Namespace) -> int:
    """Compare answers with the truth."""
    return told(truths_of(arguments.truth), json.loads(arguments.answers.read_text()), arguments.errors, arguments.show)


def run(arguments: argparse.Namespace) -> int:
    """Everything against the installed product."""
    with tempfile.TemporaryDirectory(prefix="examiner-") as temporary:
        place = Path(temporary)
        env = running.demo(place) if arguments.demo else {}
        if arguments.pdf:
            pdf, layout = arguments.pdf.read_bytes(), json.loads(arguments.layout.read_text())
        else:
            pdf, layout = running.printed(arguments.month, arguments.team, place, env)
        foreign = None
        if arguments.mix == "attack" and not arguments.pdf:
            strange = env | {"ZHUCUN_SECRET_KEY": "another county's key, which nobody here has ever seen before"}
            foreign = running.printed(arguments.month, arguments.team, place, strange)
        out = arguments.out or place / "pages"
        truths = made(pdf, layout, arguments, out, foreign)
        reading = running.read([out / truth["file"] for truth in truths], env, arguments.batch)
        (out / "answers.json").write_text(json.dumps(reading.answers, ensure_ascii=False))
        pages = sum(len(truth["pages"]) for truth in truths)
        missed = told(truths, reading.answers, arguments.errors, arguments.show)
        print(
            f"reader: {1000 * reading.cpu / max(1, pages):.0f} ms CPU a page with start-up, {reading.wall:.1f} s in all, peak {reading.peak_mb:.0f} MB"
        )
        for complaint in reading.complaints:
            print(f"complaint: {complaint}")
        return missed or int(bool(reading.complaints))


def groups(arguments: argparse.Namespace) -> int:
    """What there is to be examined."""
    print("groups of `stress`, also by name with commas:", *GROUPS)
    print("attacks of `attack`:", *ATTACKS)
    return 0


def main() -> int:
    """Parse and do."""
    parser = argparse.ArgumentParser(prog="python -m bench.book", description=__doc__)
    commands = parser.add_subparsers(required=True, dest="command")
    chosen = argparse.ArgumentParser(add_help=False)
    chosen.add_argument("--pdf", type=Path, help="a book by print_book")
    chosen.add_argument("--layout", type=Path, help="its --layout file")
    chosen.add_argument("--seed", type=int, default=1)
    chosen.add_argument("--pages", type=int, default=50)
    chosen.add_argument("--mix", default="normal", help="normal, stress, attack, or groups by name (see `groups`)")
    chosen.add_argument("--only", type=int, help="only the file with this number")
    shown = argparse.ArgumentParser(add_help=False)
    shown.add_argument("--errors", type=Path, help="write every error there, one JSON a line")
    shown.add_argument("--show", type=int, default=30, help="errors to print")
    one = commands.add_parser("make", parents=[chosen], help=make.__doc__)
    one.add_argument("--out", type=Path, required=True)
    one.add_argument("--other", type=Path, help="a book of another county, for attacks")
    one.add_argument("--other-layout", type=Path)
    one.set_defaults(do=make)
    one = commands.add_parser("judge", parents=[shown], help=judged.__doc__)
    one.add_argument("--truth", type=Path, required=True)
    one.add_argument("--answers", type=Path, required=True)
    one.set_defaults(do=judged)
    one = commands.add_parser("run", parents=[chosen, shown], help=run.__doc__)
    one.add_argument(
        "--demo", action="store_true", help="build the demonstration county in a temporary place and use it"
    )
    one.add_argument("--month", default="2022-11")
    one.add_argument("--team")
    one.add_argument("--out", type=Path, help="keep the files there")
    one.add_argument("--batch", type=int, default=running.BATCH, help="files a call of read_book")
    one.set_defaults(do=run)
    commands.add_parser("groups", help=groups.__doc__).set_defaults(do=groups)
    commands.add_parser("selftest", help=selftest.__doc__).set_defaults(do=lambda _: selftest.main())
    arguments = parser.parse_args()
    if (getattr(arguments, "pdf", None) is not None and not arguments.layout) or (
        arguments.command == "make" and not arguments.pdf
    ):
        parser.error("--pdf and --layout go together")
    return arguments.do(arguments)


if __name__ == "__main__":
    sys.exit(main())
