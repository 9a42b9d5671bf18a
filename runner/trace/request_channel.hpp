// SPDX-License-Identifier: Apache-2.0
//
// Hands the request map ("Asking back" in abi/leakcheck_abi.h) to the images that say hello: a listening
// socket beside the control file, over which each gets a read-only descriptor.
// Errors: where the socket cannot be made, why() says so and nobody gets the map. Thread safety: none.
#pragma once

#include <filesystem>
#include <string>

#include "runner/unique_fd.hpp"

namespace leakcheck {

class RequestChannel {
  public:
    RequestChannel(const std::filesystem::path& control, int requests_map);

    const std::string& why() const { return why_; }
    // Serves all that have connected so far; does not wait.
    void serve();

  private:
    std::string open(const std::filesystem::path& path, int requests_map);

    UniqueFd socket_;
    UniqueFd map_;
    std::string why_;
};

}  // namespace leakcheck
