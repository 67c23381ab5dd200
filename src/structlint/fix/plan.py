"""Plans a fix: tries the steps in the findings on a copy of the tree, and adds those that work."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from structlint.edits.hollow import why_hollow
from structlint.edits.steps import AddIgnorePattern, Create, Move, Rewrite, Step, Untrack, adds
from structlint.edits.templates import KEPT
from structlint.finding import Finding
from structlint.fix.prepare import wrong_with
from structlint.fix.simulate import after, ignoring
from structlint.fix.taken_names import TakenNames
from structlint.fix.unfixed import Unfixed
from structlint.layout.model import Layout
from structlint.matching import match
from structlint.rules import engine
from structlint.rules.trial import PATH_RULES
from structlint.text.paths import ancestors, parent
from structlint.text.quoting import in_backticks
from structlint.tree import Tree

_ROUNDS = 100  # deeper than any layout
_MOST_MOVES = 5  # of one file; two rules could move it back and forth


@dataclass(frozen=True)
class PlannedStep:
    """A step and the finding that it fixes."""

    step: Step
    finding: Finding


@dataclass(frozen=True)
class Plan:
    """Steps in the order to apply them, the findings that remain, and the tree after the steps."""

    steps: tuple[PlannedStep, ...]
    left: tuple[Unfixed, ...]
    tree: Tree


@dataclass(frozen=True)
class FixContext:
    """The input of a plan: a tree, its layout, and the rules to run."""

    layout: Layout
    tree: Tree
    own: frozenset[str]
    prefix: str
    rules: frozenset[str]
    today: date
    baseline: str = ""
    ignored_here: Callable[[Collection[str]], frozenset[str]] = lambda paths: frozenset()
    """The paths among these that git ignores on this machine, by patterns outside the repository too."""
    baselined: Callable[[Sequence[Finding]], Collection[Finding]] = lambda findings: ()
    """The findings among these that the baseline accepts. No step fixes them."""

    def findings(self, tree: Tree) -> list[Finding]:
        """The findings of the rules in a tree, except those that are baselined."""
        survey = match(self.layout, tree, self.own, self.prefix, self.baseline)
        findings = engine.check(survey, self.rules, self.today)
        baselined = self.baselined(findings)
        return [finding for finding in findings if finding not in baselined] if baselined else findings


def _is_new(case: FixContext) -> bool:
    """Whether everything that a document draws can be created, because the repository is new."""
    if not case.layout.documents:
        return True
    from structlint.matching.doubtful_drawing import is_new

    return is_new(case.layout, case.tree, case.prefix)


def plan(case: FixContext, *, unsafe: bool) -> Plan:
    """The steps that fix findings. Without `unsafe`, nothing is moved, renamed, untracked or doubtful."""
    planner = _Planner(case, honest=True, doubtful=unsafe or _is_new(case))
    if unsafe:
        planner.move()
        planner.untrack()
    planner.add()
    return planner.plan(unsafe)


def growth(case: FixContext, steps: Sequence[Create]) -> Plan:
    """These steps, and those that fix the findings that they cause; earlier findings remain."""
    known = frozenset((finding.rule, finding.path) for finding in case.findings(case.tree))
    planner = _Planner(case, known)
    nothing = Finding("", "", "")
    planner.take(PlannedStep(step, nothing._replace(path=step.path.removesuffix(KEPT))) for step in steps)
    planner.add()
    return planner.plan(unsafe=False)


@dataclass
class _Planner:
    case: FixContext
    known: frozenset[tuple[str, str]] = frozenset()  # findings to leave alone
    honest: bool = False  # whether manifests and similar files are left to people
    doubtful: bool = True  # whether files are created that may not be needed
    steps: list[PlannedStep] = field(default_factory=list)
    refused: dict[Step, str] = field(default_factory=dict)
    hollow: set[Step] = field(default_factory=set)
    moves: dict[str, int] = field(default_factory=dict)  # how often each file was moved, by its current path

    def __post_init__(self) -> None:
        self.tree = self.case.tree
        self.hidden: set[str] = set()  # paths that git now ignores and that still exist

    def findings(self, tree: Tree) -> list[Finding]:
        return [
            finding for finding in self.case.findings(tree) if (finding.rule, finding.path) not in self.known
        ]

    @property
    def names(self) -> TakenNames:
        """The names that are taken at this point."""
        names = TakenNames()
        for path in (*self.tree.files, *self.tree.opaque, *self.hidden):
            names.add(path)
        return names

    def ignored(self, paths: Collection[str]) -> frozenset[str]:
        """The paths that git would ignore, of some paths."""
        if not paths:
            return frozenset()
        return self.tree.source.would_ignore(paths) | self.case.ignored_here(paths)

    def take(self, planned: Iterable[PlannedStep]) -> bool:
        """Adds steps, and applies them to the tree."""
        taken = list(planned)
        self.steps += taken
        self.refused.update((planned.step, "the fix would not resolve the finding") for planned in taken)
        before, self.tree = self.tree, after(self.tree, (planned.step for planned in taken))
        if not any(isinstance(planned.step, Move) for planned in taken):
            self.hidden |= {*before.files} - {*self.tree.files}
        return bool(taken)

    def steps_of(self, *kinds: type[Step]) -> Iterator[PlannedStep]:
        """The steps of some kinds in the findings, each step once."""
        by_step = {
            step: PlannedStep(step, finding)
            for finding in reversed(self.findings(self.tree))
            for step in finding.fix
            if isinstance(step, kinds) and step not in self.refused
        }
        return reversed(by_step.values())

    # --- Moves

    def move(self) -> None:
        """Moves and renames until no move is left or possible; cycles come last."""
        for _ in range(_ROUNDS):
            wanted = self.kept([planned for planned in self.steps_of(Move) if self.may_move(planned.step)])
            if not self.take(self.free(wanted)) and not self.take(self.exchange(wanted)):
                break
        names = self.names
        for planned in self.steps_of(Move):
            self.refused.setdefault(planned.step, self.why_not(planned.step, names))

    def may_move(self, step: Step) -> bool:
        assert isinstance(step, Move)
        if self.moves.get(step.source, 0) < _MOST_MOVES:
            return True
        self.refused[step] = "two rules require different places for it"
        return False

    def kept(self, wanted: Sequence[PlannedStep]) -> list[PlannedStep]:
        """The moves, except from a tracked path to one that git ignores."""
        moves = [planned.step for planned in wanted if isinstance(planned.step, Move)]
        ignored = self.ignored([path for move in moves for path in (move.source, move.target)])
        for move in moves:
            if move.target in ignored and move.source not in ignored:
                self.refused[move] = self.git_ignores(move.target)
        return [planned for planned in wanted if planned.step not in self.refused]

    def git_ignores(self, path: str) -> str:
        return f"git ignores {in_backticks(self.case.prefix + path)}"

    def free(self, wanted: Sequence[PlannedStep]) -> Iterator[PlannedStep]:
        """The moves that are possible at this point and not inside one another."""
        done: list[Move] = []
        names = self.names
        for planned in wanted:
            step = planned.step
            assert isinstance(step, Move)
            if self.why_not(step, names) or any(_touch(step, other) for other in done):
                continue
            done.append(step)
            names.add(step.target)
            self.moves[step.target] = self.moves.pop(step.source, 0) + 1
            yield planned

    def exchange(self, wanted: Sequence[PlannedStep]) -> Iterator[PlannedStep]:
        """The moves of a cycle, such as two files that swap names, with a temporary name."""
        targets = {move.step.source: move for move in wanted if isinstance(move.step, Move)}
        for start in targets:
            circle = [start]
            while (planned := targets.get(circle[-1])) and isinstance(planned.step, Move):
                if planned.step.target == start:
                    yield from self.turned([targets[name] for name in circle])
                    return
                if planned.step.target in circle:
                    break
                circle.append(planned.step.target)

    def turned(self, circle: Sequence[PlannedStep]) -> Iterator[PlannedStep]:
        first, last = circle[0], circle[-1]
        assert isinstance(first.step, Move) and isinstance(last.step, Move)
        aside = f"{last.step.source.rstrip('/')}.structlint" + "/" * last.step.source.endswith("/")
        yield replace(last, step=Move(last.step.source, aside))
        yield from reversed(circle[:-1])
        yield replace(last, step=Move(aside, last.step.target))
        for planned in circle:
            assert isinstance(planned.step, Move)
            self.moves[planned.step.target] = _MOST_MOVES

    def taken(self, path: str) -> str:
        """The message for a path that is taken, possibly in another case."""
        there = path in self.tree.files or any(file.startswith(path) for file in self.tree.files)
        named = in_backticks(self.case.prefix + path)
        return (
            f"{named} already exists"
            if there
            else f"{named} exists with different capitalization, or is in the way"
        )

    def why_not(self, step: Step, names: TakenNames) -> str:
        """The reason why a move is not possible; "" if it is."""
        assert isinstance(step, Move)
        if wrong := wrong_with(step.target):
            return f"{in_backticks(self.case.prefix + step.target)} {wrong}"
        if names.holds(step.target, but=step.source):
            return self.taken(step.target)
        if step.source.endswith("/") and step.target.startswith(step.source):
            return "a directory cannot be moved into itself"
        return ""

    # --- The index, and what is new

    def untrack(self) -> None:
        self.take(planned for planned in list(self.steps_of(Untrack)))

    def add(self) -> None:
        """Creates and rewrites files until nothing is missing that can be created."""
        for _ in range(_ROUNDS):
            if self.take(
                [planned for planned in self.steps_of(AddIgnorePattern) if self.may_be_ignored(planned.step)]
            ):
                continue  # what git ignores is not created
            wanted = list(self.steps_of(Create, Rewrite))
            creates = [planned.step.path for planned in wanted if isinstance(planned.step, Create)]
            ignored = self.ignored(creates)
            names = self.names
            done = [planned for planned in wanted if self.may_be_added(planned.step, ignored, names)]
            if not self.take(_once(done)):
                break

    def may_be_ignored(self, step: Step) -> bool:
        """Whether the root has a `.gitignore`, or the layout allows one."""
        if ".gitignore" in self.tree.files:
            return True
        findings = self.findings(after(self.tree, [step]))
        if any((finding.rule, finding.path) == ("stray-file", ".gitignore") for finding in findings):
            self.refused[step] = "the layout does not list a `.gitignore` for the pattern"
        return step not in self.refused

    def may_be_added(self, step: Step, ignored: Collection[str], names: TakenNames) -> bool:
        if isinstance(step, Create):
            if step.path in ignored:
                self.refused[step] = self.git_ignores(step.path)
            elif names.holds(step.path):
                self.refused[step] = self.taken(step.path)
            elif wrong := wrong_with(step.path):
                self.refused[step] = f"{in_backticks(self.case.prefix + step.path)} {wrong}"
            elif step.doubtful and not self.doubtful:
                self.refused[step] = f"{step.doubtful}; use `--unsafe`"
            elif self.honest and (why := why_hollow(step.path)):
                self.refused[step] = why
                self.hollow.add(step)
            else:
                names.add(step.path)
        return step not in self.refused

    # --- All together

    def plan(self, unsafe: bool) -> Plan:
        steps = (
            self.allowed(_merged(self.case.tree, self.steps))
            if self.honest
            else _merged(self.case.tree, self.steps)
        )
        tree = after(self.case.tree, (planned.step for planned in steps))
        left = tuple(map(self.unfixed, self.findings(tree)))
        return Plan(tuple(steps), left, tree)

    def allowed(self, steps: list[PlannedStep]) -> list[PlannedStep]:
        """The steps, except those that cause another finding, such as an unlisted `.gitkeep`."""
        created = {planned.step.path: planned for planned in steps if isinstance(planned.step, Create)}
        tree = after(self.case.tree, (planned.step for planned in steps))
        reported = {finding.path for finding in self.findings(tree) if finding.rule in PATH_RULES}
        reported -= {f"{above}/" for path in self.case.tree.files for above in ancestors(path)}
        wrong = [one for path, one in created.items() if path in reported or _is_below(path, reported)]
        for planned in wrong:
            assert isinstance(planned.step, Create)
            self.steps = [one for one in self.steps if one.step != planned.step]
            named = in_backticks(self.case.prefix + planned.step.path)
            self.refused[planned.step] = f"the layout does not allow {named}"
        return self.allowed([planned for planned in steps if planned not in wrong]) if wrong else steps

    def unfixed(self, finding: Finding) -> Unfixed:
        done = {planned.step for planned in self.steps}
        step = next((step for step in finding.fix if step in self.refused and step not in done), None)
        if step is None:
            return Unfixed(finding)
        by_hand = why_hollow(step.path) if isinstance(step, Create) and step in self.hollow else ""
        return Unfixed(finding, "" if by_hand else self.refused[step], by_hand)


def _is_below(path: str, directories: Collection[str]) -> bool:
    return any(f"{above}/" in directories for above in ancestors(path))


def _touch(one: Move, other: Move) -> bool:
    """Whether a path of one move equals or is inside a path of the other."""
    return any(
        path.startswith(directory) or directory.startswith(path)
        for path in (one.source, one.target)
        for directory in (other.source, other.target)
    )


def _once(steps: Iterable[PlannedStep]) -> Iterator[PlannedStep]:
    """The steps without repeated writes to one file; the next round finds the omitted ones again."""
    seen: set[str] = set()
    for planned in steps:
        assert isinstance(planned.step, Create | Rewrite)
        if planned.step.path not in seen:
            seen.add(planned.step.path)
            yield planned


def _merged(tree: Tree, steps: Sequence[PlannedStep]) -> list[PlannedStep]:
    """The steps, one for each file, without `.gitkeep` files in directories that have other files."""
    written: dict[str, PlannedStep] = {}
    others = [planned for planned in steps if not adds(planned.step)]
    ahead = after(tree, (planned.step for planned in others))
    for planned in (one for one in steps if adds(one.step)):
        step = (
            ignoring(ahead, planned.step.pattern)
            if isinstance(planned.step, AddIgnorePattern)
            else planned.step
        )
        assert isinstance(step, Create | Rewrite)
        if step.path == ".gitignore":
            ahead = after(ahead, [step])
        written[step.path] = _joined(written.get(step.path), replace(planned, step=step))
    ahead = after(ahead, (planned.step for path, planned in written.items() if path != ".gitignore"))
    full = {
        path[: at + 1]
        for path in ahead.files
        for at, letter in enumerate(path)
        if letter == "/" and path != f"{path[: at + 1]}{KEPT}"
    }
    return others + [
        planned for planned in written.values() if not (_only_keeps(planned) and _directory(planned) in full)
    ]


def _only_keeps(planned: PlannedStep) -> bool:
    """Whether a step only keeps a directory that the layout requires."""
    kept = isinstance(planned.step, Create) and planned.step.path.endswith(f"/{KEPT}")
    return kept and planned.finding.rule != "missing-file"


def _directory(planned: PlannedStep) -> str:
    """The directory in which a step writes."""
    assert isinstance(planned.step, Create | Rewrite)
    return parent(planned.step.path)


def _joined(before: PlannedStep | None, now: PlannedStep) -> PlannedStep:
    """Two steps that write one file, as a single step."""
    if before is None:
        return now
    assert isinstance(now.step, Create | Rewrite)
    content = now.step.content if isinstance(now.step, Create) else now.step.after
    if isinstance(before.step, Create):
        return replace(before, step=replace(before.step, content=content))
    assert isinstance(before.step, Rewrite)
    return replace(before, step=replace(before.step, after=content))
