// SPDX-License-Identifier: Apache-2.0
//
// Hands each image that says hello what it is to map ("The welcome" in abi/leakcheck_abi.h): a
// listening socket beside the control file, over which it gets descriptors. (Writable ones: the
// kernel maps a BPF map through no other. The sampler closes them at once.)
// Errors: where the socket cannot be made, why() says so and nobody is welcomed. Thread safety: none.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "runner/unique_fd.hpp"

namespace leakcheck {

class WelcomeChannel {
  public:
    // `cells_map`: its descriptor outlives the object.
    WelcomeChannel(const std::filesystem::path& control, int cells_map);

    const std::string& why() const { return why_; }
    // Welcomes the image that says hello with `token`: gives it the number of its cell and its table
    // (a descriptor, or -1 for none). Does not wait. False: it has not connected.
    bool welcome(std::uint64_t token, std::uint32_t cell, int table);

  private:
    // An image that has connected; its token is 0 until it has come.
    struct Peer {
        UniqueFd socket;
        std::uint64_t token = 0;
    };

    std::string open(const std::filesystem::path& path);
    void accept_peers();
    void read_tokens();

    UniqueFd socket_;
    int cells_map_;
    std::vector<Peer> peers_;  // not yet welcomed
    std::string why_;
};

}  // namespace leakcheck
