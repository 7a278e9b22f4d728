"""Commands that are loaded to be run; to say what there is, nothing of the service is needed."""

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import click


def loaded(place: str) -> Any:
    """Return what stands at *place*, as "lms.commands:web_command", with its module loaded."""
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


class LaterGroup(click.Group):
    """A group that knows of each command but its name and the first sentence of its help.

    *find* returns the one with a name.
    """

    def __init__(
        self,
        name: str,
        says: str,
        commands: Mapping[str, str],
        find: Callable[[str], click.Command],
    ) -> None:
        super().__init__(name, help=says)
        self._find = find
        for command, sentence in commands.items():
            self.add_command(click.Command(command, help=sentence))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that *args* begin with, loaded, and the rest of them."""
        name, known, rest = super().resolve_command(ctx, args)
        return name, known and self._find(str(known.name)), rest
