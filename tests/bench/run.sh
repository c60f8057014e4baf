#!/bin/sh
# Builds, verifies, measures, and prints one table.
#
#     ./run.sh [--quick | --verify] [--no-build] [name…] [id…]
#
# Names are engines (native, ours, cranelift, datalogic, luajit, zen, rhai, cel) and measures (folders of measures/); all by default.
# Ratios of engines need `native` in the same run, so it is added to them.
# Ids are of workloads (w01) and of further conditions (c03): those alone.
#     --quick     one round of short samples: to see whether something moved, not to quote
#     --verify    only whether the answers are right
#     --no-build  with the binaries that are there
# PB_ROUNDS (3): rounds, interleaved over the names. PB_WARM_MS (80), PB_MEASURE_MS (300): per figure. PB_ONLY=w01,w06: some workloads.
# PB_FIGURES=compile,evaluate,decide,project,all: some figures, for a profiler to look at.
# Figures go to results/<round>/*.json, the table to results/table.md; each run begins with no results.
set -eu
cd "$(dirname "$0")"
build=1
verify=
names=
only=
for argument in "$@"; do
    case $argument in
        --quick)
            export PB_WARM_MS="${PB_WARM_MS:-20}" PB_MEASURE_MS="${PB_MEASURE_MS:-60}"
            PB_ROUNDS=${PB_ROUNDS:-1}
            ;;
        --verify) verify=1 ;;
        --no-build) build= ;;
        -*)
            echo "unknown option $argument" >&2
            exit 2
            ;;
        [a-z][0-9][0-9]*) only="$only,$argument" ;;
        *) names="$names $argument" ;;
    esac
done
if [ -n "$only" ]; then
    export PB_ONLY="${only#,}"
fi
all_engines="native ours cranelift datalogic luajit zen rhai cel"
measures=$(for m in measures/*/Cargo.toml; do [ -f "$m" ] && basename "$(dirname "$m")"; done || true)
if [ -z "$names" ]; then
    names="$all_engines $measures"
elif [ -z "$verify" ]; then
    for name in $names; do
        if [ -f "engines/$name/Cargo.toml" ]; then
            case " $names " in *" native "*) ;; *) names="native $names" ;; esac
        fi
    done
fi

# The package of a name; empty for one that is not there.
package() {
    if [ -f "engines/$1/Cargo.toml" ]; then
        echo "bench-$1"
    elif [ -f "measures/$1/Cargo.toml" ]; then
        echo "measure-$1"
    fi
}
for name in $names; do
    if [ -z "$(package "$name")" ]; then
        echo "there is no engine or measure $name" >&2
        exit 2
    fi
done

target=${CARGO_TARGET_DIR:-target}
if [ -n "$build" ]; then
    # One by one: no feature of one peer may reach another.
    for name in $names; do
        cargo build --release --quiet --package "$(package "$name")"
    done
    cargo build --release --quiet --package bench-table
fi

failed=
if [ -n "$verify" ]; then
    for name in $names; do
        case $(package "$name") in bench-* | measure-further) ;; *) continue ;; esac
        PB_VERIFY_ONLY=1 "$target/release/$(package "$name")" || failed="$failed $name"
    done
else
    rm -rf results
    round=1
    while [ "$round" -le "${PB_ROUNDS:-3}" ]; do
        mkdir -p "results/$round"
        for name in $names; do
            log=results/$round/$name.log
            PB_ROUND=$round "$target/release/$(package "$name")" >"$log" 2>&1 || failed="$failed $name"
        done
        round=$((round + 1))
    done
    "$target/release/bench-table" | tee results/table.md
fi
if [ -n "$failed" ]; then
    echo "failed:$failed" >&2
    exit 1
fi
