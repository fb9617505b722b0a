# docker build -t initlint . && docker run --rm -v "$PWD:/src:ro" initlint check
FROM python:3.12-slim AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE ./
COPY initlint initlint
COPY rules rules
RUN python -m venv /opt/initlint && /opt/initlint/bin/pip install --no-cache-dir .

FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
RUN useradd --system --no-create-home initlint
COPY --from=build /opt/initlint /opt/initlint
WORKDIR /src
USER initlint
ENTRYPOINT ["/usr/bin/tini", "--", "/opt/initlint/bin/initlint"]
