"""The ASGI application served by Daphne: pages, the API, and the sockets of the live rooms."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "interviewplatform.settings")
pages = get_asgi_application()  # first, because it sets up Django for the imports below

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.sessions import CookieMiddleware  # noqa: E402

from analysis.live.room.routing import urlpatterns  # noqa: E402
from interviewplatform.origins import SameOrigin  # noqa: E402

# Sockets check session and permission themselves (analysis.live.room.access): when they open, and while they are open.
sockets = SameOrigin(CookieMiddleware(URLRouter(urlpatterns)))
application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
