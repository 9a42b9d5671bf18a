// SPDX-License-Identifier: Apache-2.0
#include "sampler/welcome.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>

#include "abi/leakcheck_abi.h"
#include "sampler/config.hpp"
#include "sampler/system_call.hpp"

namespace leakcheck::sampler {
namespace {

// The socket lies beside the control file. False: the path is too long.
bool set_address(sockaddr_un& address) {
    const auto* control = const_cast<const char*>(leakcheck_config_record.control_path);
    std::size_t directory = 0;  // length, with the last slash
    for (std::size_t i = 0; control[i] != '\0'; ++i)
        if (control[i] == '/') directory = i + 1;
    if (directory == 0 || directory + sizeof(LEAKCHECK_CHANNEL_NAME) > sizeof(address.sun_path))
        return false;
    address.sun_family = AF_UNIX;
    for (std::size_t i = 0; i < directory; ++i) address.sun_path[i] = control[i];
    for (std::size_t i = 0; i < sizeof(LEAKCHECK_CHANNEL_NAME); ++i)
        address.sun_path[directory + i] = LEAKCHECK_CHANNEL_NAME[i];
    return true;
}

}  // namespace

Welcome::~Welcome() {
    if (cells_ >= 0) system_call(SYS_close, cells_);
    if (table_ >= 0) system_call(SYS_close, table_);
}

WelcomeChannel::WelcomeChannel(std::uint64_t token)
    : socket_(system_call(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    if (socket_ < 0 || !set_address(address)) return;
    if (system_call(SYS_connect, socket_, &address, sizeof(address)) == 0)
        system_call(SYS_sendto, socket_, &token, sizeof(token), MSG_NOSIGNAL, nullptr, 0);
}

WelcomeChannel::~WelcomeChannel() {
    if (socket_ >= 0) system_call(SYS_close, socket_);
}

Welcome WelcomeChannel::receive() const {
    alignas(cmsghdr) char control[CMSG_SPACE(2 * sizeof(int))] = {};
    leakcheck_welcome welcome{};
    iovec data{&welcome, sizeof(welcome)};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    if (socket_ < 0 ||
        system_call(SYS_recvmsg, socket_, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0)
        return {};
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return {};
    const auto* descriptors = reinterpret_cast<const int*>(CMSG_DATA(header));
    const bool has_table = header->cmsg_len >= CMSG_LEN(2 * sizeof(int));
    return {descriptors[0], has_table ? descriptors[1] : -1, welcome.cell};
}

}  // namespace leakcheck::sampler
