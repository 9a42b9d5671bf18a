// SPDX-License-Identifier: Apache-2.0
//
// Which kernel this is, for what cannot be told by trying. Thread safety: free function without state.
#pragma once

namespace leakcheck {

bool kernel_is_at_least(unsigned major, unsigned minor);

}  // namespace leakcheck
