# One image for any service: docker build -t services . && docker run services items
# docs/deploy.md says which variables it needs, and LOCK=tracing adds OpenTelemetry, LOCK=kafka what Kafka needs.
FROM python:3.13-slim-bookworm AS build
ARG LOCK=run
COPY requirements/${LOCK}.lock /requirements.lock
RUN python -m venv --without-pip /venv \
    && python -m pip --python /venv/bin/python install --no-cache-dir --no-compile \
        --disable-pip-version-check --only-binary=:all: --require-hashes -r /requirements.lock
COPY registry /app/registry
COPY schemas /app/schemas
COPY services /app/services
RUN /venv/bin/python -m compileall -q /venv/lib /app

FROM python:3.13-slim-bookworm
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PROFILE=production \
    HOST=0.0.0.0 \
    LOG_FORMAT=json
WORKDIR /app
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-P", "-m", "services.chassis.serving.probe"]
ENTRYPOINT ["python", "-P", "-m", "services.chassis.run"]
