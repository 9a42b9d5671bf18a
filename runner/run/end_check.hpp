// SPDX-License-Identifier: Apache-2.0
//
// Whether the pointers of the run's processes are looked at when they end, and with how much knowledge of
// their blocks. Thread safety: a free function.
#pragma once

#include "runner/cli/options.hpp"
#include "runner/trace/tracer.hpp"

namespace leakcheck {

EndCheck end_check(const Options& options);

}  // namespace leakcheck
