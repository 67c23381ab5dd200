"""How the names of source files end, by language."""

PYTHON = (".py", ".pyi")
JAVASCRIPT = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
GO = ".go"
DOTNET = (".csproj", ".fsproj", ".vbproj")
