"""Files come in without what a phone writes into them, are read in a process, and every page's fate is told."""

from uuid import uuid4

import cv2
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from zhucun.work.attendance import jobs
from zhucun.work.attendance.forms import uploads as limits
from zhucun.work.attendance.models import Reading
from zhucun.work.attendance.scan.metadata import without_metadata

UPLOAD = reverse("attendance:upload")
GPS = b"GPS-28.123-112.456"


@pytest.fixture(autouse=True)
def own_data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def launched(monkeypatch, django_capture_on_commit_callbacks):
    """Run what would be started."""
    started = []
    monkeypatch.setattr(jobs.JOBS.__class__, "launch", lambda self, job, *stage: started.append((job, *stage)))
    return started


def photo(shade=200) -> bytes:
    """A grey photo with a place and a time written into it."""
    jpeg = cv2.imencode(".jpg", np.full((1200, 1600, 3), shade, np.uint8))[1].tobytes()
    exif = b"Exif\0\0" + GPS
    return jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:] + GPS


def sent(client, *files, capture=None):
    posted = [SimpleUploadedFile(name, content) for name, content in files]
    with capture(execute=True):
        return client.post(UPLOAD, {"county": "430426", "scans": posted})


@pytest.mark.parametrize("name", ["contact_finance", "member_li", "leader_county", "stranger", "sysadmin"])
def test_others_are_refused(world, signed_in, name):
    client = signed_in(getattr(world, name))
    assert client.get(UPLOAD).status_code == 403
    assert client.post(UPLOAD).status_code == 403


def test_several_files_are_read_one_after_the_other(
    world, signed_in, launched, tmp_path, django_capture_on_commit_callbacks
):
    client = signed_in(world.clerk_jin)
    files = [
        ("一.jpg", photo()),
        ("二.pdf", b"%PDF-1.4 broken"),
        ("三.docx", b"PK\x03\x04" + GPS * 9),
        ("一的副本.jpg", photo()),
    ]
    answer = sent(client, *files, capture=django_capture_on_commit_callbacks)
    where = answer.headers["Location"]
    assert "正在识读" in client.get(where).content.decode()
    ((job, stage),) = launched
    call_command("book_job", str(job), stage)
    text = client.get(where).content.decode()
    assert {row.file for row in Reading.objects.all()} == {"一.jpg", "二.pdf", "三.docx"}
    assert "打不开，请重新上传" in text
    assert "一的副本.jpg 和别的文件内容完全一样" in text
    assert "请上传 jpg、png 或 pdf" in text
    assert [path.name for path in jobs.JOBS.folder(job).iterdir() if len(path.name) == 64] == []
    assert "HX-Redirect" in client.get(f"{where}progress/", headers={"HX-Request": "true"}).headers


def test_nothing_a_phone_writes_is_kept(world, signed_in, launched, tmp_path, django_capture_on_commit_callbacks):
    sent(signed_in(world.clerk_jin), ("一.jpg", photo()), capture=django_capture_on_commit_callbacks)
    assert all(GPS not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    plain = cv2.imdecode(np.frombuffer(without_metadata(photo()), np.uint8), cv2.IMREAD_COLOR)
    assert (plain == cv2.imdecode(np.frombuffer(photo(), np.uint8), cv2.IMREAD_COLOR)).all()


def test_a_png_loses_its_texts():
    png = cv2.imencode(".png", np.full((10, 10, 3), 9, np.uint8))[1].tobytes()
    text = len(GPS).to_bytes(4, "big") + b"tEXt" + GPS + b"\0\0\0\0"
    assert without_metadata(png[:33] + text + png[33:] + GPS) == png


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1", b"\xff\xd8\xff\xe1\0\0" * 9, b"\x89PNG\r\n\x1a\n\0\0\0", photo()[:500]],
)
def test_broken_pictures_end_where_they_break(content):
    assert len(without_metadata(content)) <= len(content)


def test_limits_are_told_and_the_rest_is_read(
    world, signed_in, launched, monkeypatch, django_capture_on_commit_callbacks
):
    client = signed_in(world.clerk_jin)
    assert "请先选择扫描件或照片" in client.post(UPLOAD, {"county": "430426"}).content.decode()
    monkeypatch.setattr("zhucun.work.attendance.forms.uploads.LARGEST", 100)
    where = sent(client, ("大.jpg", photo()), capture=django_capture_on_commit_callbacks).headers["Location"]
    call_command("book_job", str(launched[0][0]), "read")
    assert "重新扫描" in client.get(where).content.decode()
    monkeypatch.setattr("zhucun.work.attendance.forms.uploads.MOST_FILES", 1)
    files = [SimpleUploadedFile(f"{n}.jpg", photo()) for n in range(2)]
    assert "一次最多 1 个" in client.post(UPLOAD, {"county": "430426", "scans": files}).content.decode()
    assert limits.MOST_BYTES > limits.MB


def test_reading_goes_on_where_it_broke_off(
    world, signed_in, launched, monkeypatch, django_capture_on_commit_callbacks
):
    client = signed_in(world.clerk_jin)
    where = sent(
        client, ("一.jpg", photo()), ("二.jpg", photo(90)), capture=django_capture_on_commit_callbacks
    ).headers["Location"]
    job = launched[0][0]
    work = jobs.Work.found(job)
    work.uploads[0].over, work.over, work.failed = True, True, "x"
    work.keep()
    assert "还有 1 个文件没有读" in client.get(where).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{where}resume/")
    assert launched == [(job, "read"), (job, "read")]
    call_command("book_job", str(job), "read")
    assert [row.file for row in Reading.objects.all()] == ["二.jpg"]


def test_a_file_that_kills_the_process_is_given_up(world, signed_in, launched, django_capture_on_commit_callbacks):
    client = signed_in(world.clerk_jin)
    sent(client, ("一.jpg", photo()), capture=django_capture_on_commit_callbacks)
    job = launched[0][0]
    work = jobs.Work.found(job)
    work.uploads[0].begun = 2
    work.keep()
    call_command("book_job", str(job), "read")
    assert "出了意外" in Reading.objects.get().reason


def test_a_fault_in_the_reader_ends_as_a_sentence(
    world, signed_in, launched, monkeypatch, django_capture_on_commit_callbacks
):
    def broken(*arguments):
        raise RuntimeError("boom")
        yield

    monkeypatch.setattr("zhucun.work.attendance.scan.reader.read", broken)
    sent(signed_in(world.clerk_jin), ("一.jpg", photo()), capture=django_capture_on_commit_callbacks)
    call_command("book_job", str(launched[0][0]), "read")
    assert "读这个文件时出了意外" in Reading.objects.get().reason


def test_nobody_sees_another_township_s_upload(world, signed_in, launched, django_capture_on_commit_callbacks):
    where = sent(signed_in(world.clerk_jin), ("一.jpg", photo()), capture=django_capture_on_commit_callbacks).headers[
        "Location"
    ]
    assert signed_in(world.clerk_niao).get(where).status_code == 404
    call_command("book_job", str(launched[0][0]), "read")
    assert signed_in(world.clerk_niao).get(where).status_code == 404
    assert signed_in(world.office).get(where).status_code == 200
    assert signed_in(world.office).get(reverse("attendance:uploading", args=[uuid4()])).status_code == 404
    assert signed_in(world.office).get(f"{where}resume/").status_code == 405


def test_an_unknown_job_is_refused(world):
    from django.core.management.base import CommandError

    with pytest.raises(CommandError, match="没有这个任务"):
        call_command("book_job", str(uuid4()), "read")
