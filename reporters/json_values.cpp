// SPDX-License-Identifier: Apache-2.0
#include "reporters/json_values.hpp"

#include <fmt/format.h>

namespace leakcheck {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json positive_or_null(std::uint64_t number) {
    return number == 0 ? Json(nullptr) : Json(number);
}

Json address_json(std::uint64_t address) {
    return fmt::format("{:#x}", address);
}

Json location_json(const SourceLocation& place) {
    return {{"function", text_or_null(place.function)},
            {"file", text_or_null(place.file)},
            {"line", positive_or_null(place.line)}};
}

Json frame_json(const Frame& f) {
    return {{"function", text_or_null(f.function)},
            {"file", text_or_null(f.file)},
            {"line", positive_or_null(f.line)},
            {"column", positive_or_null(f.column)},
            {"module", text_or_null(f.module)},
            {"build_id", text_or_null(f.build_id)},
            {"address", address_json(f.address)},
            {"inlined", f.inlined},
            {"in_project", f.in_project}};
}

}  // namespace leakcheck
