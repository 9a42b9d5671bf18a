// SPDX-License-Identifier: Apache-2.0
#include "runner/run/baseline_command.hpp"

#include <fmt/format.h>

#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "reporters/baseline_words.hpp"
#include "reporters/wording.hpp"
#include "runner/baseline/baseline_changes.hpp"
#include "runner/baseline/baseline_file.hpp"
#include "runner/cli/report_files.hpp"
#include "runner/config/text_file.hpp"

namespace leakcheck {
namespace {

using Action = BaselineOptions::Action;
using Entries = std::vector<BaselineEntry>;

template <typename Result>
Result need(Outcome<Result> outcome) {
    if (const auto* problem = std::get_if<Problem>(&outcome))
        throw std::runtime_error(problem->message);
    return std::get<Result>(std::move(outcome));
}

std::string plural_leaks(std::size_t count) {
    return plural(count, "leak");
}

void list(const char* heading, const Entries& entries) {
    for (const BaselineEntry& entry : entries)
        std::cout << "  " << heading << ": " << baseline_entry_words(entry) << "\n";
}

class BaselineCommand {
  public:
    explicit BaselineCommand(const BaselineOptions& options)
        : options_(options), name_(options.file.string()) {
        for (const std::filesystem::path& path : options.results)
            results_.push_back(
                need(read_result_leaks(path.string(), need(read_text_file(path, path.string())))));
    }

    void run() {
        switch (options_.action) {
            case Action::create:
                return create();
            case Action::update:
                return update();
            case Action::show:
                return show();
            case Action::prune:
                return prune();
        }
    }

  private:
    void create() {
        std::error_code ignored;
        if (std::filesystem::exists(options_.file, ignored))
            throw std::runtime_error(
                name_ + " is there already; leakcheck baseline update --allow-growth adds to it");
        const Entries leaks = join_leaks(results_);
        write(new_baseline(leaks));
        std::cout << fmt::format("{}: {} taken in\n", name_, plural_leaks(leaks.size()));
    }

    void update() {
        const bool grows = options_.allow_growth;
        const BaselineChange change =
            update_baseline(read(), results_, grows ? Intake::allowed : Intake::refused);
        rewrite(change.generated);
        tell_fixed(change.fixed);
        list("less", change.smaller);
        list(grows ? "taken in" : "new, not taken in", change.fresh);
        list(grows ? "more" : "grown, not taken in", change.grown);
        if (!grows && change.fresh.size() + change.grown.size() > 0)
            std::cout << "what is new or has grown is only taken in with --allow-growth\n";
        tell_size(change.generated);
    }

    void prune() {
        const BaselineChange change = prune_baseline(read(), results_);
        rewrite(change.generated);
        tell_fixed(change.fixed);
        tell_size(change.generated);
    }

    void show() {
        const Entries entries = read();
        for (const BaselineEntry& entry : entries)
            std::cout << fmt::format("{}{}{}\n", baseline_entry_words(entry),
                                     entry.by_hand ? ", kept by hand" : "",
                                     entry.reason.empty() ? "" : ": " + entry.reason);
        std::cout << fmt::format("{}: {}\n", name_, plural_leaks(entries.size()));
        if (results_.empty()) return;
        const BaselineChange change = update_baseline(entries, results_, Intake::refused);
        list("fixed", change.fixed);
        list("less", change.smaller);
        list("new", change.fresh);
        list("grown", change.grown);
    }

    // What is kept by hand is the reader's to take out.
    static void tell_fixed(const Entries& fixed) {
        for (const BaselineEntry& entry : fixed)
            std::cout << fmt::format("  fixed, {}: {}\n",
                                     entry.by_hand ? "but kept by hand" : "taken out",
                                     baseline_entry_words(entry));
    }

    void tell_size(const Entries& generated) {
        std::cout << fmt::format("{}: {}\n", name_, plural_leaks(generated.size()));
    }

    Entries read() {
        text_ = need(read_text_file(options_.file, name_));
        return need(read_baseline(name_, text_));
    }

    void rewrite(const Entries& generated) {
        const std::string text = need(replace_generated(name_, text_, generated));
        if (text != text_) write(text);
    }

    void write(const std::string& text) {
        const Identity identity = need(choose_identity(real_identity_world(), AsRoot::no));
        const auto problem = write_report_file({"--baseline", options_.file}, text, identity);
        if (problem) throw std::runtime_error(problem->message);
    }

    const BaselineOptions& options_;
    std::string name_;
    std::vector<ResultLeaks> results_;
    std::string text_;  // of the file, as it was
};

}  // namespace

int run_baseline(const BaselineOptions& options) {
    try {
        BaselineCommand(options).run();
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "leakcheck: " << error.what() << "\n";
        return own_error_status;
    }
}

}  // namespace leakcheck
