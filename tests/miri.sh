#!/bin/sh
# Miri over the tests of what runs at run time without machine code of its own: the JSON reader, the artifact, the machine.
#
#     tests/miri.sh [argument of cargo test…]
#
# The JSON reader runs twice: by plain arithmetic, and by AVX2. AVX-512 is what Miri does not know. Of the artifact, which has no unsafe code, only
# the unit tests: the others take hours. Beside all that run the machine's tests, which take as long: an hour or more on two processors.
set -eu
cd "$(dirname "$0")/.."
cargo +nightly miri --version >/dev/null 2>&1 || rustup component add --toolchain nightly miri rust-src
export MIRIFLAGS="-Zmiri-disable-isolation ${MIRIFLAGS:-}"
# Both at once would make what they stand on.
cargo +nightly miri setup >/dev/null

beside() {
    cargo +nightly miri test --locked -p journey-artifact --lib "$@"
    cargo +nightly miri test --locked -p journey-json --lib --tests "$@"
    case $(uname -m) in
        x86_64)
            # The documents' examples are left out: they are compiled without these flags.
            RUSTFLAGS="-Ctarget-feature=+avx2,+pclmulqdq,+bmi1,+bmi2,+lzcnt,+popcnt" CARGO_TARGET_DIR=target/miri-avx2 \
                cargo +nightly miri test --locked -p journey-json --lib --tests "$@"
            ;;
    esac
    cargo +nightly miri test --locked -p journey-machine --lib "$@"
}

told=$(mktemp)
trap 'rm -f "$told"' EXIT
beside "$@" >"$told" 2>&1 &
beside=$!
failed=0
cargo +nightly miri test --locked -p journey-machine --test '*' "$@" || failed=1
wait $beside || failed=1
cat "$told"
exit $failed
