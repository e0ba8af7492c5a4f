"""The benchmarks: the engine through its public paths, beside eventsourcing and the bare database."""
