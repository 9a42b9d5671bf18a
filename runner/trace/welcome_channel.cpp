// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/welcome_channel.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "abi/leakcheck_abi.h"

namespace leakcheck {
namespace {

constexpr std::size_t most_peers = 1024;  // that may have died between connecting and saying hello

void send_welcome(int socket, leakcheck_welcome welcome, std::initializer_list<int> descriptors) {
    alignas(cmsghdr) char control[CMSG_SPACE(2 * sizeof(int))] = {};
    const std::size_t size = descriptors.size() * sizeof(int);
    iovec data{&welcome, sizeof(welcome)};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(size);
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(header), descriptors.begin(), size);
    ::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace

WelcomeChannel::WelcomeChannel(const std::filesystem::path& control, int cells_map)
    : cells_map_(cells_map), why_(open(control.parent_path() / LEAKCHECK_CHANNEL_NAME)) {}

std::string WelcomeChannel::open(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.string().size() >= sizeof(address.sun_path))
        return fmt::format("the path {} is too long for a socket; set TMPDIR to a shorter one",
                           path.string());
    std::strcpy(address.sun_path, path.c_str());
    socket_ = UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const bool ready =
        socket_ &&
        ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
        ::chmod(path.c_str(), 0666) == 0 && ::listen(socket_.get(), SOMAXCONN) == 0;
    return ready ? std::string() : fmt::format("{}: {}", path.string(), std::strerror(errno));
}

void WelcomeChannel::accept_peers() {
    while (why_.empty()) {
        UniqueFd peer(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!peer) return;
        if (peers_.size() == most_peers) peers_.erase(peers_.begin());
        peers_.push_back({std::move(peer), 0});
    }
}

// Those that have gone are forgotten.
void WelcomeChannel::read_tokens() {
    const auto is_gone = [](Peer& peer) {
        if (peer.token != 0) return false;
        const ssize_t size =
            ::recv(peer.socket.get(), &peer.token, sizeof(peer.token), MSG_DONTWAIT);
        if (size == sizeof(peer.token)) return false;
        peer.token = 0;
        return size >= 0 || (errno != EAGAIN && errno != EINTR);
    };
    std::erase_if(peers_, is_gone);
}

bool WelcomeChannel::welcome(std::uint64_t token, std::uint32_t cell, int table) {
    accept_peers();
    read_tokens();
    const auto peer = std::find_if(peers_.begin(), peers_.end(),
                                   [&](const Peer& one) { return one.token == token; });
    if (peer == peers_.end()) return false;
    if (table >= 0)
        send_welcome(peer->socket.get(), {token, cell, 0}, {cells_map_, table});
    else
        send_welcome(peer->socket.get(), {token, cell, 0}, {cells_map_});
    peers_.erase(peer);
    return true;
}

}  // namespace leakcheck
