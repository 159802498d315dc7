#!/bin/sh
# Keys, certificates and lists of revoked ones for tests of TLS, made with the openssl
# command: tests/lib/certificates.sh DIR
#
#   ca, other-ca       two that sign
#   server             localhost, 127.0.0.1, ::1, by ca
#   renewed            the same names, another key, by ca
#   stranger           the same names, by other-ca
#   other              other.example, by ca
#   expired, early     localhost, by ca, of 2020 and of 2090
#   self               localhost, by itself
#   revoked            localhost, by ca, in crl
#   client, client-2   by ca; client-gone is in crl; client-old is of 2020
#   crl, empty-crl, old-crl, other-crl
#
# Each has DIR/NAME.pem and, but for the lists, DIR/NAME.key.
set -e
dir=$1
mkdir -p "$dir"
cd "$dir"
umask 077

key() {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2>/dev/null
}

config() {
	cat >"$1.cnf" <<END
[req]
distinguished_name = name
prompt = no
[name]
CN = $1
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[localhost]
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1
extendedKeyUsage = serverAuth
[other]
subjectAltName = DNS:other.example, IP:192.0.2.1
extendedKeyUsage = serverAuth
[client]
extendedKeyUsage = clientAuth
[ca]
default_ca = this
[this]
database = $1.db
serial = $1.serial
new_certs_dir = .
certificate = $1.pem
private_key = $1.key
default_md = sha256
default_days = 30
default_crl_days = 30
policy = any
unique_subject = no
[any]
commonName = supplied
END
}

# authority NAME
authority() {
	key "$1"
	config "$1"
	: >"$1.db"
	echo 01 >"$1.serial"
	openssl req -x509 -new -key "$1.key" -days 30 -config "$1.cnf" -extensions authority -out "$1.pem"
}

# signed NAME AUTHORITY EXTENSIONS [DATES]
signed() {
	name=$1 by=$2 extensions=$3
	shift 3
	[ -f "$name.key" ] || key "$name"
	openssl req -new -key "$name.key" -subj "/CN=$name" -config "$by.cnf" -out "$name.csr"
	openssl ca -batch -notext -config "$by.cnf" -extensions "$extensions" -in "$name.csr" -out "$name.pem" "$@" 2>/dev/null
}

list() {
	name=$1 by=$2
	shift 2
	openssl ca -gencrl -config "$by.cnf" -out "$name.pem" "$@" 2>/dev/null
}

authority ca
authority other-ca
for name in server renewed revoked; do
	signed $name ca localhost
done
signed stranger other-ca localhost
signed other ca other
signed expired ca localhost -startdate 20200101000000Z -enddate 20200201000000Z
signed early ca localhost -startdate 20900101000000Z -enddate 20900201000000Z
for name in client client-2 client-gone; do
	signed $name ca client
done
signed client-old ca client -startdate 20200101000000Z -enddate 20200201000000Z
key self
openssl req -x509 -new -key self.key -days 30 -config ca.cnf -subj /CN=localhost -extensions localhost -out self.pem
list empty-crl ca
list other-crl other-ca
list old-crl ca -crl_lastupdate 20200101000000Z -crl_nextupdate 20200201000000Z
openssl ca -config ca.cnf -revoke revoked.pem 2>/dev/null
openssl ca -config ca.cnf -revoke client-gone.pem 2>/dev/null
list crl ca
rm -f ./*.csr ./[0-9A-F]*.pem ./*.db* ./*.serial*
