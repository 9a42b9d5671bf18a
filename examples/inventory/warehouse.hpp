// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace inventory {

// Where a warehouse writes down what happens: a block of text that is overwritten from its start.
struct Journal {
    char text[256];
};

class Warehouse {
  public:
    // The journal stays the caller's.
    explicit Warehouse(Journal& journal) : journal_(journal) {}

    void add(const std::string& name, int quantity);
    // False, and nothing taken, when there is not enough.
    bool take(const std::string& name, int quantity);
    int quantity(const std::string& name) const;

  private:
    Journal& journal_;
    std::map<std::string, int> quantities_;
};

}  // namespace inventory
