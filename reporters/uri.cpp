// SPDX-License-Identifier: Apache-2.0
#include "reporters/uri.hpp"

#include <fmt/format.h>

#include "reporters/text.hpp"

namespace leakcheck {
namespace {

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~/").find(c) != std::string_view::npos;
}

}  // namespace

std::string percent_encoded_path(std::string_view path) {
    std::string uri;
    for (const char c : repair_utf8(path)) {
        if (is_unreserved(c)) {
            uri += c;
        } else {
            uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return uri;
}

std::string file_uri(std::string_view path) {
    // An empty authority and leading slashes collapsed: "//host" would name another machine.
    const auto start = path.find_first_not_of('/');
    const std::string_view rest = start == std::string_view::npos ? "" : path.substr(start);
    const bool absolute = !path.empty() && path[0] == '/';
    return (absolute ? "file:///" : "") + percent_encoded_path(rest);
}

}  // namespace leakcheck
