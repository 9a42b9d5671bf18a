// SPDX-License-Identifier: Apache-2.0
#include "runner/run/sampler_library.hpp"

#include <cstring>
#include <string>

#include "abi/leakcheck_abi.h"
#include "runner/run/end_check.hpp"
#include "runner/trace/trace_error.hpp"
#include "sampler/patch_config.hpp"

namespace leakcheck {
namespace {

namespace fs = std::filesystem;

constexpr const char* kName = "libleakcheck_sampler.so";

leakcheck_mode mode_of(SamplingKind kind) {
    switch (kind) {
        case SamplingKind::counted:
            return LEAKCHECK_MODE_COUNTED;
        case SamplingKind::adaptive:
            return LEAKCHECK_MODE_ADAPTIVE;
        case SamplingKind::bytes:
            return LEAKCHECK_MODE_BYTES;
        case SamplingKind::strata:
            return LEAKCHECK_MODE_STRATA;
        case SamplingKind::auto_rate:
            return LEAKCHECK_MODE_AUTO_RATE;
        case SamplingKind::one_in:
            break;
    }
    return LEAKCHECK_MODE_RATE;
}

void put_mode(leakcheck_config& config, const Options& options) {
    const SamplingMode& mode = options.sampling;
    config.mode = mode_of(mode.kind);
    config.sample_rate = mode.rate;
    config.first_samples = options.first_samples;
    config.path_traces = mode.kind == SamplingKind::counted
                             ? options.first_samples
                             : default_first_samples(SamplingKind::counted);
    config.mean_bytes = mode.mean_bytes;
    for (const SizeStratum& stratum : mode.strata)
        config.strata[config.strata_count++] = {stratum.below, stratum.rate};
}

leakcheck_shows shows_ending(CheckChoice check) {
    switch (check) {
        case CheckChoice::none:
            return LEAKCHECK_SHOWS_NO_END;
        case CheckChoice::exit:
            return LEAKCHECK_SHOWS_ITS_END;
        case CheckChoice::test_end:
            return LEAKCHECK_SHOWS_ENDS_OF_TESTS;
    }
    return LEAKCHECK_SHOWS_NO_END;
}

leakcheck_config sampler_config(const fs::path& control, const Options& options) {
    leakcheck_config config{};
    config.magic = LEAKCHECK_CONFIG_MAGIC;
    config.version = LEAKCHECK_ABI_VERSION;
    config.enabled = 1;
    config.shows_ending = shows_ending(options.check);
    put_mode(config, options);
    config.min_size = options.min_size;
    config.max_size = options.max_size;
    config.seed = options.seed;
    config.max_live = options.maps.live;
    const std::string path = control.string();
    if (path.size() >= sizeof(config.control_path))
        throw TraceError("the temporary directory's name is too long: " + path +
                         "; set TMPDIR to a shorter one");
    std::memcpy(config.control_path, path.c_str(), path.size() + 1);
    return config;
}

}  // namespace

std::optional<fs::path> find_sampler_library() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (error) return std::nullopt;
    for (const fs::path directory : {LEAKCHECK_LIBRARY_DIRECTORY, "../lib/leakcheck"}) {
        const fs::path candidate = (program.parent_path() / directory / kName).lexically_normal();
        if (fs::exists(candidate, error)) return candidate;
    }
    return std::nullopt;
}

void make_run_copy(const fs::path& library, const fs::path& copy, const fs::path& control,
                   const Options& options) {
    try {
        write_sampler_copy(library, copy, sampler_config(control, options));
    } catch (const TraceError&) {
        throw;
    } catch (const std::runtime_error& error) {
        throw TraceError(error.what());
    }
}

}  // namespace leakcheck
