"""The copied browser files."""

import pytest

from zhucun.base.web import assets


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("a();\n//# sourceMappingURL=a.js.map", "a();\n"),
        ("a{}\n/*# sourceMappingURL=a.css.map */", "a{}\n"),
        ("a{}/*# sourceMappingURL=a.css.map*/b{}", "a{}b{}"),
        ("a();", "a();"),
    ],
)
def test_the_name_of_an_absent_map_is_taken_out(text, rest):
    assert assets.SOURCE_MAP.sub("", text) == rest


def make(root, icons="home\n"):
    """A checkout with node_modules as the lock says."""
    (root / "package-lock.json").write_text("{}")
    names = [name for files in assets.FILES.values() for name in files]
    names += [assets.AXE, "@tabler/icons/LICENSE", f"{assets.ICONS}/home.svg", f"{assets.ICONS}/alert-triangle.svg"]
    for name in names:
        path = root / "node_modules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (root / assets.ICON_LIST).parent.mkdir(parents=True)
    (root / assets.ICON_LIST).write_text(icons)


@pytest.fixture(autouse=True)
def no_npm(monkeypatch):
    monkeypatch.setattr(assets, "_npm_ci", lambda root, dev: None)


def test_what_is_up_to_date_is_left_alone(tmp_path):
    make(tmp_path)
    assert assets.build(tmp_path)
    assert not assets.build(tmp_path)
    assert (tmp_path / assets.VENDOR / "leaflet/images/layers.png").exists()
    assert (tmp_path / assets.VENDOR / "icons/home.svg").exists()
    (tmp_path / "package-lock.json").write_text("{ }")
    assert assets.build(tmp_path)


def test_axe_is_not_served(tmp_path):
    make(tmp_path)
    assets.build(tmp_path, dev=True)
    assert (tmp_path / assets.AXE_TO).exists()
    assert not list((tmp_path / assets.VENDOR).rglob("axe*"))


def test_an_unknown_icon_is_named_and_the_old_files_stay(tmp_path):
    make(tmp_path)
    assets.build(tmp_path)
    (tmp_path / assets.ICON_LIST).write_text("home\nno-such-icon\n")
    with pytest.raises(assets.AssetProblem, match="no-such-icon"):
        assets.build(tmp_path)
    assert (tmp_path / assets.VENDOR / "icons/home.svg").exists()
