# One image for all of our processes; compose.yaml says which of them a container is, and how
# it sees that the process is well. It holds Python, the pinned packages and our code: no
# compiler, no pip, nothing that runs as root.

FROM python:3.11.15-slim-bookworm AS build
WORKDIR /app
# Without a pip of its own: the image's installs into it and stays behind.
RUN python -m venv --without-pip /venv
COPY requirements.lock .
RUN python -m pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check \
    --require-hashes --only-binary=:all: -r requirements.lock
COPY ingest ingest
COPY models models
COPY services services
COPY simulators simulators
COPY compose/with-secrets compose/migrate compose/housekeeping compose/registry compose/
# Compiled here, since nothing is written when it runs; readable however the checkout was made.
RUN python -m compileall -q ingest models services simulators && chmod -R a+rX,go-w .

FROM python:3.11.15-slim-bookworm
RUN python -m pip --disable-pip-version-check uninstall --yes --quiet --root-user-action=ignore \
        pip setuptools wheel \
    && groupadd --gid 10001 cityops \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin cityops \
    && mkdir -m 755 /accounts && mkdir -m 700 /authority \
    && chown cityops:cityops /accounts /authority
COPY --from=build /venv /venv
COPY --from=build /app /app
# A process for a core is what makes use of the cores, not threads inside each.
ENV PATH=/venv/bin:$PATH \
    LANG=C.UTF-8 \
    TZ=UTC \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    OMP_NUM_THREADS=1 \
    OPENBLAS_NUM_THREADS=1
WORKDIR /app
USER 10001:10001
CMD ["python", "-m", "services.store", "--help"]
