"""What the daemon answers over HTTP: an ASGI application, and the thread it runs on."""
