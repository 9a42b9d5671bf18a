// SPDX-License-Identifier: Apache-2.0
//
// The sampler's configuration: a record in a section of its own, which the runner overwrites in the
// copy of the library that it makes for each run (sampler/patch_config.hpp). Volatile, so that the
// compiler does not take the values of the library as built for granted; constant while a process
// runs.
#pragma once

#include "abi/leakcheck_abi.h"

extern "C" {
[[gnu::section(LEAKCHECK_CONFIG_SECTION),
  gnu::visibility("hidden")]] extern const volatile leakcheck_config leakcheck_config_record;
}
