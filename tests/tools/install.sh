#!/usr/bin/env bash
# Installs what the tests need, where it is missing: LibreOffice, Python with openpyxl and lxml, and for the live tests
# Dovecot and Postfix (their own services are not started; nothing of the system's configuration is touched).
# Safe to run again; needs root (or sudo) only for what is really missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

missing=()
command -v soffice >/dev/null || missing+=(libreoffice-calc python3-uno fonts-liberation)
command -v python3 >/dev/null || missing+=(python3)
command -v strace >/dev/null || missing+=(strace)
command -v cc >/dev/null || missing+=(gcc libc6-dev)
if [ "${#missing[@]}" -gt 0 ]; then
  echo "installing ${missing[*]} …"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# The live tests skip themselves, with a note, where the servers are missing or the user is not root.
if command -v apt-get >/dev/null; then
  as_root bash tests/tools/mailstack.sh install || echo "no mail servers: the live tests will be skipped"
fi

modules="import openpyxl, lxml, xlsxwriter"
if ! { [ -x .venv/bin/python3 ] && .venv/bin/python3 -c "$modules"; } 2>/dev/null; then
  if ! python3 -m venv .venv 2>/dev/null; then
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
    python3 -m venv .venv
  fi
  .venv/bin/pip install --quiet --disable-pip-version-check openpyxl lxml xlsxwriter
fi
