// SPDX-License-Identifier: Apache-2.0
#include "sampler/config.hpp"

const volatile leakcheck_config leakcheck_config_record = {
    .magic = LEAKCHECK_CONFIG_MAGIC,
    .version = LEAKCHECK_ABI_VERSION,
    .enabled = 0,
    .sample_rate = 1,
    .min_size = 0,
    .max_size = ~0ull,
    .seed = 0,
    .max_live = 0,
    .mode = LEAKCHECK_MODE_RATE,
    .first_samples = 0,
    .mean_bytes = 0,
    .strata_count = 0,
    .shows_ending = 0,
    .path_traces = 0,
    .zero = 0,
    .strata = {},
    .control_path = {},
};
