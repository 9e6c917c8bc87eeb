# The product in one image; web, worker and schedule are the same image with another command.
# Its root file system may be read-only: all it writes is in /tmp and /dev/shm.

FROM python:3.13-slim-bookworm AS build
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /usr/local/bin/uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --no-default-groups
COPY . .
# The values are for reading the settings only; nothing of them is kept in the image.
RUN SECRET_KEY=for-collecting-static-files-only-never-for-serving DATABASE_URL=postgres://cxm_app@127.0.0.1/cxm \
    .venv/bin/python manage.py collectstatic --noinput \
    && .venv/bin/python -m compileall -q cxm tenancy customers journeys surveys metrics alerts

FROM python:3.13-slim-bookworm
RUN groupadd --system --gid 10001 cxm \
    && useradd --system --uid 10001 --gid cxm --home-dir /nonexistent --shell /usr/sbin/nologin cxm
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp MALLOC_ARENA_MAX=2 HEARTBEAT_FILE=/tmp/heartbeat
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=6s --start-period=20s CMD ["python", "-m", "cxm.healthy", "web"]
CMD ["gunicorn", "--config", "python:cxm.gunicorn", "cxm.wsgi"]
