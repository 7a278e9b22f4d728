"""The `lms` command: what there is, by name; what it needs is loaded when it is run."""

import click

from lms.later import LaterGroup, loaded

PLACES = {
    "serve": "lms.starting:serve_command",
    "web": "lms.starting:web_command",
    "beat": "lms.ringing:beat_command",
}
"""Where the commands stand that are in no group."""

SAID = {
    "serve": "Run web server, workers and beat until Ctrl-C; what ends by itself is started again.",
    "web": "Run the web server alone.",
    "beat": "Ring for what is done again and again; one host of the service does.",
}
"""What each of them says first of itself."""

GROUPS = {
    "users": (
        "Invite people, list them, let them in again or keep them out.",
        {
            "invite": "Invite the owner of EMAIL and mail a link to choose a password.",
            "list": "List people: address, state, roles, name.",
            "disable": "Close the account with EMAIL and sign it out everywhere.",
            "reset-link": "Print a link with which the owner of EMAIL can choose a new password, "
            "within an hour.",
        },
    ),
    "cohorts": (
        "Create cohorts, fill them, and give fellows their mentors.",
        {
            "create": "Create the cohort NAME.",
            "list": "List cohorts: id, track, days, fellows today, name.",
            "add-member": "Put the fellow with EMAIL into COHORT.",
            "mentor": "Let the mentor with MENTOR_EMAIL look after the fellow with FELLOW_EMAIL.",
            "import": "Import the roster in FILE (CSV).",
        },
    ),
    "bank": (
        "Look after the question bank.",
        {
            "load": "Load the case files at PATHS (files or folders), or the starter bank.",
            "publish": "Publish what is proposed of the cases SLUGS, all of them or none.",
            "check": "Check the case files at PATHS, or the whole starter bank, by the rules of "
            "item writing.",
            "coverage": "Show how far PATHS, or the starter bank, fill a form of so many ITEMS in "
            "each track.",
            "count": "Count what PATHS, or the starter bank, rest on: facts, references, acts that "
            "harm, levels.",
            "index": "Make the index anew by which the bank's words are found, a part of it at a "
            "time.",
            "show": "Write the case SLUG, as it is in use, as a file of the format that is loaded.",
        },
    ),
    "attempts": (
        "Look after attempts.",
        {"retry": "Grade again what was set aside since its grading crashed too often."},
    ),
    "digests": (
        "Write the weekly digests to mentors.",
        {"send": "Write the digests about a week that have not been written, and have them sent."},
    ),
    "mail": (
        "See what became of mails, and settle what is uncertain.",
        {
            "list": "List mails: uncertain ones first, then failed ones, then the rest, newest "
            "first.",
            "mailbox": "Print the address that opens the local mailbox.",
            "settle": "Decide about mail ID, whose hand-over is uncertain.",
        },
    ),
    "database": (
        "Look after the schema.",
        {
            "upgrade": "Bring the schema, and the tracks of the blueprint, to this version's.",
        },
    ),
}
"""What each group says of itself, and what its commands say first."""


class _GroupInContext(LaterGroup):
    """A group whose commands are carried out in the context of the application."""

    def invoke(self, ctx: click.Context) -> object:
        """Carry out the command that is asked for."""
        with loaded("lms.commands:application")():
            return super().invoke(ctx)


def in_context(group: str) -> LaterGroup:
    """Return the group of that name."""

    def find(name: str) -> click.Command:
        command: click.Command = loaded("lms.commands:GROUPS")[group].commands[name]
        return command

    return _GroupInContext(group, *GROUPS[group], find)


def _find(name: str) -> click.Command:
    command: click.Command = loaded(PLACES[name]) if name in PLACES else in_context(name)
    return command


main = LaterGroup(
    "lms",
    "Run the service and look after it.",
    SAID | {name: says for name, (says, _) in GROUPS.items()},
    _find,
)

if __name__ == "__main__":
    main()
