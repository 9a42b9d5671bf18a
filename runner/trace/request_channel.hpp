// SPDX-License-Identifier: Apache-2.0
//
// Hands the request map ("Asking back" in abi/leakcheck_abi.h) to the images that say hello: a listening
// socket beside the control file, over which each gets a descriptor. (A writable one: the kernel maps a BPF map
// through no other. The sampler maps it for reading and closes it at once.)
// Errors: where the socket cannot be made, why() says so and nobody gets the map. Thread safety: none.
#pragma once

#include <filesystem>
#include <string>

#include "runner/unique_fd.hpp"

namespace leakcheck {

class RequestChannel {
  public:
    // `requests_map`: its descriptor outlives the object.
    RequestChannel(const std::filesystem::path& control, int requests_map);

    const std::string& why() const { return why_; }
    // Serves all that have connected so far; does not wait.
    void serve();

  private:
    std::string open(const std::filesystem::path& path, int requests_map);

    UniqueFd socket_;
    int map_ = -1;
    std::string why_;
};

}  // namespace leakcheck
