"""moto as a server, for `npm run test:aws`: serve.py <port>.

moto undoes a refused transaction of DynamoDB by putting the whole table back as it was,
and what other requests wrote meanwhile is lost. AWS loses nothing, so requests to DynamoDB
get their turn one after the other here.
"""

import signal
import sys
import threading

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    create_backend_app,
)
from werkzeug.serving import run_simple


class OneAtATime:
    """Serves requests to DynamoDB one by one, and all others as they come."""

    def __init__(self, app):
        self.app = app
        self.turn = threading.Lock()

    def __call__(self, environ, start_response):
        if not environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB_"):
            return self.app(environ, start_response)
        with self.turn:
            return list(self.app(environ, start_response))


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    app = DomainDispatcherApplication(create_backend_app)
    run_simple("127.0.0.1", int(sys.argv[1]), OneAtATime(app), threaded=True)


if __name__ == "__main__":
    main()
