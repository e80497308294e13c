"""What a request is to a view behind sign-in: whose it is, its moment, and the day its content is read on."""

from datetime import date, datetime

from django.http import HttpRequest

from .models import User


class Request(HttpRequest):
    """For annotations only: what `login_required` and the middlewares have seen to."""

    user: User
    now: datetime
    today: date
    day: date
