// SPDX-License-Identifier: Apache-2.0
#include "inventory/parser.hpp"

#include <cstdlib>

namespace inventory {
namespace {

bool parse_number(const std::string& text, int& value) {
    char* end = nullptr;
    value = static_cast<int>(std::strtol(text.c_str(), &end, 10));
    return !text.empty() && *end == '\0';
}

}  // namespace

Item* parse_item(const std::string& line) {
    const std::size_t first = line.find(',');
    if (first == std::string::npos) return nullptr;
    const std::size_t second = line.find(',', first + 1);
    if (second == std::string::npos) return nullptr;

    Item* item = new Item();
    line.copy(item->name, sizeof(item->name) - 1);
    item->name[first < sizeof(item->name) ? first : sizeof(item->name) - 1] = '\0';
    // The leak: both ways out forget the item.
    if (!parse_number(line.substr(first + 1, second - first - 1), item->quantity)) return nullptr;
    if (!parse_number(line.substr(second + 1), item->price_cents)) return nullptr;
    return item;
}

}  // namespace inventory
