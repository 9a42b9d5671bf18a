// SPDX-License-Identifier: Apache-2.0
//
// Records put aside as they come while the command runs, to be looked at when it has ended: in a temporary
// file without a name, gone with the object.
// Errors: std::system_error when the file cannot be made, written or read. Thread safety: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <vector>

namespace leakcheck::oracle {

class RecordSpool {
  public:
    RecordSpool();

    void add(const void* record, std::size_t size);
    // Calls visit(record, size) for each, in the order they were added.
    void for_each(const std::function<void(const void* record, std::size_t size)>& visit);

  private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    std::vector<char> buffer_;  // outlives the file
    std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace leakcheck::oracle
