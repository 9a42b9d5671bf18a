// SPDX-License-Identifier: Apache-2.0
//
// The formats by name, as the golden files and the validators know them.
#pragma once

#include <string>
#include <vector>

#include "tests/unit/reporters/sample_reports.hpp"

namespace leakcheck {

struct Format {
    std::string name;       // "junit"
    std::string extension;  // "xml"
    std::string (*render)(const Sample& sample);
};

const std::vector<Format>& formats();

}  // namespace leakcheck
