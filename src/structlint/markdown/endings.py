"""Names with several extensions: `Server.hpp/cpp` is `Server.hpp` and `Server.cpp`."""

from __future__ import annotations

import re

KNOWN_ENDINGS = (
    r"h|hh|hpp|hxx|c|cc|cpp|cxx|m|mm|ts|tsx|js|jsx|mjs|cjs|css|scss|sass|less|html|vue|svelte|py|pyi|pyx|pxd|rs|go|"
    r"java|kt|kts|swift|rb|php|json|jsonc|json5|yaml|yml|toml|ini|cfg|xml|csv|tsv|md|mdx|rst|adoc|txt|pdf|png|jpg|"
    r"jpeg|svg|webp|gif|sql|sh|bash|bat|cmd|ps1|ipynb|proto|lock|tf|tfvars|dart|cs|fs|scala|ex|exs|lua|vert|frag|"
    r"xlsx?|docx?|pptx|mp3|mp4|wav|zip|gz|tar|log|db|sqlite|pkl|npy|npz|h5|pth|onnx|ico|ttf|woff2?|jar|exe|dll|wasm|"
    r"graphql|gql|prisma|sol|cmake|gradle|properties|zig|jl|clj|erl|hs|nim|astro|ejs|hbs|less|styl|twig|bin|dat|conf"
)
# Extensions that directories do not have: `three.js` may be a directory, `GUIDE.md` is not.
SURE_ENDINGS = re.compile(rf"\w\.(?!(?:js|io|d|bin|app|db|log)/?$)(?:{KNOWN_ENDINGS})/?$")
_BETWEEN = r"(?:\s*(?:/|\|\|?|,|&|\+)\s*|\s+(?:and|or)\s+)"
_ENDINGS = re.compile(
    rf"(?P<stem>[^\s,|]*[^/\s.,|])\.(?P<endings>(?:{KNOWN_ENDINGS})(?:{_BETWEEN}(?:(?P=stem)?\.)?(?:{KNOWN_ENDINGS}))+)"
)
_BRACKETS = re.compile(
    rf"(?P<stem>[^\s,|]*[^/\s.,|])\.?[(\[](?P<endings>\.?(?:{KNOWN_ENDINGS})(?:{_BETWEEN}\.?(?:{KNOWN_ENDINGS}))+)[)\]]"
)
# Extensions that are alternatives: `ci.yml` is not kept beside `ci.yaml`.
_ALIKE = (
    {"yml", "yaml"},
    {"jpg", "jpeg"},
    {"js", "mjs", "cjs", "ts"},
    {"jsx", "tsx"},
    {"md", "rst", "txt", "adoc"},
)


def with_endings(name: str) -> tuple[str, ...]:
    """A name with each of its extensions, joined by ` or ` for alternatives; () if it has only one."""
    match = _ENDINGS.fullmatch(name) or _BRACKETS.fullmatch(name)
    if not match:
        return ()
    endings = [ending.rpartition(".")[2] for ending in re.split(_BETWEEN, match["endings"])]
    names = [f"{match['stem']}.{ending}" for ending in endings]
    one = re.search(r"\sor\s", match["endings"]) or any(alike.issuperset(endings) for alike in _ALIKE)
    return (" or ".join(names),) if one else tuple(names)
