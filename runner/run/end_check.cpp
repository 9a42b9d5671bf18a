// SPDX-License-Identifier: Apache-2.0
#include "runner/run/end_check.hpp"

namespace leakcheck {
namespace {

bool knows_all_blocks(const Options& options) {
    return is_exact(options.sampling.kind, options.sampling.rate) && options.min_size == 0 &&
           options.max_size == UINT64_MAX;
}

}  // namespace

EndCheck end_check(const Options& options) {
    if (options.check == CheckChoice::none) return EndCheck::none;
    return knows_all_blocks(options) ? EndCheck::all_blocks : EndCheck::sample;
}

}  // namespace leakcheck
