// SPDX-License-Identifier: Apache-2.0
//
// Messages between leakcheck and its privileged helper: over two pipes, each message its length (64 bits,
// native byte order: both ends are one program on one machine) and then JSON text.
// Errors: TraceError when the other end is gone or sends what is no message. Thread safety: none.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "runner/unique_fd.hpp"

namespace leakcheck {

class MessageChannel {
  public:
    MessageChannel(UniqueFd from, UniqueFd to) : from_(std::move(from)), to_(std::move(to)) {}

    int read_fd() const { return from_.get(); }
    void send(const nlohmann::json& message);
    // The next message; nothing when the other end has closed.
    std::optional<nlohmann::json> receive();

  private:
    UniqueFd from_;
    UniqueFd to_;
};

}  // namespace leakcheck
