"""`zhucun export_ledger FILE.xlsx`: the county's ledger workbook out, or its template."""

import contextlib
import os
import shutil
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.management.base import BaseCommand, CommandError

from zhucun.base.access.actions import caretaker
from zhucun.base.directory.models import Division
from zhucun.base.timeline import clock
from zhucun.overview.exchange import actions, exporting


class Command(BaseCommand):
    """Writes the whole file or none; an existing file is replaced only by a complete one."""

    help = (
        "导出年度台账工作簿（--on 某一天的情况，--template 只要空白模板）。含身份证号码等敏感信息，会留痕，请妥善保管。"
    )

    def add_arguments(self, parser):
        """The file, the day, the county."""
        parser.add_argument("file", metavar="FILE.xlsx", help="要写到的文件")
        parser.add_argument("--on", metavar="DATE", help="按这一天的情况导出，如 2022-12-07")
        parser.add_argument("--template", action="store_true", help="只要列标题、下拉和说明")
        parser.add_argument("--county", metavar="CODE", help="有几个县时写明 6 位代码")

    def handle(self, *args, file, on, template, county, **options):
        """Make the workbook, then put it in its place."""
        day, path = day_of(on), Path(file)
        if path.is_dir():
            raise CommandError(f"{path} 是一个文件夹，请写明要保存的文件名。")
        if path.exists() and not path.is_file():
            raise CommandError(f"{path} 不是普通文件，不能写进去，请换一个文件名。")
        if not path.parent.is_dir():
            raise CommandError(f"文件夹 {path.parent} 不存在，请先建好，或换一个位置。")
        if template:
            source = exporting.template()
        else:
            self.stderr.write("正在导出…")
            source = actions.export_ledger(
                county=county_of(county), day=day, by=caretaker(), at=clock.now(), reason="服务器命令行导出台账"
            )
        with source:
            keep(source, path)
        self.stdout.write(f"已写入 {path}。" if template else f"已写入 {path}（含身份证号码和电话，请妥善保管）。")


def day_of(text: str | None) -> date | None:
    """The day written; CommandError for anything else."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise CommandError(f"“{text}”不是日期，请写成 2022-12-07 这样的年月日。") from None


def county_of(code: str | None) -> Division:
    """The county named, or the only one there is."""
    counties = Division.objects.filter(kind=Division.Kind.COUNTY)
    found = list(counties.filter(code=code) if code else counties)
    if len(found) == 1:
        return found[0]
    if code:
        raise CommandError(f"系统里没有代码为 {code} 的县，请核对。")
    if not found:
        raise CommandError("系统里还没有县。请先导入台账，或用 --template 导出空白模板。")
    raise CommandError(f"系统里有几个县，请用 --county 写明：{'、'.join(f'{c.code} {c.name}' for c in found)}。")


def keep(source, path: Path) -> None:
    """Write the file beside its place, then move it there."""
    draft = None
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=".zhucun-", delete=False) as target:
            draft = target.name
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        Path(draft).replace(path)
    except OSError as problem:
        if draft:
            with contextlib.suppress(OSError):
                Path(draft).unlink()
        raise CommandError(
            f"文件 {path} 写不进去（{problem.strerror}），请检查权限和磁盘空间，或换一个位置。"
        ) from None
