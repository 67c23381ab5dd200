"""The file extensions of source files, by language."""

PYTHON = (".py", ".pyi")
JAVASCRIPT = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
COMPONENTS = (".vue", ".svelte", ".astro")
GO = ".go"
DOTNET = (".csproj", ".fsproj", ".vbproj")
