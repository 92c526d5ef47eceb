"""Every setting, read once through `config/env.py`. `docs/configuration.md` explains each variable."""

from pathlib import Path

from config import env, logs, operators

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(env.text("RISALA_VAR", str(BASE_DIR / "var"))).absolute()
env.load_kept(VAR)

ROLE = env.choice("RISALA_ROLE", "command", ("command", "web", "worker"))
DEBUG = env.boolean("DEBUG", False)
SECRET_KEY = env.text("RISALA_SECRET_KEY") or env.kept_secret(VAR)
SECRET_KEY_FALLBACKS = list(env.words("RISALA_OLD_SECRET_KEYS", ()))
ALLOWED_HOSTS = list(env.words("ALLOWED_HOSTS", ("*",)))
PUBLIC_URL = env.text(
    "PUBLIC_URL", f"http://127.0.0.1:{env.whole('PORT', 8000, least=1, most=65535)}"
).rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
TRUSTED_PROXY_HOPS = env.whole("TRUSTED_PROXY_HOPS", 0, most=5)
WEB_WORKERS = env.whole("WEB_WORKERS", 2, least=1, most=64)
METRICS_TOKEN = env.text("METRICS_TOKEN")

# Branding: what the white label shows.
BRAND_NAME = env.text("BRAND_NAME", "Risala")
BRAND_KEY_PREFIX = env.text("BRAND_KEY_PREFIX", "rsl")
BRAND_HEADER = env.text("BRAND_HEADER", "Risala")
BRAND_DEFAULT_SENDER = env.text("BRAND_DEFAULT_SENDER", "RISALA")
BRAND_DOCS_URL = env.text("BRAND_DOCS_URL", f"{PUBLIC_URL}/docs")
BRAND_COLOR = env.colour("BRAND_COLOR", "#0b6b5d")
BRAND_COLOR_DARK = env.colour("BRAND_COLOR_DARK", "#4cc2ad")
BRAND_LOGO_URL = env.text("BRAND_LOGO_URL")
API_VERSION = "1.0"
SERVICE_VERSION = "1.0.0"

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.humanize",
    "accounts",
    "webhooks",
    "contacts",
    "billing",
    "messaging",
    "verify",
    "campaigns",
    "config",
]
MIDDLEWARE = [
    "config.api.door.ApiDoor",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.operators.AdminPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.dashboard.context.page",
            ]
        },
    }
]

