// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace inventory {

struct Item {
    char name[32];
    int quantity;
    int price_cents;
};
static_assert(sizeof(Item) == 40, "the size that the table in README.md gives");

}  // namespace inventory
