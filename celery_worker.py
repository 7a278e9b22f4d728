"""The Celery application, for workers and beat."""

import sys

from lms.app import create_app
from lms.config import Misconfigured, begin

try:
    celery = create_app(begin()).extensions["celery"]
except Misconfigured as error:
    sys.exit(f"Error: {error}")
