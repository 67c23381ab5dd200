"""`structlint new`: creates a new value of a placeholder, with everything that the layout requires."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from structlint.checking.project import Project, open_projects
from structlint.checking.request import NAMES, Request
from structlint.cli.console import CommandConsole, console_of
from structlint.cli.emitter import emitter
from structlint.cli.fix import context_of, refuse_obstacles, report_interruption, with_prefix
from structlint.cli.fix_left import report_left
from structlint.cli.fix_steps import show_steps
from structlint.cli.new_list import list_placeholders
from structlint.cli.options import SETTINGS, Command, common_options, config_option
from structlint.edits.steps import Create, Rewrite, Step
from structlint.edits.templates import KEPT, starter
from structlint.errors import CannotCheck
from structlint.finding import RULE_NAMES
from structlint.fix.apply import apply
from structlint.fix.plan import Plan, growth
from structlint.layout.entry import Entry, entries, placeholders
from structlint.layout.keys import STAR, Name
from structlint.layout.model import Layout, ill_spelled
from structlint.matching.contents import ContentFinder
from structlint.matching.numbering import following, numbered
from structlint.matching.port_registry import port_registry
from structlint.matching.siblings import usual_files
from structlint.text.enumerations import either
from structlint.text.quoting import in_backticks, quote
from structlint.text.suggestions import suggestion
from structlint.tree import Tree
from structlint.tree.access import mode_at
from structlint.tree.scan import repository_root

_MOST_NAMED = 9
_TEMPLATES = ("template/", "_template/", ".template/")


@click.command(
    "new",
    cls=Command,
    context_settings=SETTINGS,
    short_help="Create the files for a new service, module or other value.",
)
@click.argument("name", required=False)
@click.argument("value", required=False)
@click.argument("path", required=False, metavar="[PATH]")
@click.option(
    "--with",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set the value of another placeholder. Repeatable.",
)
@click.option("--diff", is_flag=True, help="Show the changes without making them.")
@config_option
@common_options
@click.pass_context
def command(
    context: click.Context,
    name: str | None,
    value: str | None,
    path: str | None,
    given: tuple[str, ...],
    diff: bool,
    config: str | None,
) -> int:
    """Create the files for a new service, module or other value of a placeholder.

    NAME is the placeholder, VALUE the new name. Every directory and file that the layout requires for it is
    created, a template/ beside it is copied, and `ports` gets the next free port. Undo it with
    `structlint fix --undo`. Without NAME, the placeholders are listed.

    \b
    Examples:
      structlint new
      structlint new service billing
      structlint new service billing --diff
      structlint new module orders --with service=billing
    """
    console = console_of(context)
    request = Request(paths=(path or ".",), config=config)
    project = open_projects(request)[0]
    if project.layout is None:
        raise CannotCheck("no structlint.yaml found; create one with `structlint init`")
    if name is None:
        list_placeholders(project, project.layout, console.color)
        return 0
    if value is None:
        raise CannotCheck(f"missing VALUE, the name of the new {name}; run `structlint new {name} VALUE`")
    unit = _Unit(project, project.layout, name, value, _values(given))
    plan = unit.plan()
    port = unit.port(config)
    steps: list[Step] = [planned.step for planned in plan.steps]
    if port:
        steps.append(port)
    _create(unit, steps, console, diff=diff)
    for note in unit.notes:
        console.say(note)
    report_left(plan.left, request, project, console)
    return 0


def _create(unit: _Unit, steps: Sequence[Step], console: CommandConsole, *, diff: bool) -> None:
    """Shows the steps and, without `diff`, makes the changes."""
    project = unit.project
    root = repository_root(project.root) or project.root
    prefix = project.root.relative_to(root).as_posix() + "/" if project.root != root else ""
    todo = [with_prefix(step, prefix, project) for step in steps]
    emit = emitter(console.color)
    refuse_obstacles(root, todo, "created")
    show_steps(steps, project.prefix, emit, diff=diff)
    if not diff:
        emit.out.flush()  # if the changes cannot be printed, they are not made
        with report_interruption(root):
            apply(root, todo)
        console.say(f"created {unit.name} `{unit.value}`; undo with `structlint fix --undo`")


def _values(given: tuple[str, ...]) -> dict[str, str]:
    """The values of other placeholders that `--with` sets."""
    values = {}
    for option in given:
        name, sign, value = option.partition("=")
        if not sign or not name or not value:
            raise CannotCheck(f"--with {in_backticks(option)}: expected NAME=VALUE, such as service=billing")
        values[name.strip("<>")] = value
    return values


class _Unit:
    """A new value of a placeholder."""

    def __init__(
        self, project: Project, layout: Layout, name: str, value: str, given: Mapping[str, str]
    ) -> None:
        self.project, self.layout = project, layout
        self.name = name.strip("<>")
        self.value = value
        self.given = given
        self.notes: list[str] = []
        self.known = placeholders(layout.root)
        self.way = self._way()
        self._refuse_bad_name()
        self._refuse_bad_givens()

    def _way(self) -> tuple[Entry, ...]:
        """The entries from the root to the one that defines the placeholder."""
        if ways := self.layout.ties.defining.get(self.name):
            return ways[0]
        for above, entry in entries(self.layout.root):
            if self.name in entry.key.placeholders and not entry.forbidden:
                return (*above[1:], entry)
        if not self.known:
            raise CannotCheck(f"`{self.layout.name}` has no placeholder; nothing to create")
        raise CannotCheck(
            f"unknown placeholder `<{self.name}>` in `{self.layout.name}`; "
            f"{suggestion(self.name, self.known)}"
        )

    def _refuse_bad_name(self) -> None:
        if not self.value or "/" in self.value or self.value in (".", ".."):
            raise CannotCheck(f"{in_backticks(self.value)} is not a valid name of a file or directory")
        naming = self.layout.names.get(self.name)
        slot = next(
            slot
            for member in self.way[-1].key.members
            for slot in member.slots
            if slot.placeholder == self.name
        )
        if naming and naming.values:
            where = f"{naming.place.file}:{naming.place.line}"
            raise CannotCheck(
                f"{where} lists the values of `<{self.name}>`; add {in_backticks(self.value)} there"
            )
        right = ill_spelled(slot, self.value, naming, self.way[-1].key.directory)
        if right:
            cases, spellings = (
                either(list(right)),
                either(list(dict.fromkeys(map(in_backticks, right.values())))),
            )
            has_letters = any(spelling != self.value for spelling in right.values())
            hint = f"use {spellings}" if has_letters else "use a name with letters"
            raise CannotCheck(f"{in_backticks(self.value)} is not {cases}; {hint}")
        if naming and not naming.admits(slot, self.value):
            raise CannotCheck(
                f"{in_backticks(self.value)} does not match the pattern of `<{self.name}>` ({naming.place})"
            )

    def _refuse_bad_givens(self) -> None:
        """Raises `CannotCheck` if `--with` sets an unknown placeholder or a value that does not exist."""
        for name, value in self.given.items():
            if name not in self.known:
                raise CannotCheck(f"--with: unknown placeholder `<{name}>`; {suggestion(name, self.known)}")
            if name in self._paths() and not {"", ".", ".."}.intersection(value.split("/")):
                continue
            if value not in self._there(name):
                option = in_backticks(f"{name}={value}")
                there = ", ".join(self._there(name)[:_MOST_NAMED])
                expected = f"expected one of {there}" if there else f"no {name} exists yet"
                raise CannotCheck(f"--with {option}: unknown {name}; {expected}")

    def _paths(self) -> set[str | None]:
        """The placeholders for paths."""
        return {entry.key.path_placeholder for _, entry in entries(self.layout.root)}

    def _there(self, name: str) -> list[str]:
        """The values of a placeholder in the tree."""
        matches = self.project.survey.path_matches
        return sorted({match.values[name] for match in matches if name in match.values})

    def plan(self) -> Plan:
        """The paths to create: the unit itself, and everything that is missing once it exists."""
        tree = self.project.tree
        path = self._path(tree)
        if path in tree.files or any(
            file.startswith(path) for file in (*tree.files, *tree.opaque) if path.endswith("/")
        ):
            raise CannotCheck(f"{in_backticks(self.project.prefix + path)} already exists")
        case = context_of(self.project, frozenset(RULE_NAMES))
        first = list(self._first(path, tree))
        paths = [member.path for member in first]
        if ignored := tree.source.would_ignore(paths) | case.ignored_here(paths):
            path = in_backticks(self.project.prefix + min(ignored))
            raise CannotCheck(f"git ignores {path}, so its contents would not be committed")
        return growth(case, first)

    def _path(self, tree: Tree) -> str:
        values = {**self.given, self.name: self.value}
        path = ""
        for entry in self.way:
            if placeholder := entry.key.path_placeholder:
                path += f"{values.setdefault(placeholder, '').strip('/')}/".removeprefix("/")
                continue
            member = self._member(entry, path, tree)
            missing = [slot.placeholder for slot in member.slots if slot.placeholder not in values]
            for name in missing:
                values[name] = self._number(name, path) or self._only(name)
            if STAR in member.parts:
                unclear = f"`{member}` stands for any name, so the place of the new {self.name} is not clear"
                raise CannotCheck(f"{unclear}; list its directory by name in the layout")
            path += member.spelled(values) + "/" * entry.key.directory
        return path

    def _number(self, name: str, directory: str) -> str:
        """The next number for a placeholder with consecutive numbers; "" for another placeholder."""
        naming = self.layout.names.get(name)
        if naming is None or not naming.consecutive:
            return ""
        there = [one.value for one in numbered(self.project.survey, name).get(directory, ())]
        return following(max(there, key=int)) if there else "1"

    def _member(self, entry: Entry, path: str, tree: Tree) -> Name:
        """The existing alternative, or the first; for the placeholder's own entry, one that contains it."""
        members = entry.key.members
        if entry is self.way[-1]:
            return next(
                member for member in members if self.name in {slot.placeholder for slot in member.slots}
            )
        there = {file[len(path) :].partition("/")[0] for file in tree.files if file.startswith(path)}
        return next((member for member in members if member.exact in there), members[0])

    def _only(self, name: str) -> str:
        """The value of another placeholder that has only one value in the tree."""
        values = self._there(name)
        if len(values) == 1:
            return values[0]
        which = f"its values are {', '.join(values[:_MOST_NAMED])}" if values else "it has no value yet"
        raise CannotCheck(f"`<{name}>` is ambiguous: {which}; give it with --with {name}=VALUE")

    def _first(self, path: str, tree: Tree) -> Iterator[Create]:
        """The unit itself: a copy of the template beside it, or the smallest number of files."""
        if not path.endswith("/"):
            yield Create(path, starter(path, self.way[-1].about))
            return
        above = path[: path.rstrip("/").rfind("/") + 1]
        named = [
            template
            for template in _TEMPLATES
            if any(file.startswith(above + template) for file in tree.files)
        ]
        listed = self.project.survey.allowed(above)
        template = next((template for template in named if template in listed), None)
        files = [file for file in tree.files if template and file.startswith(above + template)]
        copies: list[str] = []
        for file in files:
            if file in tree.links:
                self.notes.append(f"not copied: {quote(self.project.prefix + file)} is a symbolic link")
                continue
            mode = mode_at(self.project.root / file)  # 0 if a sparse checkout omits it
            to = path + file[len(above) + len(template or "") :]
            copies.append(to)
            yield Create(to, tree.source.read(file), executable=bool(mode & 0o100))
        made = path + self._condition(path)
        if any(other == made or other.startswith(made) for other in copies):
            return
        if made != path or not (names := usual_files(self.project.survey, self.way[-1])):
            yield Create(made + KEPT if made.endswith("/") else made, starter(made))
            return
        for name in names:
            yield Create(path + name, starter(path + name))

    def _condition(self, path: str) -> str:
        """The path that a new directory must contain because of an `if`: the most common one."""
        entry, survey = self.way[-1], self.project.survey
        if entry.condition is None:
            return ""
        finder = ContentFinder(self.project.tree, {})
        siblings = [
            (matches.directory.directories[name.name], {**matches.above, **name.values})
            for matches in survey.entry_matches
            if matches.entry.id == entry.id
            for name in matches.names
        ]
        numbers = {
            path: sum(finder.contains_path(inside, path, values) for inside, values in siblings)
            for path in entry.condition.paths
        }
        likely = max(numbers, key=lambda number: numbers[number])
        steps = [step for step in likely.steps if not step.everywhere]
        values = {**self.given, self.name: self.value}
        return "".join(str(step.given(values)) for step in steps).replace("*", self.value)

    def port(self, config: str | None) -> Rewrite | None:
        """The line that gives the unit the next free port of its range, if `ports` has one for its kind."""
        from structlint.layout.edit import with_ports

        assigned = self.layout.port_ranges.get(self.name)
        if assigned is None:
            return None
        registry = port_registry(self.project.survey)
        free = (registry.free(numbers) for numbers in assigned.numbers)
        number = next((number for number in free if number is not None), None)
        if number is None:
            raise CannotCheck(f"no port in {assigned} is free ({assigned.place})")
        file = self._layout_file(config)
        if file is None:
            where = quote(config or self.layout.name)
            self.notes.append(
                f"`ports` is not in a file of this project: add `{self.value}: {number}` to {where}"
            )
            return None
        data = self.project.tree.source.read(file)
        return Rewrite(file, data, with_ports(data, file, {self.value: str(number)}))

    def _layout_file(self, config: str | None) -> str | None:
        """The path of the layout in the project; None if it is outside the project."""
        if config is None:
            return next((name for name in NAMES if (self.project.root / name).is_file()), None)
        place = Path(os.path.realpath(config))
        if not place.is_relative_to(self.project.root):
            return None
        path = place.relative_to(self.project.root).as_posix()
        return path if path in self.project.tree.files else None