# PostgreSQL: web threads share a pool; workers and commands keep one connection.
DATABASES = {"default": env.database("DATABASE_URL")}
STATEMENT_TIMEOUT_SECONDS = env.whole("STATEMENT_TIMEOUT_SECONDS", 10 if ROLE == "web" else 60, least=1)
DATABASES["default"]["TEST"] = {"NAME": None}
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),  # type: ignore[dict-item]
    "connect_timeout": 2,
    "tcp_user_timeout": 5000,
    "application_name": f"risala-{ROLE}",
    "options": (
        f"-c lock_timeout=3s -c statement_timeout={STATEMENT_TIMEOUT_SECONDS}s "
        f"-c idle_in_transaction_session_timeout=10s -c synchronous_commit=on -c client_connection_check_interval=1s"
    ),
}
if ROLE == "web":
    DATABASES["default"]["OPTIONS"]["pool"] = {  # type: ignore[index]
        "min_size": 1,
        "max_size": env.whole("WEB_DATABASE_CONNECTIONS", 8, least=2),
        "timeout": 1.5,
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis: wake-ups and speed counters only. Losing it costs latency, nothing else.
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
REDIS_TIMEOUT_SECONDS = 0.05

CELERY_BROKER_URL = (
    "redis+socket://" + REDIS_URL.removeprefix("unix://").replace("?db=", "?virtual_host=")
    if REDIS_URL.startswith("unix://")
    else REDIS_URL
)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "socket_connect_timeout": 0.2,
    "socket_timeout": 1,
    "retry_on_timeout": False,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 1

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/dashboard/"
# People come in by e-mail; an unverified address opens nothing.
SIGNUP_PLAN = env.text("SIGNUP_PLAN", "starter")
SIGNUP_OPEN = env.boolean("SIGNUP_OPEN", True)
ACCOUNT_ADAPTER = "config.dashboard.signup.Adapter"
ACCOUNT_FORMS = {"signup": "config.dashboard.signup.SignupForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = BRAND_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PUBLIC_URL.startswith("https://")
USERSESSIONS_TRACK_ACTIVITY = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("ar", "العربية")]
LOCALE_PATHS = sorted((BASE_DIR / "locale").iterdir())  # a folder for each area of pages
TIME_ZONE = "UTC"
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = "config.formats"
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

EMAIL_BACKEND = (
    "django.core.mail.backends." + ("smtp" if env.text("EMAIL_HOST") else "filebased") + ".EmailBackend"
)
# Mails carry links that open accounts: without a server they go to a folder of the owner's, never into a log.
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.whole("EMAIL_PORT", 587, least=1, most=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"{BRAND_NAME} <no-reply@localhost>")

# Bodies: 1 MB, but for the two doors that take thousands of rows (contract of the API).
MAX_BODY_BYTES = 1_000_000
MAX_BULK_BODY_BYTES = 32_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BULK_BODY_BYTES

# Sending.
LEASE_SECONDS = env.whole("LEASE_SECONDS", 30, least=1, most=3600)
UNKNOWN_GRACE_SECONDS = env.whole("UNKNOWN_GRACE_SECONDS", 600, least=1)
RECEIPT_HORIZON_SECONDS = env.whole("RECEIPT_HORIZON_SECONDS", 72 * 3600, least=1)
CARRIER_TIMEOUT_SECONDS = env.whole("CARRIER_TIMEOUT_SECONDS", 15, least=1, most=300)
RETRY_SCHEDULE = env.seconds_list("RETRY_SCHEDULE", (0, 5, 30, 120, 300))
VALIDITY_SECONDS = env.whole("VALIDITY_SECONDS", 24 * 3600, least=1, most=72 * 3600)
BULK_VALIDITY_SECONDS = env.whole("BULK_VALIDITY_SECONDS", 12 * 3600, least=1, most=72 * 3600)
REQUIRE_SENDER_APPROVAL = env.boolean("REQUIRE_SENDER_APPROVAL", False)
REQUIRE_TEMPLATE_APPROVAL = env.boolean("REQUIRE_TEMPLATE_APPROVAL", True)
INBOUND_PARTS_SECONDS = env.whole("INBOUND_PARTS_SECONDS", 300, least=1, most=86400)
MAX_SCHEDULE_DAYS = env.whole("MAX_SCHEDULE_DAYS", 365, least=1, most=3650)

# One-time codes: limits of live keys, 0 for none (docs/verify.md).
OTP_COOLDOWN_SECONDS = env.whole("OTP_COOLDOWN_SECONDS", 30, most=3600)
OTP_PHONE_PER_TEN_MINUTES = env.whole("OTP_PHONE_PER_TEN_MINUTES", 5, most=1000)
OTP_PHONE_PER_DAY = env.whole("OTP_PHONE_PER_DAY", 10, most=1000)
OTP_BLOCK_PER_HOUR = env.whole("OTP_BLOCK_PER_HOUR", 20, most=1000)
OTP_IP_PER_HOUR = env.whole("OTP_IP_PER_HOUR", 10, most=1000)
OTP_SHORT_CODES_PER_HOUR = env.whole("OTP_SHORT_CODES_PER_HOUR", 3, most=1000)
OTP_SEQUENTIAL_NUMBERS = env.whole("OTP_SEQUENTIAL_NUMBERS", 10, most=100)
OTP_PUMPING_SENDS = env.whole("OTP_PUMPING_SENDS", 50)
OTP_PUMPING_SHARE_PERCENT = env.whole("OTP_PUMPING_SHARE_PERCENT", 20, most=100)
OTP_PUMPING_GRACE_SECONDS = env.whole("OTP_PUMPING_GRACE_SECONDS", 300, most=3600)
OTP_PUMPING_BLOCK_SECONDS = env.whole("OTP_PUMPING_BLOCK_SECONDS", 3600, least=1)
OTP_TO_OPTED_OUT = env.boolean("OTP_TO_OPTED_OUT", True)

# Campaigns (docs/campaigns.md).
CAMPAIGN_AT_ONCE = env.whole("CAMPAIGN_AT_ONCE", 10000, most=50000)

# Retention, in days.
TEXT_DAYS = env.whole("TEXT_DAYS", 30, least=7, most=3650)
NUMBER_DAYS = env.whole("NUMBER_DAYS", 90, least=7, most=3650)
EVENT_DAYS = env.whole("EVENT_DAYS", 45, least=31, most=3650)
RECEIPT_DAYS = env.whole("RECEIPT_DAYS", 60, least=31, most=3650)
MESSAGE_DAYS = env.whole("MESSAGE_DAYS", 400, least=100, most=36500)

# Webhooks.
WEBHOOK_SCHEDULE = env.seconds_list(
    "WEBHOOK_SCHEDULE", (0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
)
WEBHOOK_TIMEOUT_SECONDS = env.whole("WEBHOOK_TIMEOUT_SECONDS", 10, least=1, most=60)
WEBHOOK_ALLOW_PRIVATE = env.boolean("WEBHOOK_ALLOW_PRIVATE", False)
WEBHOOK_OWN_NETWORKS = env.words("WEBHOOK_OWN_NETWORKS", ())
WEBHOOK_DISABLE_AFTER_SECONDS = env.whole("WEBHOOK_DISABLE_AFTER_SECONDS", 5 * 86400, least=1)

# Payments: a way to pay exists once it is configured (docs/topups.md).
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRETS = env.words("STRIPE_WEBHOOK_SECRETS", ())
STRIPE_CURRENCY = env.choice("STRIPE_CURRENCY", "EUR", ("EUR", "MAD"))
STRIPE_API_BASE = env.text("STRIPE_API_BASE", "https://api.stripe.com")
CMI_CLIENT_ID = env.text("CMI_CLIENT_ID")
CMI_STORE_KEY = env.text("CMI_STORE_KEY")
CMI_GATEWAY_URL = env.text("CMI_GATEWAY_URL", "https://payment.cmi.co.ma/fim/est3Dgate")
BANK_RIB = env.text("BANK_RIB")
BANK_IBAN = env.text("BANK_IBAN")
BANK_BIC = env.text("BANK_BIC")
BANK_NAME = env.text("BANK_NAME")
BANK_ACCOUNT_HOLDER = env.text("BANK_ACCOUNT_HOLDER")
BANK_CURRENCY = env.choice("BANK_CURRENCY", "MAD", ("EUR", "MAD"))
BANK_TRANSFER_DAYS = env.whole("BANK_TRANSFER_DAYS", 14, least=1, most=365)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.scoping.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["accounts.api.rendering.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.parsing.StrictJsonParser"],
    "DEFAULT_SCHEMA_CLASS": "config.api.schema.Schema",
    "EXCEPTION_HANDLER": "config.api.errors.handle",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": f"{BRAND_NAME} API",
    "VERSION": SERVICE_VERSION,
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
logs.configure(env.choice("LOG_FORM", "text", ("text", "json")))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
    },
}
UNFOLD = operators.appearance(BRAND_NAME)
