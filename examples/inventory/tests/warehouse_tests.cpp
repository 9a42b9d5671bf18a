// SPDX-License-Identifier: Apache-2.0
#include "inventory/warehouse.hpp"

#include <gtest/gtest.h>

namespace {

// Leaks 256 bytes in 1 block in each test: TearDown forgets the journal.
class WarehouseTest : public testing::Test {
  protected:
    void SetUp() override {
        journal_ = new inventory::Journal();
        warehouse_ = new inventory::Warehouse(*journal_);
    }
    void TearDown() override { delete warehouse_; }

    inventory::Journal* journal_ = nullptr;
    inventory::Warehouse* warehouse_ = nullptr;
};

TEST_F(WarehouseTest, CountsWhatIsAdded) {
    warehouse_->add("bolt", 3);
    warehouse_->add("bolt", 4);
    EXPECT_EQ(warehouse_->quantity("bolt"), 7);
    EXPECT_STREQ(journal_->text, "+4 bolt");
}

TEST_F(WarehouseTest, RefusesToGoBelowZero) {
    warehouse_->add("bolt", 3);
    EXPECT_FALSE(warehouse_->take("bolt", 4));
    EXPECT_EQ(warehouse_->quantity("bolt"), 3);
}

}  // namespace
