// SPDX-License-Identifier: Apache-2.0
//
// Tracing is impossible or has failed: one line that names what, where and the mend. Ends in status 125.
#pragma once

#include <stdexcept>

namespace leakcheck {

class TraceError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace leakcheck
