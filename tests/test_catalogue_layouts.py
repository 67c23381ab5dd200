"""Errors in layouts: rows 1 to 38 of the catalogue of bad inputs.

An invalid layout is reported as `file:line:column: problem; correction`. The exit status is 2, and standard
output is empty. Row 21, random damage, is in `test_fuzz_layouts.py`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import Result, Run
from effort import limit_calls

from structlint import __version__
from structlint.layout.bundled import BUNDLED

_LOCATED = re.compile(r"[^\s:]+:[1-9][0-9]*:[1-9][0-9]*: \S.*")

Files = Mapping[str, str | bytes]
Check = Callable[..., Result]
LayoutErrors = Callable[[str | bytes | Files], str]


@pytest.fixture
def check(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Runs `structlint check .` with these files, or with this text as `structlint.yaml`."""
    monkeypatch.chdir(tmp_path)

    def command(files: str | bytes | Files, *options: str) -> Result:
        written = {"structlint.yaml": files} if isinstance(files, str | bytes) else files
        for name, content in written.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return run("check", ".", *options)

    return command


@pytest.fixture
def layout_errors(check: Check) -> LayoutErrors:
    """Returns the errors in a layout, and checks that each has a location and that the status is 2."""

    def command(files: str | bytes | Files) -> str:
        result = check(files)
        assert (result.status, result.out) == (2, "")
        lines = result.err.splitlines()
        assert lines
        for line in lines:
            assert _LOCATED.fullmatch(line) or re.fullmatch("and [0-9,]+ more", line)
            assert len(line) < 1000
        return result.err

    return command


def finding_lines(result: Result) -> list[str]:
    """The first line of each finding in a report."""
    return [line for line in result.out.splitlines() if line.startswith(("error", "warning"))]


# --- A. Loading the layout


def test_001_layout_does_not_exist(check: Check) -> None:
    result = check({}, "--config", "gone.yaml")
    assert result == Result(2, "", "structlint: no such file: `gone.yaml`\n")


def test_001_layout_is_a_directory(check: Check) -> None:
    result = check({"conf/a.yaml": "tree: {}"}, "--config", "conf")
    assert result == Result(2, "", "structlint: `conf` is a directory; give the layout file in it\n")
    result = check({"structlint.yaml/a": ""})
    assert result == Result(2, "", "structlint: structlint.yaml is a directory, not a file\n")


@pytest.mark.parametrize("text", ["", "\n\n", "# a comment\n", "---\n", "---\n...\n"])
def test_002_empty_layout(text: str, layout_errors: LayoutErrors) -> None:
    assert layout_errors(text) == "structlint.yaml:1:1: the layout is empty\n"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("- a\n", "a list"),
        ("words\n", "the text `words`"),
        ("3\n", "the number `3`"),
        ("true\n", "`true`"),
        ("null\n", "nothing"),
    ],
)
def test_003_layout_is_not_a_mapping(text: str, kind: str, layout_errors: LayoutErrors) -> None:
    right = "a layout has keys such as `extends:` and `tree:`"
    assert layout_errors(text) == f"structlint.yaml:1:1: expected a mapping, found {kind}; {right}\n"


@pytest.mark.parametrize("more", ["---\ntree: {}\n", "---\n", "...\n---\ntree: {}\n"])
def test_004_two_documents(more: str, layout_errors: LayoutErrors) -> None:
    line = 2 + more.index("---") // 4
    message = f"structlint.yaml:{line}:1: a second YAML document begins here; a layout is one document\n"
    assert layout_errors(f"tree: {{README.md: }}\n{more}") == message


def test_005_tab_in_indentation(layout_errors: LayoutErrors) -> None:
    assert layout_errors("tree:\n\ta.py:\n") == "structlint.yaml:2:1: tab in indentation; use spaces\n"
    assert (
        layout_errors("tree:\n  src/:\n  \ta.py:\n")
        == "structlint.yaml:3:3: tab in indentation; use spaces\n"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tree:\n  a: [\n", "2:6: this `[` is never closed"),
        ("tree:\n  a: {b: c,\n", "2:6: this `{` is never closed"),
        ("about: 'x\ntree: {}\n", "1:8: this quote is never closed"),
        ('about: "x\ntree: {}\n', "1:8: this quote is never closed"),
        (
            "local: [a, b\ntree:\n  a:\n",
            "2:5: expected `,` or `]` here: the `[` opened at line 1, column 8 is not closed",
        ),
        (
            "limits: {depth: 3\ntree:\n  a:\n",
            "2:5: expected `,` or `}` here: the `{` opened at line 1, column 9 is not closed",
        ),
    ],
)
def test_006_unclosed_bracket_or_quote(text: str, message: str, layout_errors: LayoutErrors) -> None:
    assert layout_errors(text) == f"structlint.yaml:{message}\n"


