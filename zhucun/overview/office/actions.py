"""What is done here and nowhere below: having the journal checked."""

from datetime import datetime

from django.db import transaction

from zhucun.base.journal import journal
from zhucun.base.journal.verify import Verdict, verify


def verify_journal(*, by, at: datetime) -> Verdict:
    """Walk the whole journal and write down that it was checked, with the result; the walk itself holds no lock."""
    by.require("journal.view", at)
    verdict = verify()
    data = {"entries": verdict.entries, "problem": verdict.problem}
    with transaction.atomic():
        journal.note(by=by, at=at, action="journal.verified", data=data)
    return verdict
