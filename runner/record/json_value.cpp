// SPDX-License-Identifier: Apache-2.0
#include "runner/record/json_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>

#include "runner/record/recording.hpp"

namespace leakcheck {
namespace {

using nlohmann::json;

bool is_utf8(const std::string& text) {
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    if (std::all_of(text.begin(), text.end(), is_ascii)) return true;
    try {
        static_cast<void>(json(text).dump());
        return true;
    } catch (const json::type_error&) {
        return false;
    }
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

std::string read_hex(const std::string& digits, const Place& place) {
    if (digits.size() % 2 != 0) place.fail("expected an even number of hex digits");
    std::string bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const int high = hex_digit(digits[i]);
        const int low = hex_digit(digits[i + 1]);
        if (high < 0 || low < 0) place.fail("expected lower-case hex digits");
        bytes.push_back(static_cast<char>(high * 16 + low));
    }
    return bytes;
}

}  // namespace

std::string Place::text() const {
    if (parent_ == nullptr) return {};
    const std::string before = parent_->text();
    if (member_ == nullptr) return fmt::format("{}[{}]", before, index_);
    return before.empty() ? member_ : fmt::format("{}.{}", before, member_);
}

void Place::fail(const std::string& problem) const {
    const std::string where = text();
    throw RecordingError(fmt::format("{}: {}", where.empty() ? "the recording" : where, problem));
}

std::string describe_value(const json& value) {
    constexpr std::size_t most = 40;
    if (value.is_structured()) return value.is_array() ? "a list" : "an object";
    std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
    if (text.size() > most) text = text.substr(0, most) + "...";
    return text;
}

std::uint64_t read_unsigned(const json& value, std::uint64_t max, const Place& place) {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > max) {
        place.fail(fmt::format("expected a whole number from 0 to {}, found {}", max,
                               describe_value(value)));
    }
    return value.get<std::uint64_t>();
}

std::int64_t read_signed(const json& value, std::int64_t min, std::int64_t max,
                         const Place& place) {
    const bool too_large =
        value.is_number_unsigned() &&
        value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::max<std::int64_t>(max, 0));
    if (!value.is_number_integer() || too_large || value.get<std::int64_t>() < min ||
        value.get<std::int64_t>() > max) {
        place.fail(fmt::format("expected a whole number from {} to {}, found {}", min, max,
                               describe_value(value)));
    }
    return value.get<std::int64_t>();
}

double read_number(const json& value, const Place& place) {
    if (!value.is_number() || !std::isfinite(value.get<double>())) {
        place.fail(fmt::format("expected a number, found {}", describe_value(value)));
    }
    return value.get<double>();
}

bool read_flag(const json& value, const Place& place) {
    if (!value.is_boolean()) {
        place.fail(fmt::format("expected true or false, found {}", describe_value(value)));
    }
    return value.get<bool>();
}

std::string read_text(const json& value, const Place& place) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_object() && value.size() == 1 && value.contains("bytes") &&
        value["bytes"].is_string()) {
        return read_hex(value["bytes"].get<std::string>(), place);
    }
    place.fail(fmt::format("expected a text, found {}", describe_value(value)));
}

json write_text(const std::string& text) {
    if (is_utf8(text)) return text;
    std::string digits;
    for (const char c : text) {
        fmt::format_to(std::back_inserter(digits), "{:02x}", static_cast<unsigned char>(c));
    }
    return json{{"bytes", digits}};
}

}  // namespace leakcheck