def test_007_keys_are_strings_and_duplicates_are_errors(check: Check, layout_errors: LayoutErrors) -> None:
    names = ["01", "0x1", "1", "no", "on", "true", "yes", "~"]
    result = check("tree:\n" + "".join(f"  {name}:\n" for name in names))
    assert [line.split()[1] for line in finding_lines(result)] == [f"{name}:" for name in names]
    assert (
        layout_errors("tree: {a: , b: , a: }")
        == "structlint.yaml:1:18: duplicate key `a`, first in line 1; remove one\n"
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [("about: 3.10", "1:8"), ("local: [3.10]", "1:9"), ("forbid: {a: 3.10}", "1:13")],
)
def test_008_number_instead_of_text(text: str, place: str, layout_errors: LayoutErrors) -> None:
    message = layout_errors(text)
    assert message.startswith(f"structlint.yaml:{place}: expected text")
    assert message.endswith('found the number `3.10`; quote it: `"3.10"`\n')


def test_008_quotes_are_suggested_only_if_they_help(layout_errors: LayoutErrors) -> None:
    assert layout_errors("names: {a: {count: true}}\ntree: {<a>: }") == (
        "structlint.yaml:1:20: `true` is not a value here; write a value, or `false`\n"
    )
    assert layout_errors("tree: 3") == "structlint.yaml:1:7: expected a mapping, found the number `3`\n"
    assert layout_errors("local:\n") == "structlint.yaml:1:1: expected a list, found nothing\n"


@pytest.mark.parametrize(("number", "expected"), [("0x3", 3), ("0o3", 3), ("03", 3), ("3.0", 3), ("014", 14)])
def test_009_number_formats(number: str, expected: int, check: Check) -> None:
    files = {f"f{i}.txt": "" for i in range(expected)}
    result = check({**files, "structlint.yaml": f"limits: {{root-files: {number}}}"})
    assert finding_lines(result) == [f"error    ./: {expected + 1} files; at most {expected} allowed"]


@pytest.mark.parametrize("number", ["1_000", "22:22", "-0x1", "1e400", "9" * 5000])
def test_009_invalid_numbers(number: str, layout_errors: LayoutErrors) -> None:
    assert layout_errors(f"limits: {{depth: {number}}}").startswith("structlint.yaml:1:17: ")


def test_010_date_is_a_string(check: Check, layout_errors: LayoutErrors) -> None:
    result = check("about: 2026-11-20\ntree: {a.py: 2026-11-20}\n")
    assert finding_lines(result) == ["error    a.py: missing file: 2026-11-20"]
    item = "{rule: orphan, path: a, why: b, until: 2026-13-45}"
    assert layout_errors(f"ignore:\n- {item}\n") == "structlint.yaml:2:42: `2026-13-45` is not a valid date\n"


@pytest.mark.parametrize(
    ("text", "place", "tag"),
    [
        ("about: !!python/object/apply:os.system ['touch ran']\n", "1:8", "!!python/object/apply:os.system"),
        (
            "%TAG ! tag:yaml.org,2002:python/\n---\nabout: !object/apply:os.system [ran]\n",
            "3:8",
            "!object/app",
        ),
        ("about: !<tag:yaml.org,2002:python/object/new:os.system> [ran]\n", "1:8", "!<tag:yaml.org,2002:py"),
        ("!!python/name:os.system x: y\n", "1:1", "!!python/name:os.system"),
        ("about: !!str 3\n", "1:8", "!!str"),
    ],
)
def test_011_tags_are_not_supported(text: str, place: str, tag: str, layout_errors: LayoutErrors) -> None:
    message = layout_errors(text)
    assert message.startswith(f"structlint.yaml:{place}: tags such as `{tag}")
    assert "are not supported" in message
    assert not Path("ran").exists()


def alias_bomb(levels: int) -> str:
    lines = [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, levels)]
    return "\n".join(["a0: &a0 [x]", *lines])


def test_012_alias_bomb(layout_errors: LayoutErrors) -> None:
    with limit_calls(calls=1_000_000):
        assert (
            layout_errors(alias_bomb(9))
            == "structlint.yaml:5:35: the aliases expand to more than 10,000 values\n"
        )


@pytest.mark.parametrize(
    ("text", "place"),
    [("local: &a [*a]", "1:12"), ("tree: &a {b/: *a}", "1:15"), ("a: &a\n  b: [*a]", "2:7")],
)
def test_013_alias_in_its_own_anchor(text: str, place: str, layout_errors: LayoutErrors) -> None:
    assert layout_errors(text) == f"structlint.yaml:{place}: `*a` is inside its own anchor\n"


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000])
def test_014_deep_nesting(text: str, layout_errors: LayoutErrors) -> None:
    with limit_calls(calls=1_000_000):
        assert layout_errors(text).endswith(": nested deeper than 64 levels\n")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"tree:\n  {'a/' * 500}:\n", "2:3"),
        (f"tree:\n  ? {'a/' * 50_000}\n  : x\n", "2:5"),
        (f"tree:\n  {'a/' * 40}:\n    {'b/' * 40}:\n", "3:5"),
        (f"tree:\n  a: {{needs: /{'a/' * 5_000}}}\n", "2:14"),
    ],
)
def test_014_deep_paths(text: str, place: str, layout_errors: LayoutErrors) -> None:
    message = layout_errors(text)
    assert message.startswith(f"structlint.yaml:{place}: ")
    assert message.endswith(": deeper than 64 directories\n")


