// SPDX-License-Identifier: Apache-2.0
//
// Events put aside while the command runs, to be looked at when it has ended: in a temporary file without a
// name, gone with the object. Errors: std::system_error when the file cannot be made, written or read.
// Thread safety: none.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>

#include "tests/runtime/oracle/event.hpp"

namespace leakcheck::oracle {

class EventSpool {
  public:
    EventSpool();

    void add(const Event& event);
    // Calls visit(event) for each, in the order they were added.
    void for_each(const std::function<void(const Event&)>& visit);
    std::uint64_t size() const { return size_; }

  private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    void write(const void* data, std::size_t size);
    void read(void* data, std::size_t size);

    std::unique_ptr<std::FILE, Close> file_;
    std::uint64_t size_ = 0;
};

}  // namespace leakcheck::oracle
