"""The post: hands messages over by SMTP and webhook, each under a lease, and records what came of it."""
