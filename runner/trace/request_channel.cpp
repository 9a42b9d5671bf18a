// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/request_channel.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "abi/leakcheck_abi.h"

namespace leakcheck {
namespace {

void send_descriptor(int socket, int descriptor) {
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    char byte = 0;
    iovec data{&byte, 1};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof(descriptor));
    ::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace

RequestChannel::RequestChannel(const std::filesystem::path& control, int requests_map)
    : why_(open(control.parent_path() / LEAKCHECK_CHANNEL_NAME, requests_map)) {}

std::string RequestChannel::open(const std::filesystem::path& path, int requests_map) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.string().size() >= sizeof(address.sun_path))
        return fmt::format("the path {} is too long for a socket; set TMPDIR to a shorter one",
                           path.string());
    std::strcpy(address.sun_path, path.c_str());
    socket_ = UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    map_ = requests_map;
    const bool ready =
        socket_ &&
        ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
        ::chmod(path.c_str(), 0666) == 0 && ::listen(socket_.get(), SOMAXCONN) == 0;
    return ready ? std::string() : fmt::format("{}: {}", path.string(), std::strerror(errno));
}

void RequestChannel::serve() {
    while (why_.empty()) {
        const UniqueFd peer(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!peer) return;
        send_descriptor(peer.get(), map_);
    }
}

}  // namespace leakcheck
