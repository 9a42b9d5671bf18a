// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/stopped_process.hpp"

#include <pthread.h>
#include <signal.h>

#include <cerrno>
#include <future>
#include <optional>
#include <set>
#include <utility>

#include "runner/reach/thread_list.hpp"

namespace leakcheck::reach {
namespace {

using Clock = std::chrono::steady_clock;

// A thread that runs stops at once; one that is in the kernel may take a moment.
void wait_a_moment(int round) {
    constexpr int rounds_without_sleep = 20;
    if (round < rounds_without_sleep) {
        std::this_thread::yield();
    } else {
        std::this_thread::sleep_for(std::chrono::microseconds(round < 200 ? 50 : 1000));
    }
}

}  // namespace

// What the thread that traces does, and knows.
class StoppedProcess::Tracer {
  public:
    Tracer(int pid, std::chrono::milliseconds timeout)
        : pid_(pid),
          deadline_(Clock::now() + timeout),
          outcome_(outcome_promise_.get_future()),
          thread_([this] { run(); }) {}

    // Waits for the outcome of stopping: nothing if it went well.
    std::optional<StopFailure> outcome() { return outcome_.get(); }
    const std::vector<ThreadState>& threads() const { return states_; }
    void release() {
        release_.set_value();
        thread_.join();
    }

  private:
    void run() {
        sigset_t all;
        sigfillset(&all);
        ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
        const std::optional<StopFailure> failure = stop_all();
        if (failure) detach_all();
        outcome_promise_.set_value(failure);
        release_.get_future().wait();
        if (!failure) detach_all();
    }

    // A stopped thread makes no others: when all that are known have stopped and no new one shows, that is all.
    std::optional<StopFailure> stop_all() {
        while (seize_new()) {
            if (failure_) return failure_;
            for (Tracee& tracee : std::exchange(seized_, {})) {
                if (auto failure = wait_for(tracee)) return failure;
            }
        }
        if (failure_) return failure_;
        return stopped_.empty() ? std::optional(StopFailure::gone) : read_states();
    }

    // False: nobody was there who was not known yet.
    bool seize_new() {
        bool found = false;
        for (const int tid : thread_ids(pid_)) {
            if (!known_.insert(tid).second) continue;
            found = true;
            Tracee tracee(tid);
            const int error = tracee.seize();
            if (error == 0) {
                seized_.push_back(tracee);
            } else if (!thread_has_ended(pid_, tid)) {
                failure_ = tracer_of(pid_, tid) != 0 ? StopFailure::traced_by_another
                                                     : StopFailure::not_permitted;
            }
        }
        return found;
    }

    std::optional<StopFailure> wait_for(Tracee& tracee) {
        for (int round = 0;; ++round) {
            const Tracee::Progress progress = tracee.progress();
            if (progress == Tracee::Progress::stopped) stopped_.push_back(tracee);
            if (progress != Tracee::Progress::running) return std::nullopt;
            // The end of the first thread is not told of while others live.
            if (round % 64 == 63 && thread_has_ended(pid_, tracee.tid())) return std::nullopt;
            if (Clock::now() >= deadline_) return StopFailure::does_not_stop;
            wait_a_moment(round);
        }
    }

    std::optional<StopFailure> read_states() {
        for (const Tracee& tracee : stopped_)
            if (!tracee.read_state(states_.emplace_back())) return StopFailure::gone;
        return std::nullopt;
    }

    void detach_all() {
        for (Tracee& tracee : seized_) {
            if (tracee.progress() == Tracee::Progress::stopped) tracee.detach();
        }
        for (const Tracee& tracee : stopped_) tracee.detach();
    }

    int pid_;
    Clock::time_point deadline_;
    std::set<int> known_;
    std::vector<Tracee> seized_;
    std::vector<Tracee> stopped_;
    std::vector<ThreadState> states_;
    std::optional<StopFailure> failure_;
    std::promise<std::optional<StopFailure>> outcome_promise_;
    std::promise<void> release_;
    std::future<std::optional<StopFailure>> outcome_;
    std::thread thread_;  // last: all else is there when it begins
};

StoppedProcess::Result StoppedProcess::stop(int pid, std::chrono::milliseconds timeout) {
    auto tracer = std::make_unique<Tracer>(pid, timeout);
    if (const std::optional<StopFailure> failure = tracer->outcome()) {
        tracer->release();
        return *failure;
    }
    return std::unique_ptr<StoppedProcess>(new StoppedProcess(std::move(tracer)));
}

StoppedProcess::StoppedProcess(std::unique_ptr<Tracer> tracer) : tracer_(std::move(tracer)) {}

StoppedProcess::~StoppedProcess() {
    tracer_->release();
}

const std::vector<ThreadState>& StoppedProcess::threads() const {
    return tracer_->threads();
}

}  // namespace leakcheck::reach
