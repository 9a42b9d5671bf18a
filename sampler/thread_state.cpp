// SPDX-License-Identifier: Apache-2.0
#include "sampler/thread_state.hpp"

namespace leakcheck::sampler {

[[gnu::tls_model("initial-exec")]] constinit thread_local ThreadState thread_state{};

}  // namespace leakcheck::sampler
