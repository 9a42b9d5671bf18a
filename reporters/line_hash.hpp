// SPDX-License-Identifier: Apache-2.0
//
// The hash by which GitHub code scanning follows a line through edits elsewhere in its file, the
// value of `partialFingerprints.primaryLocationLineHash`: a polynomial of base 37 modulo 2^64 over
// the 100 UTF-16 units that begin the line. Spaces and tabs are skipped, CR and CRLF are LF, one
// unit 0xFFFF stands for the end of the file and zeros follow it. Thread safety: a free function
// without state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leakcheck {

// For each line of a source text its hash as "hex:n", n counting equal hashes so far. The first
// line is at index 0; a text that ends in a line break has one more, empty line.
std::vector<std::string> line_hashes(std::string_view source);

}  // namespace leakcheck
