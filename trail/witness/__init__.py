"""A witness (C2SP tlog-witness): a small server of its own that remembers how far it has seen a log, and cosigns."""
