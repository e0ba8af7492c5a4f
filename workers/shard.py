"""One shard of a rebuild as a process of its own: `python -m workers.shard`, told by its parent what to fold."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

from domain.errors import DonghaengError
from projections.rebuilding.rebuild import one_after_the_other
from projections.views import VIEWS
from store.log import Store
from store.waits import WHOLE


def fold_as_told() -> int:
    """Fold what stdin says; what went wrong is said on stdout. Safe to be killed: each batch is one transaction."""
    told = json.loads(sys.stdin.readline())
    view = VIEWS[told["view"]].as_shadow(told["beside"])
    part = replace(view, tallies=(), shard=tuple(told["shard"]))
    try:
        with Store.open(told["dsn"], waits=WHOLE) as store:
            one_after_the_other(store, [part], told["up_to"], lambda _: None)
    except DonghaengError as error:
        print(json.dumps({"problem": error.details.get("problem", error.say("en"))}))  # noqa: T201 - to the parent
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(fold_as_told())
