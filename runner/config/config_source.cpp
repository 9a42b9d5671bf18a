// SPDX-License-Identifier: Apache-2.0
#include "runner/config/config_source.hpp"

#include <fstream>
#include <system_error>
#include <utility>
#include <variant>

#include "runner/config/text_file.hpp"

namespace leakcheck {
namespace {

namespace fs = std::filesystem;

using Found = Outcome<std::optional<ConfigText>>;

// The first key says it: results are written in one order.
bool is_result(const std::string& text) {
    const std::size_t key = text.find_first_not_of("{ \t\r\n");
    return key != std::string::npos && text.compare(key, 16, "\"schema_version\"") == 0;
}

Found read(const fs::path& path, const std::string& name) {
    auto text = read_text_file(path, name);
    if (const auto* problem = std::get_if<Problem>(&text)) return *problem;
    return ConfigText{path, name, std::get<std::string>(std::move(text))};
}

// A result can be large: what it is shows at its beginning.
bool begins_as_result(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string beginning(64, ' ');
    file.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
    return is_result(beginning);
}

Found find_upwards(const fs::path& start) {
    std::error_code ignored;  // what cannot be looked at is not there for us
    for (fs::path folder = start;; folder = folder.parent_path()) {
        const fs::path path = folder / config_file_name;
        if (fs::is_regular_file(path, ignored) && !begins_as_result(path))
            return read(path, fs::relative(path, start, ignored).string());
        if (fs::exists(folder / ".git", ignored) || folder == folder.parent_path())
            return std::nullopt;
    }
}

}  // namespace

ConfigSource no_config_source() {
    return [](const std::optional<fs::path>&) -> Found { return std::nullopt; };
}

ConfigSource config_files(const fs::path& working_directory) {
    return [working_directory](const std::optional<fs::path>& asked_for) -> Found {
        if (asked_for) return read(working_directory / *asked_for, asked_for->string());
        return find_upwards(working_directory);
    };
}

}  // namespace leakcheck
