"""Run by every Python process of a storm as it starts, since this folder stands first on PYTHONPATH."""

import os

if "STORM_RIG" in os.environ:
    from scripts.random_storms.rig import WITHOUT, put_up

    if WITHOUT in os.environ:
        from scripts.random_storms.controls import CONTROLS

        put_up(CONTROLS[os.environ[WITHOUT]].patches)
    else:
        put_up({})
