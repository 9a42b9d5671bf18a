// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace leakcheck::sampler {

// Looks up the dlclose behind ours.
void prepare_dlclose();

}  // namespace leakcheck::sampler
