// SPDX-License-Identifier: Apache-2.0
#include "runner/config/known_leaks.hpp"

#include <utility>

#include "runner/baseline/baseline_file.hpp"
#include "runner/config/ready_suppressions.hpp"
#include "runner/config/suppression_files.hpp"
#include "runner/config/text_file.hpp"

namespace leakcheck {

namespace fs = std::filesystem;

Outcome<std::vector<Suppression>> load_suppressions(const Options& options,
                                                    const fs::path& working_directory) {
    std::vector<Suppression> all;
    for (const fs::path& path : options.suppression_files) {
        const auto text = read_text_file(working_directory / path, path.string());
        if (const auto* problem = std::get_if<Problem>(&text)) return *problem;
        auto rules = read_suppressions(path.string(), std::get<std::string>(text));
        if (const auto* problem = std::get_if<Problem>(&rules)) return *problem;
        for (Suppression& rule : std::get<std::vector<Suppression>>(rules))
            all.push_back(std::move(rule));
    }
    if (!options.default_suppressions) return all;
    for (Suppression& rule : ready_suppressions()) all.push_back(std::move(rule));
    return all;
}

Outcome<Baseline> load_baseline(const Options& options, const fs::path& working_directory) {
    const std::string name = options.baseline->string();
    const auto text = read_text_file(working_directory / *options.baseline, name);
    if (const auto* problem = std::get_if<Problem>(&text))
        return Problem{problem->message + "; leakcheck baseline create makes a baseline"};
    auto entries = read_baseline(name, std::get<std::string>(text));
    if (const auto* problem = std::get_if<Problem>(&entries)) return *problem;
    return Baseline{name, std::get<std::vector<BaselineEntry>>(std::move(entries)),
                    options.ratchet};
}

}  // namespace leakcheck
