"""Every feature's pages, commands and tasks."""

import click
from flask import Blueprint

from lms.accounts import cli as accounts_cli
from lms.accounts import door as accounts
from lms.accounts import views as accounts_views
from lms.attempts import cli as attempts_cli
from lms.attempts import tasks as attempts_tasks
from lms.attempts import views as attempts
from lms.bank import views as bank
from lms.cases import cli as cases_cli
from lms.core.mail import tasks as mail_tasks
from lms.marking import views as marking
from lms.mentoring import views as mentoring
from lms.mentoring.digests import cli as digests_cli
from lms.mentoring.digests import tasks as digests_tasks
from lms.notices import views as notices
from lms.operations import cli as operations_cli
from lms.operations import views as operations
from lms.panels import views as panels
from lms.program import cli as program_cli
from lms.program import views as program
from lms.progress import views as progress
from lms.quizzes import views as quizzes

BLUEPRINTS: tuple[Blueprint, ...] = tuple(
    feature.bp
    for feature in (
        accounts,
        notices,
        program,
        panels,
        bank,
        quizzes,
        attempts,
        marking,
        progress,
        mentoring,
        operations,
    )
)

PAGE_MODULES = (accounts_views,)
"""Imported so that a blueprint that another module has made gets their pages."""

COMMANDS: tuple[click.Group, ...] = tuple(
    feature.group
    for feature in (
        accounts_cli,
        program_cli,
        cases_cli,
        attempts_cli,
        digests_cli,
        operations_cli,
    )
)

TASK_MODULES = (mail_tasks, attempts_tasks, digests_tasks)
"""Imported so that a worker knows their tasks."""
