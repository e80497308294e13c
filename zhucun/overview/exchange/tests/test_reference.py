"""The reference page is as the declarations say."""

from pathlib import Path

from django.conf import settings

from zhucun.overview.exchange import reference


def test_the_page_of_the_workbook_is_fresh():
    page = Path(settings.BASE_DIR) / "docs/reference/workbook.md"
    assert page.read_text(encoding="utf-8") == reference.page(), (
        "write it anew: zhucun shell -c 'from zhucun.overview.exchange import reference; print(reference.page(), end=\"\")' "
        "> docs/reference/workbook.md"
    )
