#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Makes the objects that the fuzzer of the unwind tables begins with: small ones, of every kind that the
# reader tells apart. Usage: make_corpus.sh FOLDER
set -eu
sources=$(cd "$(dirname "$0")/../unit/unwind/fixtures" && pwd)
cd "$1"

build() { # name, flags...
	name=$1
	shift
	${CC:-cc} -o "$name" -nostdlib -Wl,--build-id=none -Wl,-z,noseparate-code "$@"
	objcopy --remove-section=.comment "$name"
	chmod 644 "$name"
}

build odd_rules -static "$sources/odd_rules.S"
build odd_rules_debug_frame -static -DDEBUG_FRAME "$sources/odd_rules.S"
build only_restorer -static -DRESTORER "$sources/no_information.S"
build no_information -static "$sources/no_information.S"
# With a procedure linkage table, for which linkers write call frame information.
build shared -shared -fPIC -O2 -Wl,-z,lazy "$sources/plain.c"
build shared_at_entry -shared -fPIC -O0 -fcf-protection=full "$sources/plain.c"
build compressed -shared -fPIC -O2 -g -gz=zlib -fno-asynchronous-unwind-tables "$sources/plain.c"
objcopy --remove-section='.debug_[ilars]*' compressed
build re_aligned -shared -fPIC -O2 -mstackrealign "$sources/plain.c"

# Without section headers: .eh_frame is found by its segment. e_shoff, e_shnum and e_shstrndx are 0.
cp shared segments_only
printf '\0\0\0\0\0\0\0\0' | dd of=segments_only bs=1 seek=40 conv=notrunc status=none
printf '\0\0\0\0' | dd of=segments_only bs=1 seek=60 conv=notrunc status=none
