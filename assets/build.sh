#!/bin/sh
# Rebuilds latchstring/web/static from assets/: compile, purge what no template uses, copy scripts.
# The same sources give the same bytes. Needs Node 20 and npm; running Latchstring needs neither.
set -eu
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-audit --no-fund --silent
node build.mjs
