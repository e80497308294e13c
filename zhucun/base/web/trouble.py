"""What the database refused or could not do just now (409, 503) and what was sent too much of (400), told as a page."""

import logging
import re
import sys
from collections.abc import Callable, Iterator

from django.apps import apps
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, ValidationError
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from django.db.models import BaseConstraint, UniqueConstraint
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import defaults

log = logging.getLogger("zhucun.database")

CONFLICT = "这一步和刚刚保存的内容冲突：可能有人同时办了同样的事，或者表单提交了两次。"
OVERLAP = "这段时间和刚刚保存的另一条记录重叠：可能有人同时办了同样的事。"
UNFIT = "填写的内容太长，或有数据库不能保存的字符，请检查后再提交。"
BUSY = "系统正忙：有人正在保存大批内容。请等一会儿再办一次。"
SLOW = "这一步用时太长，已经停下。请缩小查找的范围，或等一会儿再试。"
FULL = "服务器的磁盘满了或者不能写入。请告诉系统管理员。"
LOST = "数据库暂时连不上。请等一会儿再试；一直这样请告诉系统管理员。"
RETRY_AFTER = "10"  # seconds

# SQLSTATE of PostgreSQL, words of SQLite
_STATES = {"55P03": BUSY, "40P01": BUSY, "40001": BUSY, "57014": SLOW, "53100": FULL, "25006": FULL}
_WORDS = (
    (re.compile(r"is locked"), BUSY),
    (re.compile(r"disk is full|disk I/O|readonly|read-only|unable to open"), FULL),
    (re.compile(r"interrupted"), SLOW),
)


class TroubleMiddleware:
    """Answers what a view let through: a race lost at a constraint with 409, a database that cannot with 503.

    In both cases the transaction was rolled back: nothing of the step is kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; what goes wrong in a view comes to `process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a refusal or a failure of the database; None for everything else."""
        return page_for(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """The site's handler500: the same for what happens outside of views, such as saving the session."""
    return page_for(request, sys.exc_info()[1]) or defaults.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The site's handler400: what was too much is said, with how much may be sent at once."""
    if isinstance(exception, TooManyFilesSent):
        sentence = f"一次选的文件超过了 {settings.DATA_UPLOAD_MAX_NUMBER_FILES} 个。请分几次上传。"
    elif isinstance(exception, TooManyFieldsSent | RequestDataTooBig):
        sentence = "一次提交的内容太多。请分几次办理。"
    else:
        return defaults.bad_request(request, exception)
    return HttpResponse(render_to_string("web/trouble.html", {"sentence": sentence}), status=400)


def page_for(request: HttpRequest, exception: BaseException | None) -> HttpResponse | None:
    """The page for a refusal or a failure of the database; None for everything else."""
    if isinstance(exception, ValidationError):
        return _answer(request, 409, "、".join(exception.messages))
    if isinstance(exception, IntegrityError | DataError):
        log.warning("%s %s: %s", request.method, request.path, exception)
        return _answer(request, 409, conflict(exception))
    if isinstance(exception, OperationalError | InterfaceError):
        log.error("%s %s: %s", request.method, request.path, exception)
        response = _answer(request, 503, failure(exception))
        response.headers["Retry-After"] = RETRY_AFTER
        return response
    return None


def conflict(error: DatabaseError) -> str:
    """Why the database refused, in the words of the constraint where it has its own."""
    if isinstance(error, DataError):
        return UNFIT
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    for table, constraint in _constraints():
        if constraint.name == name or (not name and _named_by_sqlite(str(error), table, constraint)):
            words = str(constraint.violation_error_message)
            return CONFLICT if words == str(constraint.default_violation_error_message) else words
    return OVERLAP if "overlap" in name else CONFLICT


def failure(error: Exception) -> str:
    """Why the database could not, by its code or its words."""
    state = getattr(error.__cause__, "sqlstate", None) or ""
    found = [words for pattern, words in _WORDS if pattern.search(str(error))]
    return _STATES.get(state) or (found[0] if found else LOST)


def _constraints() -> Iterator[tuple[str, BaseConstraint]]:
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            yield model._meta.db_table, constraint


def _named_by_sqlite(words: str, table: str, constraint: BaseConstraint) -> bool:
    """SQLite names a check by its name, a unique index by its columns."""
    kind, _, what = words.partition(" constraint failed: ")
    if what in {constraint.name, f"index '{constraint.name}'"}:
        return True
    if kind != "UNIQUE" or not isinstance(constraint, UniqueConstraint):
        return False
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    columns = [getattr(model._meta.get_field(field), "column", "") for field in constraint.fields]
    return what == ", ".join(f"{table}.{column}" for column in columns)


def _answer(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    context = {"sentence": sentence, "conflict": status == 409}
    try:
        return render(request, "web/trouble.html", context, status=status)
    except DatabaseError:  # the page's own words may stand in the database that cannot be reached
        return HttpResponse(render_to_string("web/trouble.html", context), status=status)
