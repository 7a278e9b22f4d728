"""The web application, for whichever server is to run it; `lms web` is ours."""

import sys

from lms.app import create_app
from lms.config import Misconfigured, begin

try:
    app = create_app(begin())
except Misconfigured as error:
    sys.exit(f"Error: {error}")
