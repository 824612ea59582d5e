"""The keys of policy as stored in rows: what an interview is for, and where its people are."""

from django.db import models


class Purpose(models.TextChoices):
    UNKNOWN = "unknown", "Not said yet"
    RECRUITMENT = "recruitment", "Choosing somebody for a job"
    EMPLOYMENT = "employment", "Talks with people who work here"
    TRAINING = "training", "The person's own practice"
    RESEARCH = "research", "Research, with people who took part for that"


class Jurisdiction(models.TextChoices):
    """Places whose law the table knows. A key with a suffix lies within the one before the ``_``."""

    UNKNOWN = "unknown", "Not known"
    EU = "eu", "European Union"
    EEA = "eea", "Iceland, Liechtenstein or Norway"
    UK = "uk", "United Kingdom"
    SWITZERLAND = "switzerland", "Switzerland"
    US_ILLINOIS = "us_illinois", "United States: Illinois"
    US_MARYLAND = "us_maryland", "United States: Maryland"
    US_MASSACHUSETTS = "us_massachusetts", "United States: Massachusetts"
    US_NEW_YORK_CITY = "us_newyorkcity", "United States: New York City"
    US = "us", "United States: elsewhere"
    ELSEWHERE = "elsewhere", "Another country"


class Audience(models.TextChoices):
    """Who may see results, the narrowest first."""

    CANDIDATE = "candidate", "The candidate alone"
    ORGANIZATION = "organization", "People of the organization, by their role"


TRANSCRIPT = "transcript"
"""The key of transcripts, beside those of modalities and metrics."""
