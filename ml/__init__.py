"""The recognisers. A plain Python package: it imports no Django, Celery or Channels."""
