"""Hatch build hook: a wheel carries the browser assets, an editable install does not need them."""

import importlib.util
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface):
    """Fetch and copy the browser assets with the same function as `make setup`."""

    def initialize(self, version, build_data):
        """Build the vendor folder before the files of the wheel are collected."""
        if version == "editable" or self.target_name != "wheel":
            return
        path = Path(self.root, "zhucun/base/web/assets.py")
        spec = importlib.util.spec_from_file_location("zhucun_assets", path)
        assets = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(assets)
        assets.build(Path(self.root))