@pytest.mark.parametrize(
    "drawn", ["└── " + "a/" * 600, "└── " + "a/" * 50_000, "└── " + "{a,b}" * 190 + ".py"]
)
def test_014_deep_paths_and_many_names_in_a_drawing(drawn: str, layout_errors: LayoutErrors) -> None:
    with limit_calls(calls=5_000_000):
        message = layout_errors({"structlint.yaml": "extends: ./T.md", "T.md": f"```\nroot/\n{drawn}\n```\n"})
    assert message.startswith(
        (
            "T.md:3:5: nested deeper than 64 directories",
            "T.md:3:1: no other tree is drawn here: skipped: more than 100 names in one line; ",
        )
    )


def test_014_too_many_combinations_of_values(layout_errors: LayoutErrors) -> None:
    values = ", ".join(f"v{number}" for number in range(100))
    names = ", ".join(f"{name}: [{values}]" for name in "abcd")
    with limit_calls(calls=1_000_000):
        message = layout_errors(f"names: {{{names}}}\ntree: {{<a>-<b>-<c>-<d>.txt: }}")
    assert message == (
        "structlint.yaml:2:8: `<a>-<b>-<c>-<d>.txt` expands to 100,000,000 names, "
        "one for each combination of values; at most 10,000 are allowed\n"
    )


def test_015_large_layout(layout_errors: LayoutErrors) -> None:
    text = "tree:\n" + "".join(f"  file{number}.py:\n" for number in range(1_000_000))
    with limit_calls(calls=10_000):
        assert layout_errors(text) == "structlint.yaml:1:1: larger than 1 MiB, the limit for a layout\n"


def test_016_byte_order_mark(check: Check) -> None:
    assert check(b"\xef\xbb\xbftree: {structlint.yaml: }\n").status == 0


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_016_other_encodings(encoding: str, layout_errors: LayoutErrors) -> None:
    name = encoding.upper()[:6]
    message = f"structlint.yaml:1:1: this is {name}; save it as UTF-8\n"
    assert layout_errors("tree: {README.md: }\n".encode(encoding)) == message


def test_016_invalid_utf_8(layout_errors: LayoutErrors) -> None:
    assert layout_errors(b"about: caf\xe9\n") == (
        "structlint.yaml:1:11: the byte 0xe9 here is not UTF-8; save the file as UTF-8\n"
    )


@pytest.mark.parametrize("code", [0, 0x1B, 0x7F, 0x9B, 0xFFFE, 0xFEFF])
def test_017_control_character(code: int, layout_errors: LayoutErrors) -> None:
    message = f"structlint.yaml:2:4: the character U+{code:04X} is not allowed here; remove it\n"
    assert layout_errors(f"tree:\n  a{chr(code)}b: x\n") == message


@pytest.mark.parametrize("escape", [r"\0", r"\e", r"\x9b", r"\ud800", r"\ud83d\ude00", r"\U00110000"])
def test_017_escaped_control_character(escape: str, layout_errors: LayoutErrors) -> None:
    message = layout_errors(f'belongs: {{"*.x": "a{escape}b/"}}\n')
    assert re.match("structlint.yaml:1:(18|20): the text contains ", message)


@pytest.mark.parametrize(
    "text",
    [
        'names: {m: {case: kebab-case, values: ["A\\n::error::x"]}}\ntree: {<m>: }\n',
        'tree: {"<a>\\n::error::x": , "<b>\\n::error::x": }\n',
        'tree: {"a\\n::error::x": , "a\\n::error::x?": }\n',
        'tree: {"a\\n::error::x": , "a\\n::error::x/": {b: }}\n',
        'tree: {"a\\n::error::x/": {.: {unlisted: forbid}}}\n',
        'ports: {"<a\\n::error::x>": 80}\n',
        'extends: "./a\\n::error::x.yaml"\n',
        'ignore: [{rule: orphan, path: a, why: b, until: "2027-01-31\\n::error::x"}]\n',
        'names: {"a\\n::error::x": kebab-case}\n',
    ],
)
def test_017_errors_with_line_breaks_are_one_line(text: str, layout_errors: LayoutErrors) -> None:
    assert layout_errors(text).count("\n") == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tree: *nope", '1:7: unknown anchor `&nope`; if this is text, quote it: "*nope"'),
        ("tree:\n  *.py: x", '2:3: a text that begins with `*` needs quotes; quote it: "*.py"'),
        ("local: [*a, &a b]", '1:9: unknown anchor `&a`; if this is text, quote it: "*a"'),
    ],
)
def test_018_unknown_alias(text: str, message: str, layout_errors: LayoutErrors) -> None:
    assert layout_errors(text) == f"structlint.yaml:{message}\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_019_line_endings(end: str, check: Check, layout_errors: LayoutErrors) -> None:
    result = check(end.join(["tree:", "  structlint.yaml:", "  a.py:", ""]))
    assert finding_lines(result) == ["error    a.py: missing file"]
    assert "(structlint.yaml:3, missing-file, fixable)" in result.out
    message = "structlint.yaml:3:1: unknown key `limts`; did you mean `limits`?\n"
    assert layout_errors(end.join(["tree:", "  a.py:", "limts: {}", ""])) == message


