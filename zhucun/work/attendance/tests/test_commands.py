"""`print_book` and `read_book`: what is printed and filled in comes back as it was meant; bad input ends in a sentence."""

import json
from io import StringIO

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.cast import AT
from zhucun.base.directory import actions as directory
from zhucun.work.attendance.models import PersonMonth, PrintedPage, Question, Reading

DOTS = 200
MEANT = {"在村": "村", "视同": "视", "请假": "假", "休": "休"}
PAGE = {"file", "page", "team", "month", "version", "part", "status", "reason", "cells"}
CELL = {"person", "day", "value", "confidence", "human", "why"}


@pytest.fixture(autouse=True)
def own_data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def printed(folder, **options):
    """The PDF and its layout."""
    call_command(
        "print_book",
        month="2022-11",
        output=str(folder / "a.pdf"),
        layout=str(folder / "a.json"),
        stdout=StringIO(),
        **options,
    )
    return folder / "a.pdf", json.loads((folder / "a.json").read_text())


def filled(pdf, entry, option_of) -> np.ndarray:
    """A page drawn and filled in with a pen, by its layout alone."""
    with pdfium.PdfDocument(pdf) as file:
        pixels = file[entry["page"] - 1].render(scale=DOTS / 72).to_numpy()[:, :, :3].copy()
    for one in entry["bubbles"]:
        if one["option"] == option_of(one["person"], one["day"]):
            centre = round((one["x"] + one["w"] / 2) * DOTS / 25.4), round((one["y"] + one["h"] / 2) * DOTS / 25.4)
            half = round(one["w"] * 0.42 * DOTS / 25.4), round(one["h"] * 0.42 * DOTS / 25.4)
            cv2.ellipse(pixels, centre, half, 0, 0, 360, (90, 50, 50), -1, cv2.LINE_AA)
    return pixels


def option(person, day):
    return "村视假休"[(day + int(person[-1])) % 4]


def as_read(*files, **options):
    out, failed = StringIO(), False
    try:
        call_command("read_book", *map(str, files), json=True, stdout=out, stderr=StringIO(), **options)
    except CommandError:
        failed = True
    pages = json.loads(out.getvalue())
    assert failed == all(page["status"] == "refused" for page in pages)
    return pages


def test_what_is_printed_and_filled_in_comes_back_as_it_was_meant(world, tmp_path):
    pdf, layout = printed(tmp_path)
    assert [entry["team"] for entry in layout] == ["T001", "T002"]
    pictures = [tmp_path / f"{entry['team']}.png" for entry in layout]
    for entry, picture in zip(layout, pictures, strict=True):
        cv2.imwrite(str(picture), filled(pdf, entry, option))
    pages = as_read(*pictures)
    assert [(page["file"], page["page"], page["team"], page["month"], page["version"], page["part"], page["status"], page["reason"])
            for page in pages] == [(str(file), 1, team, "2022-11", 1, 1, "read", "") for file, team in zip(pictures, ("T001", "T002"), strict=True)]  # fmt: skip
    cells = [cell for page in pages for cell in page["cells"]]
    assert len(cells) == 90
    assert all(MEANT[cell["value"]] == option(cell["person"], cell["day"]) for cell in cells)
    assert not any(cell["human"] for cell in cells)
    assert set(pages[0]) == PAGE
    assert set(cells[0]) == CELL
    assert not PersonMonth.objects.exists()
    assert not Reading.objects.exists()


def test_with_save_the_marks_go_in_and_slips_missing_are_asked_about(world, tmp_path):
    pdf, layout = printed(tmp_path)
    cv2.imwrite(
        str(tmp_path / "a.jpg"), filled(pdf, layout[0], lambda person, day: None if day == 3 else option(person, day))
    )
    as_read(tmp_path / "a.jpg", save=True)
    marks = PersonMonth.objects.get(person=world.wang).marks
    meant = {"村": "√", "视": "公", "假": "事", "休": "调"}
    assert marks == "".join("·" if day == 3 else meant[option("P001", day)] for day in range(1, 31))
    reasons = set(Question.objects.filter(audit=False).values_list("why", flat=True))
    assert reasons == {"没有填涂", "没有请假单"}
    assert Reading.objects.get().path.exists()


def test_a_pdf_of_pages_and_files_that_are_none(world, tmp_path):
    pdf, _ = printed(tmp_path)
    (tmp_path / "b.txt").write_text("x")
    pages = as_read(pdf, tmp_path / "b.txt")
    assert [(page["page"], page["status"]) for page in pages] == [(1, "read"), (2, "read"), (1, "refused")]
    assert all(cell["human"] for page in pages for cell in page["cells"])  # nobody marked anything: never silent
    assert {cell["why"] for page in pages for cell in page["cells"]} <= {"没有填涂", "笔迹很轻"}
    assert (pages[2]["team"], pages[2]["cells"], pages[2]["reason"][:6]) == (None, [], "不是图片或 ")
    out = StringIO()
    call_command("read_book", str(pdf), stdout=out, stderr=StringIO())
    assert "共 2 页，读出 2 页" in out.getvalue()


