// SPDX-License-Identifier: Apache-2.0
//
// File names as URI references (RFC 3986). Thread safety: free functions without state.
#pragma once

#include <string>
#include <string_view>

namespace leakcheck {

// Percent-encodes every byte of a path that RFC 3986 does not allow in a path segment; '/' stays.
std::string percent_encoded_path(std::string_view path);

// "file:///usr/include/c%2B%2B/x" for an absolute path, else a reference relative to the source
// root
// ("src/a%20b.cpp").
std::string file_uri(std::string_view path);

}  // namespace leakcheck