def test_020_layout_is_a_link(check: Check, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside.yaml"
    outside.write_text("about: Outside")
    link = tmp_path / "structlint.yaml"
    for target, message in {
        str(outside): "structlint.yaml is a link that leads out of the repository; put a file there",
        "/dev/zero": "structlint.yaml is a link that leads out of the repository; put a file there",
        "structlint.yaml": "cannot read structlint.yaml: Too many levels of symbolic links",
        "gone.yaml": "no such file: `structlint.yaml`",
    }.items():
        link.symlink_to(target)
        assert check({}) == Result(2, "", f"structlint: {message}\n")
        link.unlink()
    link.symlink_to("real.yaml")
    assert check({"real.yaml": "tree: {structlint.yaml: , real.yaml: }"}).status == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="requires FIFOs")
def test_020_layout_is_not_a_regular_file(check: Check, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "structlint.yaml")
    assert check({}) == Result(2, "", "structlint: structlint.yaml is not a regular file\n")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root can read every file")
def test_020_unreadable_layout(check: Check, tmp_path: Path) -> None:
    (tmp_path / "structlint.yaml").touch(mode=0)
    assert check({}) == Result(
        2, "", "structlint: cannot read structlint.yaml: Permission denied; make it readable\n"
    )


# --- B. Meaning of the layout


@pytest.mark.parametrize(
    ("text", "place", "key", "suggestion"),
    [
        ("severty: {}\n", "1:1", "severty", "severity"),
        ("tree: {a: }\nSeverity: {}\n", "2:1", "Severity", "severity"),
        ("tree:\n  a.py: {abut: x}\n", "2:10", "abut", "about"),
        ("tree:\n  a/: {.: {max_files: 3}}\n", "2:12", "max_files", "max-files"),
        ("limits: {dept: 4}\n", "1:10", "dept", "depth"),
    ],
)
def test_022_unknown_key(
    text: str, place: str, key: str, suggestion: str, layout_errors: LayoutErrors
) -> None:
    assert (
        layout_errors(text) == f"structlint.yaml:{place}: unknown key `{key}`; did you mean `{suggestion}`?\n"
    )


def test_023_unknown_rules_and_missing_fields(layout_errors: LayoutErrors) -> None:
    message = layout_errors(
        "severity: {missing-fiel: error, orphan: warn}\n"
        "ignore:\n"
        "- {path: a, why: b}\n"
        "- null\n"
        "- {rule: orphn, path: a, why: b}\n"
        "- {rule: , path: a, why: b}\n"
    )
    *lines, last = message.splitlines()
    assert lines == [
        "structlint.yaml:1:12: unknown rule `missing-fiel`; did you mean `missing-file`?",
        "structlint.yaml:1:41: unknown value `warn`; did you mean `warning`?",
        "structlint.yaml:3:3: missing `rule`",
        "structlint.yaml:4:3: expected a mapping, found nothing",
        "structlint.yaml:5:10: unknown rule `orphn`; did you mean `orphan`?",
    ]
    assert last.startswith("structlint.yaml:6:4: nothing is not allowed here; expected one of `bad-name`, ")


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ('"ten"', "expected a whole number or `false`, found the text `ten`"),
        ('"3"', "expected a whole number or `false`, found the text `3`; remove the quotes"),
        ("true", "`true` is not a value here; write a value, or `false`"),
        ("3.5", "expected a whole number or `false`, found the number `3.5`"),
        (".nan", "expected a whole number or `false`, found the number `.nan`"),
        ("-.inf", "expected a whole number or `false`, found the number `-.inf`"),
        ("-1", "the number `-1` is too small; the minimum is 1"),
        ("0", "the number `0` is too small; the minimum is 1"),
        ("~", "expected a whole number or `false`, found nothing"),
        ("[3]", "expected a whole number or `false`, found a list"),
    ],
)
def test_024_invalid_limit(number: str, message: str, layout_errors: LayoutErrors) -> None:
    assert layout_errors(f"limits: {{depth: {number}}}") == f"structlint.yaml:1:17: {message}\n"


