"""Users and their duties by date."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.utils import timezone

from zhucun.base.directory.models import Division, SpanWithinQuerySet, Unit, Village, WithinQuerySet
from zhucun.base.timeline.models import Span

from .permissions import INSTALLER, ROLES, Permission, Role
from .scope import NOTHING, Scope

AREAS = ("county", "township", "village", "unit")


class Users(BaseUserManager.from_queryset(WithinQuerySet)):
    """Django's manager of users, plus what `createsuperuser` needs."""

    def create_superuser(self, username: str, password: str | None = None, **fields) -> "User":
        """The installer's account: opens the first accounts, grants the first duties, sees no business data."""
        user = self.model(username=username, is_installer=True, **({"name": "安装人"} | fields))
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account: one natural person, one sign-in. What it may do comes from its duties alone."""

    SCOPE: dict[str, str] = {}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    username = models.CharField(
        "用户名", max_length=60, unique=True, error_messages={"unique": "这个用户名已经有人用了，请换一个。"}
    )
    name = models.CharField("姓名", max_length=40)
    is_active = models.BooleanField("启用", default=True)
    is_installer = models.BooleanField(default=False, editable=False)
    is_caretaker = models.BooleanField(default=False, editable=False)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)

    last_login = None  # sign-ins are entries of the journal; nothing here counts them (国办函〔2026〕12号)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    is_staff = False

    objects = Users()

    class Meta:
        verbose_name = "账号"
        ordering = ("username", "pk")

    def __str__(self) -> str:
        return self.name

    def duties_on(self, day: date) -> list["Duty"]:
        """The duties in force on `day`, read once per user object and day."""
        kept = self.__dict__.setdefault("_duties", {})
        if day not in kept:
            kept[day] = list(self.duties.on(day).select_related(*AREAS)) if self.is_active else []
        return kept[day]

    def scope_on(self, day: date, permission: str = "") -> Scope:
        """The areas of the duties in force on `day`, or of those among them that carry `permission`."""
        if self.is_caretaker:
            return Scope(everything=True)
        scope = NOTHING
        for duty in self.duties_on(day):
            if not permission or duty.allows(permission):
                scope |= duty.scope
        return scope

    def may(self, permission: str, day: date, row: models.Model | None = None) -> bool:
        """Whether this user may do that on `day`: to `row`, or anywhere at all when no row is given."""
        permission = Permission(permission)
        if self.is_caretaker:
            return True
        if not self.is_active:
            return False
        if row is not None and not hasattr(row, "PUBLIC"):
            return self.scope_on(day, permission).covers(row)
        return (self.is_installer and permission in INSTALLER) or any(d.allows(permission) for d in self.duties_on(day))

    def require(self, permission: str, at: datetime, row: models.Model | None = None) -> None:
        """Raise PermissionDenied, with a sentence, unless the user may do that to `row` at this moment."""
        if not self.may(permission, timezone.localtime(at).date(), row):
            what = f"“{row}”" if row is not None else "这件事"
            raise PermissionDenied(f"您的账号没有办理{what}的权限。如果确实需要，请联系县驻村办或安全管理员。")


class Duty(Span):
    """A role held in an area for a time; the areas of duties are all there is to say about sight."""

    SCOPE = {"county": "county", "township": "township", "village": "village", "unit": "unit"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="duties", verbose_name="账号")
    role = models.CharField("角色", max_length=16, choices=[(role, spec.label) for role, spec in ROLES.items()])
    county = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="县")
    township = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="乡镇")
    village = models.ForeignKey(Village, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="村")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位")
    source = models.CharField("来源", max_length=60, blank=True, help_text="what granted it, such as a posting")

    objects = SpanWithinQuerySet.as_manager()

    class Meta(Span.Meta):
        abstract = False
        verbose_name = "职责"
        ordering = ("user", "start", "pk")
        indexes = (models.Index(fields=("source",), name="access_duty_source"),)
        constraints = (
            *Span.Meta.constraints,
            models.CheckConstraint(
                condition=Q(county__isnull=True, township__isnull=True, village__isnull=True, unit__isnull=True)
                | Q(county__isnull=False, township__isnull=True, village__isnull=True, unit__isnull=True)
                | Q(county__isnull=True, township__isnull=False, village__isnull=True, unit__isnull=True)
                | Q(county__isnull=True, township__isnull=True, village__isnull=False, unit__isnull=True)
                | Q(county__isnull=True, township__isnull=True, village__isnull=True, unit__isnull=False),
                name="access_duty_lies_in_one_area",
                violation_error_message="一项职责只能对应一个县、乡镇、村或单位。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.area or ''}".strip()

    @property
    def area(self) -> models.Model | None:
        """Where the duty lies; None for administrators."""
        return next((row for row in map(self.__getattribute__, AREAS) if row is not None), None)

    @property
    def scope(self) -> Scope:
        """The rows this duty lets see."""
        keys: dict[str, Any] = {area: frozenset({getattr(self, f"{area}_id")} - {None}) for area in AREAS}
        return Scope(**keys)

    def allows(self, permission: str) -> bool:
        """Whether the duty's role carries the permission."""
        return permission in ROLES[Role(self.role)].may


class ShownAccount(models.Model):
    """An account a demonstration offers on its own sign-in page; a county's installation has none."""

    PUBLIC = "only in a demonstration with invented people"

    user = models.OneToOneField(User, models.CASCADE, verbose_name="账号")
    password = models.CharField("密码", max_length=40)
    purpose = models.CharField("可以看什么", max_length=80)
    place = models.PositiveSmallIntegerField("次序")

    class Meta:
        verbose_name = "演示账号"
        ordering = ("place", "pk")

    def __str__(self) -> str:
        return self.user.username
