"""zhucun: the management of resident village work teams (驻村工作队) of a county."""

import os
import sys

__version__ = "0.3.5"

# Our matrices are small: a second BLAS thread only spins, and doubles the CPU of reading a page. Before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

try:
    # SQLite 3.53 instead of the system's, which has the WAL-reset corruption bug up to 3.51.2.
    # This must stand before anything imports sqlite3.
    import pysqlite3
except ImportError:
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
