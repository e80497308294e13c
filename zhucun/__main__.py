"""The command `zhucun`: Django's command line with this project's settings."""

import os
import sys

from django.core.management import execute_from_command_line

from zhucun.environment import BadEnvironment


def main() -> None:
    """Run one management command; `zhucun help` lists them. A bad environment is one sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhucun.settings")
    try:
        import zhucun.settings  # noqa: F401, PLC0415  read here, where its refusal can be said plainly
    except BadEnvironment as mistake:
        sys.exit(str(mistake))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
