// SPDX-License-Identifier: Apache-2.0
//
// Recordings to test with.
#pragma once

#include "runner/record/recording.hpp"

namespace leakcheck::testing_support {

// Every member differs from its default.
Recording full_recording();

// Every member at random: numbers of their whole range, texts of any bytes.
Recording random_recording(unsigned seed);

}  // namespace leakcheck::testing_support