def test_025_many_errors(layout_errors: LayoutErrors) -> None:
    lines = layout_errors("tree:\n" + "".join(f"  a{number}.py: 3\n" for number in range(2_000))).splitlines()
    assert len(lines) == 51
    assert [line.split(":")[1] for line in lines[:50]] == [str(number) for number in range(2, 52)]
    assert lines[-1] == "and 1,950 more"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("".join(f"k{number}:\n" for number in range(2_000)), 2_000),
        ("tree: {a.py: {" + ", ".join(f"k{number}" for number in range(2_000)) + "}}", 2_000),
        ("severity: {" + ", ".join(f"k{number}: error" for number in range(2_000)) + "}", 2_000),
        ("names: {a: [" + ", ".join(f"x{number}, {number}" for number in range(2_000)) + "]}", 2_000),
        ("names:\n" + "".join(f"  k{number}: kebab-case\n" for number in range(2_000)), 2_000),
    ],
)
def test_025_time_is_proportional_to_the_number_of_errors(
    text: str, count: int, layout_errors: LayoutErrors
) -> None:
    with limit_calls(calls=1_000 * count):  # comparing each pair would need `count * count` calls
        assert layout_errors(text).endswith(f"and {count - 50:,} more\n")


LONG = "x" * 5_000


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"limits: {{depth: {LONG}}}", "1:17"),
        ("limits:\n  depth: |\n    a\n    b\n", "2:10"),
        (f"tree: {{a.py: {{needs: {LONG}}}}}", "1:22"),
        (f"names: {{a: /{LONG}/}}\ntree: {{<a>: }}", "1:12"),
        (f"names: {{a: [{LONG}, {LONG}]}}", "1:12"),
        (f"names: {{a: {{case: kebab-case, values: [{LONG.upper()}]}}}}\ntree: {{<a>: }}", "1:9"),
        (f"extends: {LONG}", "1:10"),
        (f"extends: ./{LONG}.yaml", "1:10"),
        (f"structlint: {'9' * 99}", "1:13"),
        (f"{LONG}\ntree: {{}}", "1:1"),
        (f"{LONG}: 1", "1:1"),
        (f"? {LONG}\n: 1", "1:3"),
        (f"tree: {{<{'a' * 200}>: , <{'b' * 200}>: }}", "1:214"),
    ],
)
def test_026_long_text_is_shortened(text: str, place: str, layout_errors: LayoutErrors) -> None:
    message = layout_errors(text)
    assert message.startswith(f"structlint.yaml:{place}: ")
    assert message.count("\n") == 1
    every_layout = ", ".join(f"`{name}`" for name in BUNDLED)
    assert len(message.replace(every_layout, "")) < 400


@pytest.mark.parametrize("version", ["99", '"99"', "1.0", '"0.999"'])
def test_027_layout_requires_newer_version(version: str, layout_errors: LayoutErrors) -> None:
    wanted = version.strip('"')
    message = f"this layout requires structlint {wanted}, but this is {__version__}; upgrade structlint"
    assert layout_errors(f"structlint: {version}\nsome-new-key: 1\n") == f"structlint.yaml:1:13: {message}\n"


@pytest.mark.parametrize("version", ['"v1"', '""', '"0.1.0.0"', '"99999999999999"', '"99\\n"', "[1]", "~"])
def test_027_invalid_version(version: str, layout_errors: LayoutErrors) -> None:
    assert layout_errors(f"structlint: {version}\n").startswith("structlint.yaml:1:13: ")


def test_027_version_is_not_a_key(layout_errors: LayoutErrors) -> None:
    assert layout_errors("version: 1\n").startswith(
        "structlint.yaml:1:1: unknown key `version`; expected one of `extends`,"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "tree: {src/./x: }",
            "1:8: `src/./x`: `.` is not a valid name of an entry; write the path without it",
        ),
        ("tree: {'src /': }", "1:8: `src /`: a name begins or ends in a space; remove it"),
        ("forbid: {'src ': x}", '1:10: the pattern "src " begins or ends in a space; remove it'),
        (
            "forbid: {src/./a: x}",
            "1:10: the pattern `src/./a` matches nothing; write the path from the root, without `.` or `..`",
        ),
        (
            "tree: {<a>: , <b>: }",
            "1:15: `<b>` can never match: `<a>` (structlint.yaml:1) matches the same names first",
        ),
        ("tree: {a: }\nforbid: {a: x}", "1:8: `a` is required here, but forbidden (structlint.yaml:2: `a`)"),
        ("tree: {a: }\nexclude: ['*']", "1:8: `a` is required here, but excluded (structlint.yaml:2: `*`)"),
    ],
)
def test_028_entry_can_never_match(text: str, message: str, layout_errors: LayoutErrors) -> None:
    assert layout_errors(text) == f"structlint.yaml:{message}\n"


