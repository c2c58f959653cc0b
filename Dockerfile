# The Gatepost server and worker in one image, for amd64 and arm64. docker-compose.yml runs it.
#
# The digest names the same image on both architectures. To renew it:
#     docker buildx imagetools inspect python:3.13-slim
ARG PYTHON=python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

# SQLite before 3.51.3 can corrupt a database in WAL mode, and Debian has an older one. Python loads
# the library by its name, so every architecture uses this one.
FROM ${PYTHON} AS sqlite
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
ADD --checksum=sha256:acb1e6f5d832484bf6d32b681e858c38add8b2acdfd42ac5df24b8afb46552b4 \
    https://sqlite.org/2026/sqlite-amalgamation-3510300.zip /sqlite.zip
RUN python -m zipfile --extract /sqlite.zip / \
    && mkdir /opt/sqlite \
    && gcc -O2 -fPIC -shared -Wl,-soname,libsqlite3.so.0 \
        -DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_ENABLE_MATH_FUNCTIONS \
        -o /opt/sqlite/libsqlite3.so.0 /sqlite-amalgamation-3510300/sqlite3.c -lm

FROM ${PYTHON} AS build
WORKDIR /src
RUN python -m venv --without-pip /opt/gatepost && python -m venv /opt/sbom
# Dependencies first: this layer is reused when only our own code changes. pip also compiles the
# bytecode, so that it is not compiled at startup. Litestar's command line and its generator of
# examples are not used, and SQLite is the library above.
COPY requirements/run.lock requirements/sbom.lock requirements/
RUN pip --python /opt/gatepost install --no-cache-dir --require-hashes -r requirements/run.lock \
    && pip --python /opt/gatepost uninstall --yes faker polyfactory rich rich-click pygments \
        markdown-it-py mdurl pysqlite3 \
    && pip --python /opt/sbom install --no-cache-dir --require-hashes -r requirements/sbom.lock
COPY . .
RUN python dev.py build \
    && pip --python /opt/gatepost install --no-cache-dir --no-deps \
        dist/gatepost_domain-*.whl dist/gatepost_contracts-*.whl \
        dist/gatepost_persistence-*.whl dist/gatepost_server-*.whl \
        dist/gatepost_client-*.whl dist/gatepost_worker-*.whl \
    && mkdir -p /opt/gatepost/share \
    && /opt/sbom/bin/cyclonedx-py environment --output-reproducible --output-format JSON \
        --output-file /opt/gatepost/share/sbom.cdx.json /opt/gatepost/bin/python

FROM ${PYTHON}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Gatepost" \
      org.opencontainers.image.description="A self-hosted deployment control plane" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=sqlite /opt/sqlite /opt/sqlite
COPY --from=build /opt/gatepost /opt/gatepost
# Set the owner before the VOLUME instruction: a new volume inherits it.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin gatepost \
    && install --directory --owner=gatepost --mode=0700 /data /keys /worker-token \
    && LD_LIBRARY_PATH=/opt/sqlite python -c \
        "import sqlite3; assert sqlite3.sqlite_version_info >= (3, 51, 3), sqlite3.sqlite_version"
USER 10001:10001
VOLUME /data
EXPOSE 8000
# 0.0.0.0 is inside the container; the port mapping decides which address of the host is used.
ENV PATH=/opt/gatepost/bin:$PATH \
    LD_LIBRARY_PATH=/opt/sqlite \
    PYTHONUNBUFFERED=1 \
    GATEPOST_DATA=/data \
    GATEPOST_HOST=0.0.0.0 \
    GATEPOST_PORT=8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD ["python", "-c", \
    "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
CMD ["gatepost-server", "serve"]
