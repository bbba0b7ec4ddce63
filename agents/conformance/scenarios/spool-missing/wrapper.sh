#!/bin/sh
# What a process finds that starts after its run is over.
if [ -n "${FLAKESCOPE_SPOOL:-}" ]; then
  export FLAKESCOPE_SPOOL="$FLAKESCOPE_SPOOL/gone"
fi
exec node ../../node_modules/mocha/bin/mocha.js test.cjs
