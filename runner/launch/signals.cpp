// SPDX-License-Identifier: Apache-2.0
#include "runner/launch/signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

namespace leakcheck {
namespace {

bool is_ignored(int signal) {
    struct sigaction action {};
    return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

Signals::Signals() {
    sigset_t wanted;
    ::sigemptyset(&wanted);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
        if (!is_ignored(signal)) ::sigaddset(&wanted, signal);
    ::sigprocmask(SIG_BLOCK, &wanted, &original_);
    fd_ = UniqueFd(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
}

Signals::~Signals() {
    dispatch([](int, SignalOrigin) {});  // what came last has been acted on: the command is gone
    ::sigprocmask(SIG_SETMASK, &original_, nullptr);
}

void Signals::dispatch(const std::function<void(int signal, SignalOrigin origin)>& on_signal) {
    signalfd_siginfo info{};
    while (::read(fd_.get(), &info, sizeof(info)) == sizeof(info)) {
        const auto origin =
            info.ssi_code == SI_KERNEL ? SignalOrigin::terminal : SignalOrigin::process;
        on_signal(static_cast<int>(info.ssi_signo), origin);
    }
}

}  // namespace leakcheck
