"""The web application, for gunicorn."""

from lms.app import create_app

app = create_app()
