"""What Daphne serves: pages and the API, and the sockets of the live rooms."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "interviewplatform.settings")
pages = get_asgi_application()  # first: it sets Django up, which what follows needs

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from channels.sessions import CookieMiddleware  # noqa: E402

from analysis.live.room.routing import urlpatterns  # noqa: E402

# A socket asks for session and permission itself (analysis.live.room.access): when it opens, and while it is open.
sockets = AllowedHostsOriginValidator(CookieMiddleware(URLRouter(urlpatterns)))
application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
