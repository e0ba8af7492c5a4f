"""Queues and jobs, the ticker, delivery, settings, and `bootstrap`, which builds everything.

RQ reads the beginning of its keys' names from the environment when it is imported, and everything that imports it here
comes after this: so all that we have in a Redis that others use too begins with `donghaeng:`.
"""

import os

os.environ["RQ_KEY_PREFIX"] = "donghaeng:rq"
