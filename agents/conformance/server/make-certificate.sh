#!/bin/sh
# Makes the key and the self-signed certificate of the test server anew, valid for a hundred years.
# Nothing trusts this certificate but the scenarios, which hand it to their clients.
set -eu
cd "$(dirname "$0")"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 \
  -keyout test-key.pem -out test-cert.pem \
  -subj "/CN=localhost" -addext "subjectAltName=DNS:localhost,IP:127.0.0.1"
