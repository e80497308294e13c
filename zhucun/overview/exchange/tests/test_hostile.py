"""Files that are not what they say, or meant to hurt: a sentence each, little memory, little time, nothing written."""

import struct
import time
import zipfile

import pytest

from zhucun.overview.exchange.parsing import parse
from zhucun.overview.exchange.planning import SHEETS, TO_COME
from zhucun.overview.exchange.reading.gate import MB, WEB, Fault, Limits
from zhucun.overview.exchange.reading.workbook import read, spooled
from zhucun.overview.exchange.tests.books import GOOD, xlsx, zipped

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
TYPES = b"""<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""
RELS = b"""<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="xl/workbook.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>"""
BOOK = """<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets><sheet name="行政区划" sheetId="1" r:id="rId1"/></sheets></workbook>""".encode()
BOOK_RELS = b"""<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="worksheets/sheet1.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>"""
SHEET = b"""<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<sheetData>%s</sheetData></worksheet>"""


def parts(rows=b"", **more):
    """A minimal workbook by hand."""
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELS,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": BOOK_RELS,
        "xl/worksheets/sheet1.xml": SHEET % rows,
        **more,
    }


def cell(place, text):
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def row(number, *cells):
    return f'<row r="{number}">'.encode() + b"".join(cells) + b"</row>"


HEAD = row(1, cell("A1", "代码"), cell("B1", "名称"), cell("C1", "类型"))


def with_flag(content, bit):
    """The same archive with a flag set in every entry."""
    raw = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.find(mark)
        while place >= 0:
            flags = struct.unpack_from("<H", raw, place + offset)[0]
            struct.pack_into("<H", raw, place + offset, flags | bit)
            place = raw.find(mark, place + 4)
    return bytes(raw)


def lying_dimension():
    """Two cells at the far corners of the sheet."""
    return zipped(parts(HEAD + row(1048576, cell("XFD1048576", "x"))))


def ten_thousand_parts():
    return zipped({**parts(HEAD), **{f"xl/media/{n}.png": b"x" for n in range(10_000)}})


def bomb():
    return zipped({**parts(), "xl/worksheets/sheet1.xml": SHEET % (b" " * (90 * MB))})


def many_bombs():
    """Each part just within the ratio, together far beyond."""
    return zipped({**parts(), **{f"xl/{n}.bin": b"ab" * (20 * MB) for n in range(8)}})


def doctype(encoding):
    text = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
    return zipped({**parts(), "xl/worksheets/sheet1.xml": text.encode(encoding)})


def entity_after_comment():
    text = (
        b"<?xml version='1.0'?><!--" + b"x" * 5000 + b"--><!DOCTYPE x [<!ENTITY a 'aaaa'>]><worksheet>&a;</worksheet>"
    )
    return zipped({**parts(), "xl/worksheets/sheet1.xml": text})


def shared_strings(index):
    return zipped(parts(HEAD + row(2, f'<c r="A2" t="s"><v>{index}</v></c>'.encode())))


