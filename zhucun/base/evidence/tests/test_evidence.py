"""Documents are kept once, judged by their first bytes, and open only to whoever may see their record."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse

from tests.cast import NOW, TODAY
from zhucun.base.evidence import actions
from zhucun.base.evidence.models import Attachment, attached_to, record
from zhucun.base.evidence.rules import LARGEST, kind_of
from zhucun.base.journal.models import Entry

PDF = b"%PDF-1.7 minutes of the meeting"


@pytest.mark.parametrize(
    ("name", "first", "size", "sentence"),
    [
        ("纪要.pdf", b"%PDF-1.7", 9, ""),
        ("照片.JPG", b"\xff\xd8\xff\xe0", 9, ""),
        ("表.xlsx", b"PK\x03\x04", 9, ""),
        ("表.xls", b"\xd0\xcf\x11\xe0", 9, "不能上传"),
        ("无后缀", b"%PDF-", 9, "不能上传"),
        ("脚本.html", b"<script>", 9, "不能上传"),
        ("假.pdf", b"MZ\x90", 9, "不符"),
        ("空.pdf", b"", 0, "空文件"),
        ("大.pdf", b"%PDF-", LARGEST + 1, "超过 10 MB"),
        ("满.pdf", b"%PDF-", LARGEST, ""),
    ],
)
def test_which_files_are_taken(name, first, size, sentence):
    kind, wrong = kind_of(name, first, size)
    assert (sentence in wrong) if sentence else (kind and not wrong)


def upload(client, target, content=PDF, name="纪要.pdf", **more):
    url = reverse("evidence:attach", args=[target._meta.label_lower, target.pk])
    return client.post(
        url, {"file": SimpleUploadedFile(name, content), "next": "/access/password/", **more}, follow=False
    )


@pytest.mark.django_db
class TestAttach:
    def test_a_clerk_attaches_to_a_team_of_the_township(self, world, signed_in):
        answer = upload(signed_in(world.clerk_jin), world.team_shiqiao)
        assert answer.headers["Location"] == "/access/password/"
        row = attached_to(world.team_shiqiao).get()
        assert (row.name, row.size, row.added_by) == ("纪要.pdf", len(PDF), world.clerk_jin)
        assert row.path.read_bytes() == PDF
        assert Entry.objects.first().action == "evidence.attached"

    @pytest.mark.parametrize(
        ("who", "status"), [("clerk_niao", 404), ("stranger", 404), ("auditor", 404), ("leader_county", 403)]
    )
    def test_others_cannot(self, world, signed_in, who, status):
        assert upload(signed_in(getattr(world, who)), world.team_shiqiao).status_code == status
        assert not Attachment.objects.exists()

    def test_a_wrong_file_is_refused_with_its_sentence(self, world, signed_in):
        client = signed_in(world.office)
        upload(client, world.team_shiqiao, b"MZ", "假.pdf")
        page = client.get("/access/password/").content.decode()
        assert "不符" in page
        assert not Attachment.objects.exists()

    def test_no_file_chosen(self, world, signed_in):
        client = signed_in(world.office)
        client.post(reverse("evidence:attach", args=["teams.team", world.team_shiqiao.pk]))
        assert "还没有选择文件" in client.get("/access/password/").content.decode()

    def test_one_is_not_led_to_another_site(self, world, signed_in):
        assert (
            upload(signed_in(world.office), world.team_shiqiao, next="https://evil.example/").headers["Location"] == "/"
        )

    def test_get_is_refused(self, world, signed_in):
        url = reverse("evidence:attach", args=["teams.team", world.team_shiqiao.pk])
        assert signed_in(world.office).get(url).status_code == 405

    def test_the_same_content_is_kept_once(self, world):
        for name in ("一.pdf", "二.pdf"):
            file = SimpleUploadedFile(name, PDF)
            actions.attach(target=world.team_shiqiao, file=file, name=name, by=world.office, at=NOW)
        assert len({row.path for row in Attachment.objects.all()}) == 1


@pytest.mark.django_db
def test_only_rows_with_an_area_take_documents(world):
    assert record("teams.team", str(world.team_shiqiao.pk)) == world.team_shiqiao
    for kind, pk in (
        ("access.user", world.office.pk),
        ("journal.entry", 1),
        ("policy.document", 1),
        ("no.such", 1),
        ("430426", 1),
        ("teams.team", "x"),
    ):
        assert record(kind, str(pk)) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("office", 200),
        ("clerk_jin", 200),
        ("member_li", 200),
        ("clerk_niao", 404),
        ("stranger", 404),
        ("sysadmin", 404),
    ],
)
def test_a_download_asks_for_the_record_again(world, signed_in, who, status):
    row = actions.attach(
        target=world.team_shiqiao,
        file=SimpleUploadedFile("a.pdf", PDF),
        name="../../../etc/纪 要.pdf",
        by=world.office,
        at=NOW,
    )
    assert row.name == "纪 要.pdf"
    answer = signed_in(getattr(world, who)).get(reverse("evidence:download", args=[row.pk]))
    assert answer.status_code == status
    if status == 200:
        assert b"".join(answer.streaming_content) == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.django_db
def test_the_list_shows_the_form_only_to_whoever_may_add(world):
    actions.attach(
        target=world.team_shiqiao, file=SimpleUploadedFile("a.pdf", PDF), name="a.pdf", by=world.office, at=NOW
    )

    def page(user):
        request = RequestFactory().get("/x/")
        request.user, request.today = user, TODAY
        context = Context({"request": request, "target": world.team_shiqiao})
        return Template("{% load evidence %}{% attachments target %}").render(context)

    assert "上传材料" in page(world.office)
    assert "a.pdf" in page(world.leader_county)
    assert "上传材料" not in page(world.leader_county)