def test_a_cover_moves_the_pages_and_the_layout_with_them(world, tmp_path):
    pdf, layout = printed(tmp_path, cover=True)
    assert [entry["page"] for entry in layout] == [3, 6]
    pages = as_read(pdf)
    assert [(page["page"], page["team"]) for page in pages if page["status"] == "read"] == [(3, "T001"), (6, "T002")]


def test_one_team_and_the_same_page_again(world, tmp_path):
    options = {"month": "2022-11", "team": "T002", "output": str(tmp_path / "a.pdf"), "stdout": StringIO()}
    call_command("print_book", **options)
    first = (tmp_path / "a.pdf").read_bytes()
    call_command("print_book", **options)
    assert (tmp_path / "a.pdf").read_bytes() == first
    page = PrintedPage.objects.get()
    assert (page.team.number, page.version, page.printed_by.is_caretaker) == ("T002", 1, True)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"month": "2022-13"}, "“2022-13”不是月份，请写成 2022-11"),
        ({"month": "x"}, "不是月份"),
        ({"team": "T009"}, "没有编号为“T009”的工作队"),
        ({"month": "2020-01"}, "2020年1月没有人在任"),
        ({"month": "2020-01", "team": "T001"}, "2020年1月没有人在任"),
        ({"county": "999999"}, "没有代码为 999999 的县"),
        ({"output": "/nowhere/a.pdf"}, "没有“/nowhere”这个文件夹"),
        ({"output": "/tmp"}, "是一个文件夹"),
        ({"output": "/dev/null"}, "不是普通文件"),
        ({"layout": "/nowhere/a.json"}, "没有“/nowhere”这个文件夹"),
    ],
)
def test_bad_input_is_refused_with_a_sentence_and_nothing_is_kept(world, tmp_path, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("print_book", **{"month": "2022-11", "output": str(tmp_path / "a.pdf")} | options)
    assert not PrintedPage.objects.exists()
    assert not (tmp_path / "a.pdf").exists()


def test_files_that_are_not_there(world, tmp_path):
    for name, sentence in (("/nowhere.png", "没有找到文件 /nowhere.png"), (str(tmp_path), "是一个文件夹")):
        with pytest.raises(CommandError, match=sentence):
            call_command("read_book", name)


def test_a_refusal_is_an_empty_array_for_programs(world, tmp_path):
    out = StringIO()
    with pytest.raises(CommandError, match="没有找到文件"):
        call_command("read_book", "/nowhere.png", json=True, stdout=out)
    assert json.loads(out.getvalue()) == []


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("save", [True, False])
def test_not_one_page_read_is_a_failure_told_after_the_answer(world, tmp_path, as_json, save):
    cv2.imwrite(str(tmp_path / "strip.png"), np.full((10, 400), 255, np.uint8))
    (tmp_path / "b.txt").write_text("x")
    out, files = StringIO(), [str(tmp_path / name) for name in ("strip.png", "b.txt")]
    told = r"共 2 页，一页也没有读出（图片太小，.+；不是图片或 .+），请按原因重新扫描或拍照后再读。"
    with pytest.raises(CommandError, match=told) as refused:
        call_command("read_book", *files, json=as_json, save=save, stdout=out, stderr=StringIO())
    assert refused.value.returncode == 1
    if as_json:
        assert [page["status"] for page in json.loads(out.getvalue())] == ["refused", "refused"]
    else:
        assert "共 2 页，读出 0 页，没有读出 2 页" in out.getvalue()


@pytest.mark.parametrize("shape", [(10, 40_000), (40_000, 10), (1, 1_200), (150, 1_200)])
def test_a_strip_is_a_refused_page(world, tmp_path, shape):
    cv2.imwrite(str(tmp_path / "strip.png"), np.full(shape, 255, np.uint8))
    assert [page["reason"] for page in as_read(tmp_path / "strip.png")] == ["图片太小，看不清，请发原图或重新扫描"]


def test_a_pdf_page_like_a_strip_is_refused(world, tmp_path):
    with pdfium.PdfDocument.new() as document:
        document.new_page(14_400, 1)
        document.save(str(tmp_path / "strip.pdf"))
    assert [page["status"] for page in as_read(tmp_path / "strip.pdf")] == ["refused"]


def test_several_counties_have_to_be_told_apart(world, tmp_path):
    directory.add_division(code="430424", name="衡东县", kind="县", parent=None, by=world.caretaker, at=AT)
    pdf, _ = printed(tmp_path)
    with pytest.raises(CommandError, match="有几个县"):
        call_command("read_book", str(pdf))
    assert as_read(pdf, county="430424")[0]["reason"].startswith("这一页不是本系统打印的")
    assert as_read(pdf, county="430426")[0]["status"] == "read"


@pytest.mark.django_db
def test_without_a_county_there_is_nothing_to_read(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    with pytest.raises(CommandError, match="还没有县"):
        call_command("read_book", str(tmp_path / "a.png"))