FILES = {
    "empty": (b"", "空的"),
    "old .xls": (OLE + b"\0" * 4000 + "Workbook".encode("utf-16-le"), ".xls"),
    "encrypted": (OLE + b"\0" * 4000 + "EncryptedPackage".encode("utf-16-le"), "密码"),
    "csv": ("人员编号,姓名\nP001,王立新\n".encode("gb18030"), ".csv"),
    "html": (b"<html><table></table></html>", "网页"),
    "pdf": (b"%PDF-1.7\n...", "PDF"),
    "broken zip": (b"PK\x03\x04" + b"\0" * 100, "损坏"),
    "half a workbook": (xlsx(GOOD)[:3000], "损坏"),
    "some other zip": (zipped({"a.txt": b"x"}), "不是 Excel"),
    "a Word file": (zipped({"[Content_Types].xml": TYPES, "word/document.xml": b"<a/>"}), "不是 Excel"),
    "a binary workbook": (zipped({"[Content_Types].xml": TYPES, "xl/workbook.bin": b"x"}), ".xlsb"),
    "an encrypted entry": (with_flag(zipped(parts(HEAD)), 1), "加"),
    "a path outside": (zipped({**parts(HEAD), "../../etc/passwd": b"x"}), "路径"),
    "a backslash path": (zipped({**parts(HEAD), "..\\..\\x": b"x"}), "路径"),
    "a zip bomb": (bomb, "压缩得不正常"),
    "many bombs": (many_bombs, "正常|100 MB"),
    "too many parts": (ten_thousand_parts, "部件"),
    "DOCTYPE": (lambda: doctype("utf-8"), "DOCTYPE|读不懂"),
    "DOCTYPE in UTF-16": (lambda: doctype("utf-16"), "DOCTYPE|读不懂"),
    "DOCTYPE after a comment": (entity_after_comment, "DOCTYPE|读不懂"),
    "A1 and XFD1048576": (lying_dimension, "孤立|远远超出"),
    "a far row": (lambda: zipped(parts(HEAD + row(900_000, cell("A900000", "x")))), "孤立"),
    "a far column": (lambda: zipped(parts(HEAD + row(2, cell("XFD2", "x")))), "远远超出"),
    "a text that is not there": (lambda: shared_strings(99), "读不懂"),
    "no text at all": (lambda: shared_strings("x"), "读不懂"),
    "no sheet part": (lambda: zipped({k: v for k, v in parts().items() if "sheet1" not in k}), ""),
    "torn XML": (lambda: zipped({**parts(), "xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}), "读不懂"),
    "a row beyond counting": (lambda: zipped(parts(HEAD + b'<row r="99999999999999999999"/>')), ""),
}


def all_of(content, limits=WEB):
    with spooled(content) as file:
        return list(read(file, limits))


@pytest.mark.parametrize("name", list(FILES))
def test_a_hostile_file_ends_in_a_sentence(name):
    content, word = FILES[name]
    content = content() if callable(content) else content
    started = time.monotonic()
    sentence = refused(content)
    assert time.monotonic() - started < 20
    if word:
        assert any(part in sentence for part in word.split("|")), sentence
    assert not sentence or sentence.endswith("。")


def refused(content):
    """The sentence a file is refused with; empty when it is read."""
    try:
        all_of(content)
    except Fault as fault:
        return str(fault)
    return ""


def test_a_file_too_large_is_not_even_opened():
    with pytest.raises(Fault, match="超过了 1 MB"):
        all_of(zipped(parts(HEAD, **{"xl/a.bin": bytes(range(256)) * 8000}), zipfile.ZIP_STORED), Limits(file=MB))


def test_more_rows_than_allowed_are_refused():
    many = b"".join(row(n, cell(f"A{n}", "x")) for n in range(1, 40))
    with pytest.raises(Fault, match="行"):
        all_of(zipped(parts(many)), Limits(rows=20))


def test_a_reader_that_runs_out_of_memory_is_a_sentence():
    head = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    strings = head + b"".join(b"<si><t>%d%s</t></si>" % (n, b"y" * 150) for n in range(400_000)) + b"</sst>"
    content = zipped({**parts(HEAD), "xl/sharedStrings.xml": strings, "[Content_Types].xml": TYPES.replace(
        b"</Types>", b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>')})  # fmt: skip
    with pytest.raises(Fault, match=r"太大|读不懂|正常"):
        all_of(content, Limits(memory=90 * MB, ratio=1000))


def test_a_reader_that_runs_too_long_is_a_sentence():
    many = b"".join(row(n, *(cell(f"{letter}{n}", "x") for letter in "ABCDEFGHIJ")) for n in range(1, 100_000))
    with pytest.raises(Fault, match="太大"):
        all_of(zipped(parts(many)), Limits(seconds=1, ratio=1000))


def test_what_the_sheet_says_of_its_own_size_is_not_believed():
    sheet = (SHEET % (HEAD + row(2, cell("A2", "430426"), cell("B2", "祁东县"), cell("C2", "县")))).replace(
        b"<sheetData>", b'<dimension ref="A1:A1"/><sheetData>'
    )
    events = all_of(zipped({**parts(), "xl/worksheets/sheet1.xml": sheet}))
    assert events[-1] == ["row", 2, ["430426", "祁东县", "县"]]


def test_empty_rows_and_columns_at_the_end_are_nothing():
    styled = b"".join(row(n, b'<c r="A%d" s="0"/>' % n, cell(f"B{n}", "  ")) for n in range(3, 3000))
    read_ = parse(iter(all_of(zipped(parts(HEAD + row(2, cell("A2", "430426"), cell("B2", "县"), cell("C2", "县")) + styled)))),
                  SHEETS, TO_COME)  # fmt: skip
    assert (len(read_.pages["行政区划"].lines), read_.problems) == (1, [])


def test_the_reading_process_knows_no_secret(monkeypatch):
    monkeypatch.setenv("ZHUCUN_SECRET_KEY", "x" * 40)
    from zhucun.overview.exchange.reading import workbook

    seen = {}
    real = workbook.subprocess.Popen

    def popen(*args, **kwargs):
        seen.update(kwargs["env"])
        return real(*args, **kwargs)

    monkeypatch.setattr(workbook.subprocess, "Popen", popen)
    all_of(xlsx(GOOD))
    assert set(seen) <= {"PYTHONPATH", "LANG", "PATH", "PYTHONUTF8"}


def test_random_damage_never_breaks_out():
    import random

    chance = random.Random(7)
    content = xlsx(GOOD)
    for _ in range(12):
        raw = bytearray(content)
        for _ in range(chance.randrange(1, 30)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        sentence = refused(bytes(raw))
        assert not sentence or sentence.endswith("。")


def test_one_long_text_in_many_cells_is_not_written_out_for_each():
    head = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    strings = head + b"<si><t>" + b"x" * 30_000 + b"</t></si></sst>"
    many = b"".join(row(n, b'<c r="A%d" t="s"><v>0</v></c>' % n) for n in range(2, 9_000))
    content = zipped({**parts(HEAD + many), "xl/sharedStrings.xml": strings, "[Content_Types].xml": TYPES.replace(
        b"</Types>", b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>')})  # fmt: skip
    with pytest.raises(Fault, match="太大"):
        all_of(content)


def test_a_sheet_full_of_mistakes_is_not_listed_without_end(monkeypatch):
    from zhucun.overview.exchange import parsing

    monkeypatch.setattr(parsing, "MOST_PROBLEMS", 50)
    rows = (["row", n, ["x", None, "y"]] for n in range(2, 500))
    found = parse(iter([["sheet", "行政区划"], ["row", 1, ["代码", "名称", "类型"]], *rows]), SHEETS, TO_COME)
    assert 50 < len(found.problems) < 60


def test_two_readers_at_once_do_not_meet():
    with spooled(xlsx(GOOD)) as one, spooled(xlsx(GOOD)) as two:
        assert list(zip(read(one, WEB), read(two, WEB), strict=True))
