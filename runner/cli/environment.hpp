// SPDX-License-Identifier: Apache-2.0
//
// Environment variables behind a function, so that tests give their own.
// Thread safety: process_environment() reads environ, which nobody may change at the same time.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace leakcheck {

// The value of a variable, or nullopt when it is not set. An empty value is a value.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

Environment process_environment();

}  // namespace leakcheck
