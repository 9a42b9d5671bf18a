// SPDX-License-Identifier: Apache-2.0
//
// The leaks in a result file (--json), as far as they can be explained from it: docs/result.schema.json describes the
// file. Ownership: plain values. Thread safety: free functions without state.
#pragma once

#include <istream>
#include <stdexcept>
#include <string>
#include <vector>

#include "analysis/report.hpp"

namespace leakcheck {

// What is wrong with the file: "is no JSON: ...", to be put behind its name.
class ResultFileError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct ResultFile {
    std::string written_by;                      // the version of leakcheck
    std::vector<Leak> leaks;                     // in the file's order; without their stacks
    std::vector<CheckedProcess> pointer_checks;  // process, failure and kept_paths only
    bool tells_paths = false;                    // false: of a version that did not
};

// Throws ResultFileError.
ResultFile read_result(std::istream& in);

}  // namespace leakcheck
