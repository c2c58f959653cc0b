# The Gatepost server and worker in one image. docker-compose.yml shows how to run it.

FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv --without-pip /opt/gatepost
# Dependencies first: this layer is reused when only our own code changes. pip also compiles the
# bytecode, so that it is not compiled at startup.
COPY requirements/run.lock requirements/
RUN pip --python /opt/gatepost install --no-cache-dir --require-hashes -r requirements/run.lock
COPY . .
RUN python dev.py build \
    && pip --python /opt/gatepost install --no-cache-dir --no-deps \
        dist/gatepost_domain-*.whl dist/gatepost_contracts-*.whl \
        dist/gatepost_persistence-*.whl dist/gatepost_api-*.whl \
        dist/gatepost_client-*.whl dist/gatepost_worker-*.whl

FROM python:3.13-slim
COPY --from=build /opt/gatepost /opt/gatepost
# A new volume inherits the owner of its folder.
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin gatepost \
    && install --directory --owner=gatepost --mode=0700 /data /worker-token
USER gatepost
VOLUME /data
EXPOSE 8000
# 0.0.0.0 is inside the container; the port mapping decides which address of the host is used.
ENV PATH=/opt/gatepost/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    GATEPOST_DATA=/data \
    GATEPOST_HOST=0.0.0.0 \
    GATEPOST_PORT=8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD ["python", "-c", \
    "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
CMD ["gatepost-server", "serve"]
