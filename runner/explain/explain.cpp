// SPDX-License-Identifier: Apache-2.0
#include "runner/explain/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "reporters/reporters.hpp"
#include "reporters/wording.hpp"
#include "runner/explain/leak_choice.hpp"
#include "runner/explain/result_file.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t most_named = 5;

ResultFile read_file(const std::filesystem::path& path) {
    if (std::filesystem::is_directory(path)) throw ResultFileError("is a directory");
    std::ifstream in(path, std::ios::binary);
    if (!in) throw ResultFileError(fmt::format("cannot be read: {}", std::strerror(errno)));
    return read_result(in);
}

std::string not_found(const ResultFile& file, const std::string& wanted) {
    if (file.leaks.empty()) return "has no leaks to explain";
    return fmt::format(
        "has no leak '{}': neither a number from 1 to {}, nor a fingerprint or its beginning, nor "
        "a test, nor a "
        "function or file:line; leave it out to get the list",
        wanted, file.leaks.size());
}

std::string ambiguous(const ResultFile& file, const std::vector<std::size_t>& meant,
                      const std::string& wanted) {
    std::string text = fmt::format(
        "has {} that '{}' may mean; give one's number:", plural(meant.size(), "leak"), wanted);
    for (std::size_t i = 0; i < std::min(meant.size(), most_named); ++i)
        text += "\n" + leak_line(file.leaks[meant[i]], meant[i]);
    if (meant.size() > most_named) text += "\n ...";
    return text;
}

std::size_t choose(const ResultFile& file, const std::string& wanted) {
    const std::vector<std::size_t> meant = leaks_meant(file.leaks, wanted);
    if (meant.empty()) throw ResultFileError(not_found(file, wanted));
    if (meant.size() > 1) throw ResultFileError(ambiguous(file, meant, wanted));
    return meant.front();
}

std::string why_unknown(const ResultFile& file, const Leak& leak) {
    const auto checked =
        std::find_if(file.pointer_checks.begin(), file.pointer_checks.end(),
                     [&](const CheckedProcess& each) { return each.process == leak.process; });
    if (checked == file.pointer_checks.end())
        return "nobody looked at the pointers of its process.";
    if (!checked->check.failure.empty()) return checked->check.failure + ".";
    if (!checked->check.kept_paths)
        return "the run's processes had more than 1,048,576 live blocks, and of those beyond only "
               "the kind was kept.";
    return "the block was made after pointers had been looked at.";
}

void list(const ResultFile& file, std::ostream& out) {
    for (std::size_t i = 0; i < file.leaks.size(); ++i) out << leak_line(file.leaks[i], i) << '\n';
    if (file.leaks.empty()) out << "no leaks\n";
}

}  // namespace

int run_explain(const ExplainOptions& options, std::ostream& out, std::ostream& err) {
    try {
        const ResultFile file = read_file(options.result);
        if (options.leak.empty()) {
            list(file, out);
            return 0;
        }
        const std::size_t index = choose(file, options.leak);
        if (!file.tells_paths)
            throw ResultFileError(fmt::format(
                "was written by leakcheck {}, which did not tell what keeps a leak; run "
                "the tests again with this one",
                file.written_by));
        render_explanation(file.leaks[index], index + 1, why_unknown(file, file.leaks[index]), out);
        return 0;
    } catch (const ResultFileError& error) {
        err << fmt::format("leakcheck: '{}' {}\n", options.result.string(), error.what());
        return own_error_status;
    }
}

}  // namespace leakcheck