def test_028_entry_does_not_match_this_tree(check: Check) -> None:
    result = check({"src/a.py": "", "structlint.yaml": "tree: {structlint.yaml: , SRC/: }"})
    assert finding_lines(result) == ["error    SRC/: missing directory; `src/` exists"]
    result = check("ignore: [{rule: orphan, path: a, why: b}]")
    assert finding_lines(result) == [
        "warning  structlint.yaml:1: unused ignore; `orphan` reports nothing at `a`"
    ]


@pytest.mark.parametrize(
    "text", ["{}", "tree: {}", "about: Nothing yet", "names: {}", "exclude: [a]", "limits: {}"]
)
def test_029_layout_without_requirements(text: str, check: Check) -> None:
    result = check({"structlint.yaml": text, "a": ""})
    note = "note: `structlint.yaml` requires nothing; only rules that don't need a layout apply\n"
    assert (result.status, result.out.startswith(note)) == (0, True)


@pytest.mark.parametrize(
    "text",
    [
        "tree: {structlint.yaml: }",
        "tree: {.: {max-files: 3}}",
        "belongs: {a: b/}",
        "forbid: {a: b}",
        "local: [a]",
        "limits: {depth: 3}",
        "ports: {a: 80}",
    ],
)
def test_029_layout_with_requirements(text: str, check: Check) -> None:
    assert "asks for nothing" not in check(text).out


def test_029_no_files_or_no_rules(check: Check) -> None:
    result = check("limits: {depth: 3}\nexclude: ['*']")
    assert result.out.startswith("note: No files found in ./\nAll checks passed (0 files)\n")
    assert check("limits: {depth: 3}", "--ignore", "*").out.startswith("note: No rule is selected\n")


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("[", "unterminated character set, at character 1"),
        ("(?P<a>)(?P<a>)", "redefinition of group name 'a' as group 2; was group 1, at character 12"),
        ("(" * 100, "missing ), unterminated subpattern, at character 100"),
        ("(" * 5_000, "is longer than 200 characters"),
        ("a**", "multiple repeat, at character 3"),
        ("a{99999999999}", "repeats too much; write smaller numbers"),
        ("((a{20}){20}){20}", "repeats too much; write smaller numbers"),
        ("(?=a)", "a lookahead or lookbehind, which is not supported"),
        (r"(a)\1", "a reference to a group, which is not supported"),
    ],
)
def test_030_invalid_regular_expression(pattern: str, message: str, layout_errors: LayoutErrors) -> None:
    errors = layout_errors(f"names: {{m: {{pattern: '{pattern}'}}}}\ntree: {{<m>: }}")
    assert errors.startswith("structlint.yaml:1:22: the regular expression ")
    assert message in errors


@pytest.mark.parametrize("pattern", ["(a+)+", "(a|a)*", "((((a*)*)*)*)*", "(a?){200}", "(.*a){20}"])
def test_030_regular_expressions_do_not_backtrack(pattern: str, check: Check) -> None:
    name = "a" * 200 + "!"
    layout = f"names: {{m: '/{pattern}/'}}\ntree: {{structlint.yaml: , <m>?: }}"
    with limit_calls(calls=1_000_000):
        result = check({name: "", "structlint.yaml": layout})
    assert finding_lines(result) == [f"error    {name}: unlisted file"]


@pytest.mark.skipif(os.name == "nt", reason="not valid names on Windows")
@pytest.mark.parametrize("pattern", ["[a-z]+", "^[a-z]+$", "[a-z]*"])
@pytest.mark.parametrize("name", ["evil\n", "Xevil", "evil1"])
def test_031_regular_expression_matches_the_whole_name(pattern: str, name: str, check: Check) -> None:
    layout = f"names: {{m: '/{pattern}/'}}\ntree: {{structlint.yaml: , <m>?: }}"
    result = check({name: "", "structlint.yaml": layout})
    assert [line for line in finding_lines(result) if line.endswith(": unlisted file")] == finding_lines(
        result
    )[:1]
    assert result.status == 1


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('structlint: "99\\n"', "1:13"),
        ('names: {a: {count: "2-3\\n"}}\ntree: {<a>: }', "1:20"),
        ('names: {"a\\n": kebab-case}\ntree: {<a>: }', "1:9"),
        ('ports: {a: "80\\n"}', "1:12"),
        ('ignore: [{rule: orphan, path: a, why: b, until: "2027-01-31\\n"}]', "1:49"),
    ],
)
def test_031_trailing_line_break_is_not_ignored(text: str, place: str, layout_errors: LayoutErrors) -> None:
    message = layout_errors(text)
    assert message.startswith(f"structlint.yaml:{place}: the text ")
    assert "\\n" in message
    assert "is not valid" in message


