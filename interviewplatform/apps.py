from django.apps import AppConfig


class InterviewPlatformConfig(AppConfig):
    name = "interviewplatform"
    verbose_name = "Candor"

    def ready(self) -> None:
        from interviewplatform import checks  # noqa: F401  (registers the system checks)
