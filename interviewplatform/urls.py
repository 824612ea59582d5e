"""All routes. Each app lists its pages in urls.py and its API in api/urls.py."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView

from interviewplatform.health import health
from interviewplatform.login import (
    LoginForm,
    LoginView,
    PasswordResetConfirmView,
    PasswordResetDoneView,
    PasswordResetForm,
)
from interviews.break_glass import break_glass
from interviews.media import recording_media

urlpatterns = [
    path("login/", LoginView.as_view(authentication_form=LoginForm), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("password-reset/", auth_views.PasswordResetView.as_view(form_class=PasswordResetForm), name="password_reset"),
    path("password-reset/sent/", PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "password-reset/<uidb64>/<token>/",
        PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path("password-reset/done/", auth_views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("admin/people/", admin.site.admin_view(break_glass), name="admin_break_glass"),
    path("admin/", admin.site.urls),
    path("health/", health, name="health"),
    path("media/recordings/<uuid:recording_id>/", recording_media, name="recording_media"),
    path("api/v1/schema/", SpectacularJSONAPIView.as_view(), name="api_schema"),
    path("api/v1/", include("interviews.api.urls")),
    path("api/v1/", include("analysis.api.urls")),
    path("", include("interviews.urls")),
    path("", include("analysis.urls")),
]