@pytest.mark.parametrize(
    "layout",
    [
        "forbid: {'*a*a*a*a*a*a*a*a*b': x}\nlimits: {depth: 300}",
        "belongs: {'*a*a*a*a*a*a*a*a*b': x/}",
        "exclude: ['**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/b']\nlimits: {depth: 300}",
        "tree: {'*a*a*b?': , '<x>a<y>a<z>?': , '*.yaml?': , '*/?': }",
    ],
)
def test_032_globs_do_not_backtrack(layout: str, check: Check) -> None:
    files = {"a" * length: "" for length in (60, 120, 200)} | {"a/" * 60 + "c": "", "structlint.yaml": layout}
    with limit_calls(calls=1_000_000):
        assert check(files).status == 0


def test_032_gitignore_patterns_do_not_backtrack(check: Check) -> None:
    files = {"a" * 200: "", ".gitignore": "*a*a*a*a*a*a*a*a*b\n", "structlint.yaml": "limits: {depth: 3}"}
    with limit_calls(calls=1_000_000):
        assert check(files).status == 0


UNICODE_CASE = {
    "structlint.yaml": (
        "names: {m: kebab-case, n: SCREAMING_SNAKE_CASE}\n"
        "tree: {structlint.yaml: , a/: {<m>.py: }, b/: {<n>.py: }}\n"
    ),
    "a/\u0131.py": "",
    "a/straße.py": "",
    "a/I.py": "",
    "b/I.py": "",
    "b/\u0131.py": "",
    "b/ß.py": "",
}


def test_033_case_of_letters_follows_unicode(check: Check) -> None:
    assert finding_lines(check(UNICODE_CASE)) == [
        "error    a/I.py: `I` is not kebab-case",
        "error    b/ß.py: `ß` is not SCREAMING_SNAKE_CASE",
        "error    b/\u0131.py: `\u0131` is not SCREAMING_SNAKE_CASE",
    ]


def test_033_locale_has_no_effect(check: Check) -> None:
    expected = check(UNICODE_CASE, "--output-format", "json")
    command = [sys.executable, "-m", "structlint", "check", ".", "--output-format", "json"]
    turkish = {**os.environ, "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONUTF8": "1"}
    completed = subprocess.run(command, env=turkish, capture_output=True, encoding="utf-8", check=False)
    assert (completed.returncode, completed.stdout) == (expected.status, expected.out)


# --- C. Layouts that extend others


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"structlint.yaml": "extends: ./structlint.yaml"},
            "structlint.yaml:1:10: extends itself: structlint.yaml -> structlint.yaml",
        ),
        (
            {"structlint.yaml": "extends: ./a.yaml", "a.yaml": "extends: ./structlint.yaml"},
            "a.yaml:1:10: extends itself: structlint.yaml -> a.yaml -> structlint.yaml "
            "(extended from structlint.yaml:1)",
        ),
        (
            {
                "structlint.yaml": "extends: ./a.yaml",
                "a.yaml": "extends: ./b.yaml",
                "b.yaml": "about: B\nextends: [base, ./a.yaml]",
            },
            "b.yaml:2:17: extends itself: a.yaml -> b.yaml -> a.yaml (extended from a.yaml:1)",
        ),
    ],
)
def test_034_extends_cycle(files: Files, message: str, layout_errors: LayoutErrors) -> None:
    assert layout_errors(files) == f"{message}\n"


def test_035_extends_link_out_of_the_repository(layout_errors: LayoutErrors, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "far.yaml").write_text("about: Far")
    (tmp_path / "file.yaml").symlink_to(outside / "far.yaml")
    (tmp_path / "directory").symlink_to(outside)
    for path in ("file.yaml", "directory/far.yaml"):
        assert layout_errors(f"extends: ./{path}") == (
            f"structlint.yaml:1:10: {path} is a link that leads out of the repository; put a file there\n"
        )


def test_035_extends_link_within_the_repository(check: Check, tmp_path: Path) -> None:
    (tmp_path / "link.yaml").symlink_to("real/far.yaml")
    result = check(
        {"structlint.yaml": "extends: ./link.yaml", "real/far.yaml": "forbid: {a.py: no}", "a.py": ""}
    )
    assert finding_lines(result) == ["error    a.py: forbidden by the layout: no"]


