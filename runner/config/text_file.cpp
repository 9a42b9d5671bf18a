// SPDX-License-Identifier: Apache-2.0
#include "runner/config/text_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

namespace leakcheck {

namespace fs = std::filesystem;

Outcome<std::string> read_text_file(const fs::path& path, const std::string& name) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) return Problem{fmt::format("{}: this is a folder", name)};
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (!file.is_open() || file.bad())
        return Problem{fmt::format("cannot read {}: {}", name, std::strerror(errno))};
    return text;
}

}  // namespace leakcheck
