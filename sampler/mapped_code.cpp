// SPDX-License-Identifier: Apache-2.0
#include "sampler/mapped_code.hpp"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <cstddef>

#include "abi/leakcheck_abi.h"
#include "sampler/config.hpp"
#include "sampler/control_file.hpp"
#include "sampler/probes.hpp"
#include "sampler/system_call.hpp"

namespace leakcheck::sampler {
namespace {

constinit std::atomic<const volatile std::uint64_t*> cell{nullptr};

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

// The descriptor in a message, or -1. The runner sends it before it answers to the hello.
int receive_descriptor(long socket) {
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    char byte = 0;
    iovec data{&byte, 1};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    if (system_call(SYS_recvmsg, socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0) return -1;
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return -1;
    return *reinterpret_cast<const int*>(CMSG_DATA(header));
}

}  // namespace

RequestChannel::RequestChannel()
    : socket_(system_call(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    if (socket_ >= 0 && set_address(address))
        system_call(SYS_connect, socket_, &address, sizeof(address));
}

RequestChannel::~RequestChannel() {
    if (socket_ >= 0) system_call(SYS_close, socket_);
}

void RequestChannel::receive(std::uint64_t token) const {
    const int map = socket_ >= 0 ? receive_descriptor(socket_) : -1;
    if (map < 0) return;
    const long result = system_call(SYS_mmap, nullptr, sizeof(leakcheck_requests), PROT_READ,
                                    MAP_SHARED, map, 0);
    system_call(SYS_close, map);
    if (result < 0 && result > -4096) return;
    const auto* requests = reinterpret_cast<const volatile leakcheck_requests*>(result);
    cell.store(reinterpret_cast<const volatile std::uint64_t*>(
                   &requests->cells[token % LEAKCHECK_REQUEST_SLOTS]),
               std::memory_order_release);
}

bool can_be_asked() {
    return cell.load(std::memory_order_acquire) != nullptr;
}

std::uint64_t requests_seen() {
    const volatile std::uint64_t* requests = cell.load(std::memory_order_acquire);
    return requests != nullptr ? *requests : 0;
}

void tell_mapped() {
    const std::uint64_t token = make_token();
    const ControlFile control;
    leakcheck_fire_mapped(token);
    if (!control.wait_for_answer(token)) cell.store(nullptr, std::memory_order_release);
}

}  // namespace leakcheck::sampler