@pytest.mark.parametrize("path", ["../x.yaml", "./a/../../x.yaml", "/etc/x.yaml", "C:/x.yaml"])
def test_035_extends_path_out_of_the_repository(path: str, layout_errors: LayoutErrors) -> None:
    assert layout_errors(f"extends: {path}") == (
        f"structlint.yaml:1:10: `{path}` leads out of the repository; write a path within it\n"
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="requires FIFOs")
def test_035_extends_pipe(layout_errors: LayoutErrors, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    message = "structlint.yaml:1:10: pipe.yaml is not a regular file\n"
    assert layout_errors("extends: ./pipe.yaml") == message


@pytest.mark.parametrize(
    "address",
    [
        "http://x/y.yaml",
        "HTTPS://x/y.yaml",
        "git+ssh://x/y",
        "git+https://x/y@v1",
        "file:///etc/x.yaml",
        "//h/s/x.yaml",
        r"\\h\s\x.yaml",
    ],
)
def test_036_extends_url(address: str, layout_errors: LayoutErrors, monkeypatch: pytest.MonkeyPatch) -> None:
    connections: list[object] = []
    monkeypatch.setattr("socket.socket.connect", lambda *arguments: connections.append(arguments))
    monkeypatch.setattr("socket.getaddrinfo", lambda *arguments, **_: connections.append(arguments))
    right = "layouts are not fetched from a network; keep a copy in the repository"
    assert layout_errors(f"extends: '{address}'") == f"structlint.yaml:1:10: `{address}`: {right}\n"
    assert connections == []


@pytest.mark.parametrize(
    "text",
    [
        "git@github.com:a/b.yaml",
        "github:a/b",
        "~/x.yaml",
        "$HOME/x.yaml",
        "${X}",
        "package:..",
        "package:",
        "-",
    ],
)
def test_036_extends_address_of_other_tools(text: str, layout_errors: LayoutErrors) -> None:
    assert layout_errors(f"extends: '{text}'").startswith("structlint.yaml:1:10: ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "structlint.yaml:2:10: no such file: `team.yaml`"),
        ("", "team.yaml:1:1: the layout is empty (extended from structlint.yaml:2)"),
        ("tree: [\n", "team.yaml:1:7: this `[` is never closed (extended from structlint.yaml:2)"),
        ("a: b", "team.yaml:1:1: unknown key `a`; expected one of "),
        (
            "structlint: 99",
            "team.yaml:1:13: this layout requires structlint 99, but this is ",
        ),
        (
            "tree: {a.py: }",
            "team.yaml:1:8: `a.py` is required here, but forbidden (structlint.yaml:3: `a.py`)",
        ),
        (b"\xff\xfet\0", "team.yaml:1:1: this is UTF-16; save it as UTF-8 (extended from structlint.yaml:2)"),
    ],
)
def test_037_extended_layout_is_invalid(
    content: str | bytes | None, message: str, layout_errors: LayoutErrors
) -> None:
    files: dict[str, str | bytes] = {
        "structlint.yaml": "about: Ours\nextends: ./team.yaml\nforbid: {a.py: no}\n"
    }
    errors = layout_errors(files if content is None else files | {"team.yaml": content})
    assert errors.startswith(message)
    assert errors.count("\n") == 1


def test_037_error_names_the_extending_file(layout_errors: LayoutErrors) -> None:
    files = {
        "structlint.yaml": "extends: ./a.yaml",
        "a.yaml": "about: A\nextends: ./b.yaml",
        "b.yaml": "tre: {}",
    }
    message = "b.yaml:1:1: unknown key `tre`; did you mean `tree`? (extended from a.yaml:2)\n"
    assert layout_errors(files) == message


def test_038_override_and_remove_inherited_settings(check: Check) -> None:
    far = (
        "names: {q: [a]}\n"
        "tree: {a.py?: Far, b/: {c: }, d/: {e: }}\n"
        "local: [far]\n"
        "forbid: {'*.o': no, '*.p': no}\n"
        "limits: {depth: 1, files: 9}\n"
        "belongs: {'*.x': d/}\n"
        "ports: {web: 80}\n"
        "severity: {orphan: off, too-deep: off}\n"
    )
    near = (
        "extends: ./far.yaml\n"
        "names: {q: false}\n"
        "tree: {a.py: , b/: false, d/: {f: }}\n"
        "local: [near, '!far']\n"
        "forbid: {'*.o': false}\n"
        "limits: {depth: false}\n"
        "belongs: {'*.x': false}\n"
        "ports: {web: false}\n"
        "severity: {orphan: warning}\n"
    )
    result = check({"structlint.yaml": near, "far.yaml": far}, "--show-config")
    shown = {re.sub(" +", " ", line).strip() for line in result.out.splitlines()}
    assert result.status == 0
    assert shown == {
        "tree:",
        'a.py: "Far" # structlint.yaml:3',
        "b/: false # structlint.yaml:3",
        "d/: # structlint.yaml:3",
        "e: # far.yaml:2",
        "f: # structlint.yaml:3",
        "local:",
        '- "far" # far.yaml:3',
        '- "near" # structlint.yaml:4',
        '- "!far" # structlint.yaml:4',
        "forbid:",
        '"*.p": "no" # far.yaml:4',
        "limits:",
        "files: 9 # far.yaml:5",
        "severity:",
        "orphan: warning",
        "too-deep: off",
    }


def test_038_null_does_not_remove_inherited_settings(layout_errors: LayoutErrors) -> None:
    text = "extends: base\nlimits: {depth: ~}\nforbid:\nseverity: {orphan: }\n"
    assert layout_errors(text).splitlines()[:2] == [
        "structlint.yaml:2:17: expected a whole number or `false`, found nothing",
        "structlint.yaml:3:1: expected a mapping, found nothing",
    ]
