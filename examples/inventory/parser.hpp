// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "inventory/item.hpp"

namespace inventory {

// Reads "name,quantity,price"; nullptr when the line is malformed. The caller deletes the item.
Item* parse_item(const std::string& line);

}  // namespace inventory
