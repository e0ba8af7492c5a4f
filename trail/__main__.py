"""`python3 -m trail verify|witness`: with this folder alone, and the libraries that requirements.txt in it names."""

from __future__ import annotations

import sys

NOT_CHECKED = 2  # exit status; verify.sh has the same


def main() -> int:
    """The exit status. A library that is missing is named, and nothing is said of what was to be checked."""
    try:
        from trail.command_line import run  # noqa: PLC0415 - what it imports may not be there

        return run(sys.argv[1:])
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] == "trail":  # ours, which no library brings
            raise
        sys.stderr.write(
            f"NOT CHECKED: the library {missing.name} is not there; python3 -m pip install -r trail/requirements.txt\n"
            f"NOT CHECKED(확인하지 않음): 라이브러리 {missing.name}이(가) 없습니다. 위 명령으로 설치하십시오.\n"
        )
        return NOT_CHECKED


if __name__ == "__main__":
    sys.exit(main())
