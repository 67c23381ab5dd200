# syntax=docker/dockerfile:1
# structlint for the repository that is mounted at /repository:
#   docker build -t structlint .
#   docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/repository:ro" structlint
# git reads only a repository of the user that it runs as, so `--user` is the owner of the checkout.
FROM python:3.13-slim AS build
WORKDIR /build
COPY .github/requirements/action.txt ./
RUN python -m venv /opt/structlint \
    && /opt/structlint/bin/pip install --no-cache-dir --require-hashes -r action.txt
COPY pyproject.toml README.md LICENSE ./
COPY src/ src/
COPY layouts/ layouts/
COPY docs/rules/ docs/rules/
RUN /opt/structlint/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
# Debian's git of the day: its fixes matter more than that each build has the same one.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/structlint /opt/structlint
WORKDIR /repository
USER 65532:65532
ENTRYPOINT ["/opt/structlint/bin/structlint"]
CMD ["check", ".", "--require-layout"]
