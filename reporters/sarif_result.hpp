// SPDX-License-Identifier: Apache-2.0
//
// One SARIF result: all leaks of a rule at a line. Sizes follow the readers: messages of at most
// 2,048 characters (GitLab drops longer ones), 100 related locations (GitHub shows no more), a few
// stacks a result.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "reporters/leak_groups.hpp"
#include "reporters/places.hpp"
#include "reporters/reporters.hpp"

namespace leakcheck {

// Text for `message.text`: on one line, nothing in it reads as an embedded link.
std::string sarif_text(std::string_view text, std::size_t limit);

// `physicalLocation` of a file that may be relative to the source root. line >= 1.
nlohmann::ordered_json sarif_location(const SourceLocation& place);

// The line hashes of source files, each file read once. Not for several threads at a time.
class LineHashes {
  public:
    explicit LineHashes(const ReadSourceFn& read_source) : read_source_(read_source) {}

    // Empty where the file or the line is not there: a wrong hash is worse than none.
    std::string of(const SourceLocation& place);

  private:
    const ReadSourceFn& read_source_;
    std::map<std::string, std::vector<std::string>> by_file_;
};

nlohmann::ordered_json sarif_result(const Report& report, const TestIndex& tests,
                                    const LeakGroup& group, LineHashes& hashes);

}  // namespace leakcheck
