"""Scans and photos to be read back: many at once, within limits that are told as sentences."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from zhucun.base.directory.models import Division

MB = 1024 * 1024
MOST_FILES, LARGEST, MOST_BYTES = 100, 60 * MB, 400 * MB
"""Files of one upload, bytes of one file, bytes together."""


class FilesInput(forms.FileInput):
    """A plain file input that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; what is wrong with one of them is told page by page later, so that the others are not lost."""

    def clean(self, data, initial=None) -> list[UploadedFile]:
        """The files; ValidationError when there are none, or more than can be taken at once."""
        files = [one for one in data or [] if one]
        if not files:
            raise forms.ValidationError("请先选择扫描件或照片。")
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"选了 {len(files)} 个文件，一次最多 {MOST_FILES} 个，请分几次上传。")
        size = sum(one.size or 0 for one in files)
        if size > MOST_BYTES:
            raise forms.ValidationError(
                f"这些文件一共 {size / MB:.0f} MB，一次最多 {MOST_BYTES // MB} MB，请分几次上传。"
            )
        return files


def refusal_of(file: UploadedFile) -> str:
    """Why a single file is not read, by its size; empty when it is."""
    if not file.size:
        return "文件是空的（0 字节），请重新扫描或拍照"
    if file.size > LARGEST:
        return f"文件有 {file.size / MB:.0f} MB，超过 {LARGEST // MB} MB，请按页拆开，或用 200–300 dpi 重新扫描"
    return ""


class UploadForm(forms.Form):
    """Files for a county; the county is asked for only where somebody looks after several."""

    wide = frozenset({"scans"})

    county = forms.ModelChoiceField(Division.objects.none(), label="县")
    scans = FilesField(
        label="扫描件或照片",
        help_text=f"PDF、JPG 或 PNG，可以一次选很多个（最多 {MOST_FILES} 个，每个不超过 {LARGEST // MB} MB）；一张照片拍到两页也可以。",
        widget=FilesInput(attrs={"accept": "image/*,.pdf", "multiple": True}),
    )

    def __init__(self, *args, counties: list[Division], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["county"].queryset = Division.objects.filter(pk__in=[county.pk for county in counties])
        if len(counties) == 1:
            self.fields["county"].widget = forms.HiddenInput()
            self.fields["county"].initial = counties[0]
