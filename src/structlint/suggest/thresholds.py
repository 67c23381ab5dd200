"""Thresholds for learning, and words with a common meaning in repositories."""

from __future__ import annotations

import re

NEARLY_ALL = 0.9
FAMILY = 3  # siblings that form a family
SEVERAL = 8  # places that must have a non-essential path for it to be required
MANY = 20  # with at least so many, a few may lack it
ENOUGH = 5  # names that justify a law on their case, a tie or a pattern
MOST_NAMED = 12  # neighboring directories below the root that are listed by name
MOST_IN_ROOT = 60  # directories or files of the root that are listed by name
DEEPEST_LEARNED = 5
DEEPEST_IN_FAMILY = 3
MOST_TIES = 6
DEEPEST_TIE = 4
MOST_REQUIRED, MOST_OF_FEW = 8, 5  # files of a family, and of a small one, that are worth a line
MOST_OPTIONAL = 6
ROUNDS = 6
REQUIRED = 0.85  # the share of a family that has a required path; one member may always lack it
RECOMMENDED = 0.8  # the share that has a recommended path
FEW_ODD = 0.05  # the share of many names that may violate a law
LEAST_IN_CODE_ROOT = 8  # files
MOST_KINDS = 8  # the kinds of files in a closed code root
MOST_HOMES = 8
LEAST_TESTED = 0.3  # the share of the code that a directory in the root has, for tests to be kept out of it
MOST_CODE_ROOTS = 6
MOST_ROOTS = 5  # directories of the root with code, up to which a further one is suspicious
MOST_ACCEPTED = 5  # exceptions from one law that are listed under `ignore`


def _list(text: str) -> list[str]:
    return text.split()


def set_of(text: str) -> frozenset[str]:
    return frozenset(_list(text))


