# One image for web, worker and maintenance; compose.yaml says which program runs.
ARG PYTHON_IMAGE=python:3.12-slim
FROM ${PYTHON_IMAGE}

# VAR_DIR holds nothing that must last: compose mounts /tmp in memory, and everything else is read-only.
ENV PYTHONUNBUFFERED=1 PATH=/venv/bin:$PATH VAR_DIR=/tmp/candor STATIC_ROOT=/app/static-served MPLCONFIGDIR=/tmp
RUN apt-get update -q \
    && apt-get install -qy --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* # for reports as PDF
RUN useradd --create-home candor && python -m venv /venv
WORKDIR /app

COPY requirements.lock .
RUN pip install --no-cache-dir --no-deps -r requirements.lock

COPY . .
RUN python -m compileall -q ml analysis  # confined programs cannot write what Python compiles
# Values for this step alone: they make Candor write the hashed static files that a deployed installation serves.
RUN CANDOR_MODE=deployed SECRET_KEY=$(python -c "import secrets; print(secrets.token_urlsafe(50))") \
    ALLOWED_HOSTS=build.invalid DATABASE_URL=postgres://build.invalid/x REDIS_URL=redis://:x@build.invalid/0 \
    EMAIL_URL=smtp://build.invalid MEDIA_ENCRYPTION=false python manage.py collectstatic --noinput \
    && mkdir -p /var/lib/candor/media /var/lib/candor/training && chown -R candor /var/lib/candor && rm -rf /tmp/candor

USER candor
EXPOSE 8000
CMD ["python", "-m", "interviewplatform.web_server", "-b", "0.0.0.0", "-p", "8000", "--no-server-name", \
     "-v", "0", "interviewplatform.asgi:application"]
