"""The file of a backup: a zip that is there whole or not at all, with a signed list of what it holds."""

import fcntl
import hmac
import json
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from .keys import derive

MANIFEST, MARK = "manifest.json", "manifest.mark"
MEMBER = re.compile(
    r"tables/[a-z][a-z0-9_]{0,62}\.jsonl|evidence/[0-9a-f]{2}/[0-9a-f]{64}|book/[0-9a-f]{2}/[0-9a-f]{64}\.jpg"
    r"|anchors/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.jsonl"
)
DOCUMENTS = {"evidence": "", "book": ".jpg"}
"""Folders of the data folder whose files are kept, named by the digest of their content, with their ending."""
FORMAT = 1
LARGEST_MANIFEST = 64 * 1024 * 1024
PIECE = 1024 * 1024
SYMLINK = stat.S_IFLNK
NOT_OURS = "不是 zhucun 的备份文件，请检查文件名；备份文件由 zhucun backup 生成。"


class VaultError(Exception):
    """Why there is no backup or nothing was restored; the message is a Chinese sentence saying how to mend it."""


class Writer:
    """Members written one after the other, each counted and hashed for the manifest."""

    def __init__(self, file: IO[bytes], at: datetime):
        self._zip = zipfile.ZipFile(file, "w", allowZip64=True)
        self._when = at.timetuple()[:6]
        self.members: dict[str, dict[str, Any]] = {}

    def add(self, name: str, pieces: Iterable[bytes], *, compress: bool = True) -> None:
        """Write one member from its pieces."""
        info = zipfile.ZipInfo(name, self._when)
        info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        info._compresslevel = 1  # type: ignore[attr-defined]  # quick; the public argument exists for writestr only
        digest, size = sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                digest.update(piece)
                size += len(piece)
        self.members[name] = {"size": size, "sha256": digest.hexdigest()}

    def close(self, manifest: dict[str, Any]) -> None:
        """Write the manifest and its mark, and end the zip."""
        text = json.dumps({**manifest, "members": self.members}, ensure_ascii=False, indent=1).encode()
        self.add(MANIFEST, [text])
        self.add(MARK, [mark_of(text).encode()])
        self._zip.close()

    def abandon(self) -> None:
        """Let go of the file without writing an end to it; nothing more to do after `close`."""
        self._zip.fp = None


def mark_of(manifest: bytes) -> str:
    """A keyed hash of the manifest: with it every hash inside is signed."""
    return hmac.digest(derive("vault:v1"), manifest, "sha256").hex()


@contextmanager
def writing(path: Path, at: datetime) -> Iterator[Writer]:
    """Write to `path`.part and give it its name when all is on the disk; whatever fails leaves nothing behind."""
    if path.exists():
        raise VaultError(f"{path} 已经存在，没有覆盖它。请换一个文件名，例如带上日期。")
    part = path.with_name(f"{path.name}.part")
    try:
        with _alone(part) as file:
            writer = Writer(file, at)
            try:
                yield writer
                file.flush()
                os.fsync(file.fileno())
                _name(part, path)
            finally:
                writer.abandon()
                part.unlink(missing_ok=True)
        with suppress(OSError):
            _sync_folder(path.parent)
    except OSError as problem:
        reason = problem.strerror or problem
        raise VaultError(
            f"备份没有做成：{path} 写不进去（{reason}）。请检查目录、权限和剩余空间，没有留下半个文件。"
        ) from None


@contextmanager
def _alone(part: Path) -> Iterator[IO[bytes]]:
    """The draft, held by this process alone; one left behind by a crash is written over."""
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise VaultError(f"另一个备份正在写 {part}，请等它做完，或换一个文件名。") from None
        file.truncate(0)
        yield file


