"""Known vulnerabilities of the pinned packages, for `make lint`: shown, but no failure.

Advisories appear without a change of ours. Where no list of them can be reached, this says so.
"""

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parent.parent / "requirements-lock.txt"
COMMAND = ("-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner", "off", "-f", "json", "-r")
TIMEOUT = 120  # seconds
UNREACHABLE = "No list of known vulnerabilities can be reached from here, so the packages were not audited."


def summary(report: str) -> str:
    """What a report of pip-audit says, one line for each vulnerability."""
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        return UNREACHABLE
    audited = [package for package in packages if "skip_reason" not in package]
    if not audited:
        return UNREACHABLE
    lines = [f"{len(audited)} of {len(packages)} packages audited."]
    for package in audited:
        for found in package["vulns"]:
            fixed = ", ".join(found["fix_versions"]) or "no version yet"
            lines.append(f"{package['name']} {package['version']}: {found['id']}, mended in {fixed}")
    return "\n".join(lines)


def main() -> None:
    """Print the summary."""
    try:
        done = subprocess.run(
            [sys.executable, *COMMAND, str(LOCK)], capture_output=True, text=True, timeout=TIMEOUT
        )
        print(summary(done.stdout))
    except subprocess.TimeoutExpired:
        print(UNREACHABLE)


if __name__ == "__main__":
    main()
