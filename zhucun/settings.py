"""Settings, from the environment only; zhucun/environment.py reads and checks it."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, SELF, UNSAFE_INLINE

from zhucun import __version__, environment

BASE_DIR = Path(__file__).resolve().parent.parent
# Beside the code in a checkout; a wheel's code lies where nothing of ours may be kept.
DATA_DIR = environment.data_dir((BASE_DIR if (BASE_DIR / "Makefile").exists() else Path.cwd()) / "var")

VERSION = __version__
DEBUG = environment.flag("ZHUCUN_DEBUG")
SECRET_KEY = environment.secret_key(DATA_DIR)
ALLOWED_HOSTS = environment.hosts()
HTTPS = environment.flag("ZHUCUN_HTTPS")
PROXIES = environment.networks()

DATABASES = {"default": environment.database(DATA_DIR, sqlite3.sqlite_version_info)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- rooms ---------------------------------------------------------------------------------------

ROOMS = [
    "zhucun.base.timeline",
    "zhucun.base.journal",
    "zhucun.base.web",
    "zhucun.base.directory",
    "zhucun.base.access",
    "zhucun.base.policy",
    "zhucun.base.people",
    "zhucun.base.evidence",
    "zhucun.base.notices",
    "zhucun.work.teams",
    "zhucun.work.placement",
    "zhucun.work.attendance",
    "zhucun.work.inspections",
    "zhucun.work.accountability",
    "zhucun.overview.indicators",
    "zhucun.overview.exchange",
    "zhucun.overview.office",
    "zhucun.overview.desk",
    "zhucun.overview.demo",
]
# Where something below has to be told of things above: dotted paths, read when first needed.
ZHUCUN_POLICIES = [
    "zhucun.work.teams.rules.TeamsPolicy",
    "zhucun.work.placement.rules.PlacementPolicy",
    "zhucun.work.attendance.rules.AttendancePolicy",
    "zhucun.work.inspections.rules.InspectionsPolicy",
    "zhucun.work.accountability.rules.AccountabilityPolicy",
    "zhucun.base.policy.site.SitePolicy",
]
ZHUCUN_CARETAKER = "zhucun.base.access.actions.caretaker"
# who was where on which day, told to the hints before a month is confirmed
ZHUCUN_PRESENCE: list[str] = ["zhucun.work.inspections.presence.facts"]
# columns that rooms above bring to the county's attendance summary
ZHUCUN_ATTENDANCE_COLUMNS = ["zhucun.work.inspections.presence.VISITS", "zhucun.work.inspections.presence.ABSENCES"]
# what is written down about somebody's days in post follows their postings when these are put right
ZHUCUN_FOLLOWERS = ["zhucun.work.attendance.actions.following.follow_postings"]
ZHUCUN_MEASURES = ["zhucun.work.accountability.sources.done_about"]  # what followed a finding, told to its ledger
ZHUCUN_TODOS = [
    "zhucun.work.teams.notices.waiting",
    "zhucun.work.placement.notices.waiting",
    "zhucun.work.attendance.notices.waiting",
    "zhucun.work.inspections.notices.waiting",
    "zhucun.work.accountability.notices.waiting",
    "zhucun.overview.office.notices.waiting",
]

INSTALLED_APPS = [
    *ROOMS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
]
MIDDLEWARE = [
    "zhucun.base.web.proxy.ProxyMiddleware",
    "zhucun.base.web.middleware.HtmxRedirectMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "zhucun.base.web.middleware.HtmxRedirectMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "zhucun.base.access.middleware.SessionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhucun.base.timeline.middleware.AsOnMiddleware",
    "zhucun.base.web.middleware.MethodMiddleware",
    "zhucun.base.access.middleware.RefusalMiddleware",
    "zhucun.base.web.trouble.TroubleMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "zhucun.urls"
WSGI_APPLICATION = "zhucun.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "zhucun.base.web.context.furniture",
                "zhucun.base.policy.site.context",
                "zhucun.overview.desk.menu.menu",
            ],
        },
    }
]

# --- language and time ---------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- sign-in -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["zhucun.base.access.hashers.Argon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "zhucun.base.access.passwords.ZhucunPasswordValidator"}]
LOGIN_URL = "access:sign_in"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 12 * 60 * 60  # absolute; the idle limit of 30 minutes is access's middleware
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "zhucun.base.web.pages.csrf_failure"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = ["username"]  # a whole county office may share one address
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # which wants the address among the parameters
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # or anyone could keep someone else out for good
AXES_DISABLE_ACCESS_LOG = True  # the journal keeps sign-ins
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "zhucun.base.access.views.locked_out"

# --- the browser ---------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "style-src-attr": [UNSAFE_INLINE],  # ECharts' tooltips and Leaflet place things by style=""
        "img-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF],
    }
}
CSRF_FAILURE_VIEW = "zhucun.base.web.pages.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if HTTPS else None  # browsers ignore it, loudly, over http
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
# Believed only when the request comes from one of PROXIES: ProxyMiddleware removes it otherwise.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None

# --- files ---------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_MAX_MEMORY_SIZE = 11 * 1024 * 1024  # uploads within the limit of 10 MB never lie on the disk in clear
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 500  # scans of a township's month; the form says in a sentence where its own limit is
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
_MANIFEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC if DEBUG else _MANIFEST},
}

# --- log -----------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"masked": {"()": "zhucun.base.web.log.MaskingFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "masked"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers would print unmasked and mail the administrators.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "zhucun": {"level": "INFO"},
    },
}
