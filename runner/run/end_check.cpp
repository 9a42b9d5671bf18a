// SPDX-License-Identifier: Apache-2.0
#include "runner/run/end_check.hpp"

namespace leakcheck {
EndCheck end_check(const Options& options) {
    if (options.check == CheckChoice::none) return EndCheck::none;
    return knows_all_blocks(options) ? EndCheck::all_blocks : EndCheck::sample;
}

}  // namespace leakcheck
