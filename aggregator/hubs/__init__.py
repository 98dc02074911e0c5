"""What passes between us and hubs: they are asked, and they are heard."""
