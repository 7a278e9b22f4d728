"""The Celery application, for workers and beat."""

from lms.app import create_app

celery = create_app().extensions["celery"]
