// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/message_channel.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "runner/trace/trace_error.hpp"

namespace leakcheck {
namespace {

constexpr std::uint64_t kLongestMessage = 4ull << 30;

void write_all(int fd, const char* data, std::size_t size) {
    while (size > 0) {
        const ssize_t written = ::write(fd, data, size);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0)
            throw TraceError(std::string("the tracing helper is gone: ") + std::strerror(errno));
        data += written;
        size -= static_cast<std::size_t>(written);
    }
}

// False at the end of the stream.
bool read_all(int fd, char* data, std::size_t size) {
    while (size > 0) {
        const ssize_t got = ::read(fd, data, size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        data += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

}  // namespace

void MessageChannel::send(const nlohmann::json& message) {
    const std::string text = message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    const std::uint64_t size = text.size();
    write_all(to_.get(), reinterpret_cast<const char*>(&size), sizeof(size));
    write_all(to_.get(), text.data(), text.size());
}

std::optional<nlohmann::json> MessageChannel::receive() {
    std::uint64_t size = 0;
    if (!read_all(from_.get(), reinterpret_cast<char*>(&size), sizeof(size))) return std::nullopt;
    if (size > kLongestMessage)
        throw TraceError("the tracing helper sent something that is no message");
    std::string text(size, '\0');
    if (!read_all(from_.get(), text.data(), text.size())) return std::nullopt;
    try {
        return nlohmann::json::parse(text);
    } catch (const nlohmann::json::exception& error) {
        throw TraceError(std::string("the tracing helper sent something that is no message: ") +
                         error.what());
    }
}

}  // namespace leakcheck
