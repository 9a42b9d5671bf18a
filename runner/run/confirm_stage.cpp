// SPDX-License-Identifier: Apache-2.0
#include "runner/run/confirm_stage.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <system_error>
#include <utility>

#include "analysis/exemptions.hpp"
#include "analysis/repetitions.hpp"
#include "runner/run/run_report.hpp"
#include "runner/unique_fd.hpp"

namespace leakcheck {
namespace {

using std::chrono::seconds;

// A descriptor that can become a standard stream.
UniqueFd above_standard_streams(int fd) {
    const UniqueFd original(fd);
    UniqueFd moved(::fcntl(original.get(), F_DUPFD_CLOEXEC, 3));
    if (!moved)
        throw std::system_error(errno, std::generic_category(),
                                "cannot open a file for the second run");
    return moved;
}

UniqueFd open_null() {
    return above_standard_streams(::open("/dev/null", O_RDWR | O_CLOEXEC));
}

UniqueFd open_log() {
    return above_standard_streams(::memfd_create("leakcheck-confirm-log", MFD_CLOEXEC));
}

void append_content(int fd, std::string& text) {
    std::array<char, 65536> buffer;
    for (off_t offset = 0;;) {
        const ssize_t size = ::pread(fd, buffer.data(), buffer.size(), offset);
        if (size <= 0) return;
        text.append(buffer.data(), static_cast<std::size_t>(size));
        offset += size;
    }
}

std::string harmful_loss(const Snapshot& snapshot) {
    const auto loss =
        std::find_if(snapshot.losses.begin(), snapshot.losses.end(),
                     [](const Loss& one) { return one.harms_verdict && one.count > 0; });
    return loss == snapshot.losses.end() ? "" : loss->name;
}

}  // namespace

ConfirmStage::ConfirmStage(const RunPlan& plan, const TracedRun& first)
    : plan_(plan), first_(first), exact_(exact_options(plan.options)) {}

bool ConfirmStage::is_wanted() const {
    const Options& options = plan_.options;
    switch (options.confirm) {
        case ConfirmChoice::off:
            return false;
        case ConfirmChoice::on:
            return true;
        case ConfirmChoice::automatic:
            break;
    }
    return options.repetitions > 1 || !traces_everything(options);
}

void ConfirmStage::decide(Findings& found) {
    if (!is_wanted()) return;
    const AnalysisOptions analysis = analysis_options(plan_, plan_.options);
    apply_exemptions(found, analysis);
    const std::vector<std::string> suspects = find_suspects(found, analysis);
    if (suspects.empty()) return;
    const auto start = std::chrono::steady_clock::now();
    Confirmer confirmer(found, {plan_.options.not_reproduced, plan_.options.gate_one_time,
                                plan_.options.repetitions});
    const ChildResult& child = first_.supervision.child;
    if (child.end == ProcessEnd::signaled) {
        confirmer.leave_out(suspects,
                            fmt::format("the command died by signal {}, so {} did not run again",
                                        child.status, name_tests(suspects)));
    } else {
        run_batches(suspects, confirmer);
    }
    apply_exemptions(found, analysis);
    confirmer.finish(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
}

void ConfirmStage::run_batches(const std::vector<std::string>& suspects, Confirmer& confirmer) {
    const FilterPlan plan = plan_filters(suspects);
    for (const FilterBatch& batch : plan.batches) {
        if (interrupted_) {
            confirmer.leave_out(batch.tests, fmt::format("the second run was interrupted before {}",
                                                         name_tests(batch.tests)));
        } else {
            run_batch(batch, confirmer);
        }
    }
    if (plan.inexpressible.empty()) return;
    confirmer.leave_out(
        plan.inexpressible,
        fmt::format("no --gtest_filter selects {} alone: names with * ? : or - in them, or of 512 "
                    "characters and more, cannot be given",
                    name_tests(plan.inexpressible)));
}

void ConfirmStage::run_batch(const FilterBatch& batch, Confirmer& confirmer) {
    try {
        RunOrder next = order(batch);
        const bool wants_log = plan_.options.reports.confirm_log.has_value();
        const UniqueFd null = open_null();
        const UniqueFd output = wants_log ? open_log() : open_null();
        next.streams = {null.get(), output.get(), output.get()};
        TracedRun run = run_traced(next);
        if (wants_log) append_content(output.get(), log_);
        take(std::move(run), batch, confirmer);
    } catch (const std::exception& error) {
        confirmer.leave_out(batch.tests, fmt::format("the second run of {} failed: {}",
                                                     name_tests(batch.tests), error.what()));
    }
}

void ConfirmStage::take(TracedRun run, const FilterBatch& batch, Confirmer& confirmer) {
    interrupted_ = run.supervision.cut_short == CutShort::signal;
    const std::string fault = find_fault(run);
    if (!fault.empty()) {
        confirmer.leave_out(batch.tests,
                            fmt::format("the second run of {} {}", name_tests(batch.tests), fault));
        return;
    }
    ExaminedRun exact(std::move(run), plan_, exact_, ExaminedRun::Record::no);
    confirmer.take(exact.examine(), batch.tests);
}

std::string ConfirmStage::find_fault(const TracedRun& run) const {
    const ChildResult& child = run.supervision.child;
    const ChildResult& first = first_.supervision.child;
    const Snapshot& snapshot = run.result.snapshot;
    switch (run.supervision.cut_short) {
        case CutShort::signal:
            return "was interrupted";
        case CutShort::time_limit:
            return fmt::format("was ended after {} s (--confirm-timeout)",
                               std::chrono::duration_cast<seconds>(time_limit()).count());
        case CutShort::no:
            break;
    }
    if (child.end == ProcessEnd::signaled) return fmt::format("died by signal {}", child.status);
    if (child.status != 0 && first.status == 0)
        return fmt::format("ended with status {} where the first ended with 0", child.status);
    if (const std::string loss = harmful_loss(snapshot); !loss.empty())
        return fmt::format("lost something that may have been a leak ({})", loss);
    if (exact_.repetitions > 1 && !repetitions_are_told_apart(snapshot))
        return "was repeated, but its repetitions cannot be told apart: the program's GoogleTest "
               "cannot be probed (is it stripped?)";
    return "";
}

RunOrder ConfirmStage::order(const FilterBatch& batch) const {
    const GtestRerun rerun = plan_gtest_rerun(
        plan_.options.command,
        [this](const std::string& name) { return plan_.environment.get(name); }, batch.filter,
        exact_.repetitions);
    RunOrder order{plan_, exact_, rerun.command, plan_.environment};
    for (const std::string& name : rerun.unset) order.environment.unset(name);
    for (const std::string& entry : rerun.set) order.environment.set_entry(entry);
    order.process_group = ProcessGroup::own;
    order.signal_policy = SignalPolicy::kill;
    order.time_limit = time_limit();
    return order;
}

std::chrono::milliseconds ConfirmStage::time_limit() const {
    if (plan_.options.confirm_timeout_s) return seconds(*plan_.options.confirm_timeout_s);
    constexpr double least_seconds = 60.0;
    constexpr double slower = 10.0;  // full tracing may cost as much
    const double usual = slower * first_.wall_seconds * exact_.repetitions;
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::duration<double>(std::max(least_seconds, usual)));
}

}  // namespace leakcheck