# Essential paths of a project: if one exists, it is required.
MANIFESTS = tuple(
    _list(
        "package.json pyproject.toml requirements.txt setup.py go.mod Cargo.toml pom.xml build.gradle"
        " build.gradle.kts composer.json Gemfile mix.exs Package.swift CMakeLists.txt build.sbt pubspec.yaml"
        " deno.json Chart.yaml *.csproj *.fsproj *.vbproj Pipfile"
    )
)
# Beside a pyproject.toml, these are remains of an older build.
OLD_MANIFESTS = set_of("setup.py requirements.txt Pipfile")
ESSENTIAL = frozenset(MANIFESTS) | set_of("Dockerfile __init__.py kustomization.yaml kustomization.yml")
LICENSE = re.compile(r"(?i)(?:licen[cs]e|copying)(?:\.(?:md|txt|rst))?")
README = re.compile(r"(?i)readme(?:\.(?:md|rst|adoc|txt))?")
WEAK = re.compile(r"(?i)readme.*|__init__\.py|index\..*|mod\.rs|package-info\.java|doc\.go|\.[^/]*")
# Files that have a meaning for a framework or an agent, or come with a release; none is needed at first.
OWN_CHOICE = re.compile(
    r"(?:page|route|layout|loading|error|not-found|template|default|\+.*)\.(?:[jt]sx?|svelte|vue)"
    r"|(?:CLAUDE|AGENTS|GEMINI|CHANGELOG)\.md"
)
PICTURE = re.compile(r"(?i)\.(?:png|jpe?g|gif|svg|ico|webp|avif|bmp|ttf|otf|woff2?|mp[34]|webm|pdf)\Z")
# The settings of an editor; no directory needs them.
EDITORS = set_of(
    ".classpath .project .settings .factorypath .idea .vscode .fleet .vs .editorconfig .ropeproject"
)
# Paths that only some parts of the code need, even if many have them today.
NOT_NEEDED = set_of("migrations templates static management")
KEEPERS = set_of(".gitkeep .keep .gitignore .npmignore")
# Directories with their own roles: common contents do not make them a family.
ROLES = set_of(
    "api app application applications assets adapter adapters bin client cli cmd common components config"
    " configs constants contracts controllers core crud css data database db decorators deps docs domain"
    " dto e2e entities entrypoints errors events exceptions fixtures frontend backend functional handlers"
    " helpers hooks http i18n images infra infrastructure integration interfaces internal js layouts lib"
    " libs logging middleware middlewares migrations models pages pkg ports presentation providers"
    " public queries repositories resources routers routes schemas scripts security server services"
    " shared src static store storage styles templates test testing tests tools types ui unit"
    " usecases utils validators vendor views web webui worker workers"
)
# Their contents are not code of the repository, but data, or examples for tests or readers.
ASIDE = set_of(
    "test tests testing testdata fixtures spec specs __tests__ e2e docs doc documentation examples example"
    " samples sample demo demos vendor third_party node_modules public static assets locales locale"
    " migrations scripts bin tools hack notebooks data benchmarks img images site website"
)
# The usual names of tests.
TEST_FORMS = tuple(
    _list(
        "test_*.py *_test.py test_*.rs *_test.rs *_test.go *.test.ts *.test.tsx *.test.js *.test.jsx"
        " *.test.mjs *.test-d.ts *.tst.ts *.spec.ts *.spec.tsx *.spec.js *.spec.jsx *_spec.rb"
        " *_test.rb *_test.exs *_test.dart *Test.java *Tests.java"
        " *IT.java *Test.kt *Test.php *Tests.cs *Test.cs"
    )
)
# Settings that tests use, which are not tests
SETTINGS_OF_TESTS = "test_settings*.py"
# Directories of pages, which need no particular file.
OF_PAGES = set_of("docs doc documentation content blog posts")
# Directories that are not named for code, but may contain only code.
PERHAPS_CODE = set_of("doc docs scripts bin tools hack site website data")
TESTS = set_of("test tests spec specs __tests__ e2e")
DATA_OF_TESTS = set_of(
    "testdata test-data test_data fixtures __fixtures__ __snapshots__ .snapshots snapshots cassettes golden"
)
VENDORED = set_of("vendor vendored third_party third-party thirdparty 3rdparty")
# In these, tests are examples or benchmarks.
OWN_TESTS = set_of(
    "bench benches benchmark benchmarks demo demos example examples jcstress jmh management sample samples"
    " template templates"
)
# In a workspace with applications in `apps/`, these contain the packages that they share.
SHARED_PACKAGES = ("packages", "libs", "libraries", "crates")
# All parts of the code may use these, and these may use all parts.
USED_BY_ALL = set_of(
    "common shared util utils helper helpers lib libs mock mocks types constants testutil testutils"
)
# Output of programs, by extension.
GENERATED = re.compile(r"(?:[._](?:gen|generated|min|pb|pb2|pb2_grpc|g|designer))\.[a-z]+\Z")
# The usual case of a language, for names that fit several cases.
CONVENTIONS = {
    **dict.fromkeys(("py", "go", "rs", "rb", "ex", "exs"), "snake_case"),
    **dict.fromkeys(("java", "kt", "cs", "swift", "scala"), "PascalCase"),
}
# Files that are in code by mistake: exports, archives, documents, notes.
LOOSE = set_of(
    "txt doc docx xls xlsx ppt pptx odt pdf csv tsv sql sqlite sqlite3 db dump zip tar gz tgz rar 7z log bak"
    " old orig tmp psd ai ipynb pkl parquet mov mp4 har pem key"
)
# Directories for data.
DATA_PLACES = set_of(
    "migration migrations migrate resources data fixtures seed seeds seeders sql db database queries schema"
    " schemas scripts stubs testdata templates assets static samples public test tests spec specs postgres"
    " postgresql mysql mariadb clickhouse"
)
# Files that are rarely added to a root without any of their kind: scripts, pictures and reports.
NOT_IN_ROOT = (".html", ".png", ".sh")
# Data, exports and notes that do not belong beside code. Other text can be the input of a program.
DATA = ("*.csv", "*.docx", "*.ipynb", "*.pdf", "*.sql", "*.xlsx", "*notes*.txt", "*todo*.txt")
NO_COLLECTIONS = set_of("tests docs utils tools assets sources resources scripts")
NOUNS = {
    "": "module",
    "src": "module",
    "source": "module",
    "sources": "module",
    "lib": "module",
    "pkg": "package",
    "internal": "package",
    "cmd": "command",
    "libs": "lib",
    "tests": "suite",
    "docs": "page",
}
