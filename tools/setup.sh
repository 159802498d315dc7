#!/bin/sh
# setup.sh [build|test] -- install the Debian packages that Daybook is built (and with
# "test" also tested) with, and hledger, which the demo checks its book by.  Does nothing
# where they are there; needs root otherwise.
set -eu

build="gcc libc6-dev make protobuf-compiler libprotobuf-dev protobuf-c-compiler
libprotobuf-c-dev liblmdb-dev libnghttp2-dev libuv1-dev libsodium-dev libjansson-dev
liblz4-dev libsqlite3-dev libssl-dev libcurl4-openssl-dev libsystemd-dev python3 zstd hledger"
test="python3-grpcio python3-grpc-tools python3-protobuf universal-ctags nghttp2-client
man-db sqlite3 ledger openssl python3-cryptography golang-go golang-golang-x-mod-dev
chromium fonts-noto-cjk"

case ${1:-test} in
build) wanted=$build ;;
test) wanted="$build $test" ;;
*)
	echo "usage: setup.sh [build|test]" >&2
	exit 2
	;;
esac

missing=
for package in $wanted; do
	dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
		missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null
