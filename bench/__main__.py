"""`python -m bench [name …]`: every benchmark or those named, one after the other, each in a process of its own; ends non-zero when one misses its goal."""

import subprocess
import sys

BENCHES = (
    "import_ledger",
    "ledger_page",
    "findings_ledger",
    "figures_page",
    "attendance_grid",
    "journal",
    "placement",
    "placement_pages",
    "attendance_summary",
    "import_attendance",
)

missed = []
for name in sys.argv[1:] or BENCHES:
    print(f"\n=== {name} ===", flush=True)
    if subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode:
        missed.append(name)
if missed:
    sys.exit(f"missed: {', '.join(missed)}")
