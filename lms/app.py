"""The composition root: the only module that knows every room."""

from pathlib import Path

from flask import Flask

from lms.config import Settings, load
from lms.core.assets import init_assets
from lms.core.cookies import CookieSessions
from lms.core.db import init_db, migrate
from lms.core.doorbell import init_doorbell
from lms.core.logs import init_logs
from lms.core.run_log import run_log
from lms.core.templates import init_templates
from lms.core.web import init_web
from lms.rooms import BLUEPRINTS
from lms.signin.access import init_access
from lms.template_context import init_template_context

MIGRATIONS = str(Path(__file__).resolve().parent.parent / "migrations")


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application, set up by *settings* or else by the environment.

    Raises:
        Misconfigured: the environment cannot work.
    """
    settings = settings or load()
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = Flask("lms", instance_path=str(settings.instance))
    app.config.update(settings.flask())
    app.extensions["settings"] = settings
    app.session_interface = CookieSessions()
    init_logs(settings.log_level)
    init_db(app)
    migrate.directory = MIGRATIONS
    runs = run_log(settings.redis_url, settings.instance / "broker" / "runs")
    init_doorbell(app, settings.celery(), runs)
    init_templates(app)
    init_web(app, proxies=settings.proxies, secure=settings.secure)
    init_access(app)
    init_assets(app)
    init_template_context(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
