# One image for web, worker and maintenance; compose.yaml says which program runs.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PATH=/venv/bin:$PATH
RUN useradd --create-home candor && python -m venv /venv
WORKDIR /app

COPY requirements.lock .
RUN pip install --no-cache-dir --no-deps -r requirements.lock

COPY . .
# A key for this step alone: it makes Candor write the hashed static files that a deployed installation serves.
RUN SECRET_KEY=build VAR_DIR=/app/var python manage.py collectstatic --noinput \
    && mkdir -p /var/lib/candor/media && chown -R candor /app/var /var/lib/candor

USER candor
EXPOSE 8000
CMD ["python", "-m", "interviewplatform.web_server", "-b", "0.0.0.0", "-p", "8000", "--proxy-headers", \
     "interviewplatform.asgi:application"]
