// SPDX-License-Identifier: Apache-2.0
//
// Suppressions as files have them: LeakSanitizer's ("leak:TEMPLATE" lines), those of valgrind's memcheck (blocks
// in braces), and our own in JSON. Which one a text is in shows at its beginning. Thread safety: free functions
// without state. Errors: Problem, with file, line and column.
#pragma once

#include <string>
#include <vector>

#include "analysis/suppressions.hpp"
#include "runner/cli/outcome.hpp"
#include "runner/config/fields.hpp"

namespace leakcheck {

// `name`: of the file, for messages and reports.
Outcome<std::vector<Suppression>> read_suppressions(const std::string& name,
                                                    const std::string& text);

// LeakSanitizer's form. Lines that begin with # are comments.
std::vector<Suppression> read_lsan_suppressions(const std::string& name, const std::string& text);

// Memcheck's. Blocks for other tools and for errors other than leaks are passed over, as memcheck does with those of
// other tools.
std::vector<Suppression> read_memcheck_suppressions(const std::string& name,
                                                    const std::string& text);

// Ours: one rule, an object of these keys; `source` is where it stands.
Suppression read_suppression(const LocatedJson& node, const std::string& source);
// Of a file of such rules; docs/suppressions.schema.json is its text.
JsonSchema suppressions_schema();

// One line of a memcheck suppression: "fun:GLOB", "obj:GLOB", "src:FILE[:LINE]" or "...". Names in C++ are demangled.
// Throws JsonError at `offset`.
FramePattern read_frame_pattern(const std::string& line, std::size_t offset);

}  // namespace leakcheck
