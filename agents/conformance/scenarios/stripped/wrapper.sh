#!/bin/sh
# A launcher as projects have them: starts the runner with an environment of its own.
unset NODE_OPTIONS
exec node ../../node_modules/mocha/bin/mocha.js test.cjs