def _name(part: Path, path: Path) -> None:
    """Give the finished draft its name without ever replacing a file."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise VaultError(f"{path} 已经存在，没有覆盖它。请换一个文件名，例如带上日期。") from None
    except OSError:  # a file system without links, such as a USB stick's
        part.rename(path)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Reader:
    """A backup opened for reading: nothing in it is believed before `check` has compared every hash."""

    def __init__(self, path: Path):
        self.path = path
        self._open: set[IO[bytes]] = set()
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise VaultError(f"没有 {path} 这个文件，请检查路径。") from None
        except OSError as problem:
            raise VaultError(f"{path} 读不出来（{problem.strerror}），请检查权限。") from None
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise VaultError(f"{path} 不完整，或者{NOT_OURS}") from None
        try:
            self._refuse_tricks()
            self.manifest, self.signed = self._manifest()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file, and whatever is still being read from it."""
        for member in self._open:
            member.close()
        self._zip.close()

    def _refuse_tricks(self) -> None:
        names = [info.filename for info in self._zip.infolist()]
        if MANIFEST not in names or MARK not in names:
            raise VaultError(f"{self.path} {NOT_OURS}")
        if len(names) != len(set(names)):
            raise VaultError(f"{self.path} 里有重名的内容，不是 zhucun 写的，没有恢复。")
        for info in self._zip.infolist():
            if info.filename not in {MANIFEST, MARK} and not MEMBER.fullmatch(info.filename):
                raise VaultError(f"{self.path} 里有不认识的内容“{info.filename[:60]}”，不是 zhucun 写的，没有恢复。")
            if stat.S_IFMT(info.external_attr >> 16) == SYMLINK or info.flag_bits & 0x1:
                raise VaultError(f"{self.path} 里的“{info.filename[:60]}”是链接或加密的，不是 zhucun 写的，没有恢复。")

    def _manifest(self) -> tuple[dict[str, Any], bool]:
        if self._zip.getinfo(MANIFEST).file_size > LARGEST_MANIFEST or self._zip.getinfo(MARK).file_size > 100:
            raise VaultError(f"{self.path} {NOT_OURS}")
        text = b"".join(self.pieces(MANIFEST, LARGEST_MANIFEST))
        signed = hmac.compare_digest(b"".join(self.pieces(MARK, 100)), mark_of(text).encode())
        try:
            manifest = json.loads(text)
            if manifest["product"] != "zhucun":
                raise ValueError
            self.newer = manifest["format"] > FORMAT
        except (ValueError, KeyError, TypeError):
            raise VaultError(f"{self.path} {NOT_OURS}") from None
        return manifest, signed

    def pieces(self, name: str, longest: int) -> Iterator[bytes]:
        """The content of a member in pieces; VaultError when it is damaged or longer than it may be."""
        read = 0
        try:
            with self._zip.open(name) as member:
                self._open.add(member)
                while piece := member.read(PIECE):
                    read += len(piece)
                    if read > longest:
                        raise VaultError(f"{self.path} 已损坏：“{name}”比清单上写的长，没有恢复任何内容。")
                    yield piece
                self._open.discard(member)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, KeyError):
            raise VaultError(f"{self.path} 已损坏：“{name}”读不出来，没有恢复任何内容。请换一份备份。") from None

    def check(self, progress) -> None:
        """Compare size and hash of every member with the manifest; VaultError for the first that differs."""
        members: dict[str, dict] = self.manifest["members"]
        there = set(self._zip.namelist()) - {MANIFEST, MARK}
        for name in sorted(there ^ set(members)):
            raise VaultError(f"{self.path} 已损坏：内容和清单对不上（{name[:80]}），没有恢复任何内容。请换一份备份。")
        for n, (name, expected) in enumerate(members.items(), 1):
            digest, size = sha256(), 0
            for piece in self.pieces(name, expected["size"]):
                digest.update(piece)
                size += len(piece)
            if (size, digest.hexdigest()) != (expected["size"], expected["sha256"]):
                raise VaultError(f"{self.path} 已损坏：“{name}”和清单上的校验值不符，没有恢复任何内容。请换一份备份。")
            progress(f"已核对 {n}/{len(members)} 项")

    def rows(self, name: str) -> Iterator[list]:
        """The rows of a table's member."""
        left = b""
        for piece in self.pieces(name, self.manifest["members"][name]["size"]):
            *whole, left = (left + piece).split(b"\n")
            yield from map(json.loads, whole)

    def names(self, folder: str) -> list[str]:
        """The members under a folder."""
        return [name for name in self.manifest["members"] if name.startswith(f"{folder}/")]


def pieces_of(path: Path) -> Iterator[bytes]:
    """The content of a file, piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    digest = sha256()
    for piece in pieces_of(path):
        digest.update(piece)
    return digest.hexdigest()


def write_whole(path: Path, content: bytes | Iterator[bytes]) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as draft:
        try:
            for piece in [content] if isinstance(content, bytes) else content:
                draft.write(piece)
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).replace(path)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
