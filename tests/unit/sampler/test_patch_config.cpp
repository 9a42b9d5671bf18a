// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "sampler/patch_config.hpp"
#include "tests/unit/sampler/traced_library.hpp"

namespace leakcheck::test {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::size_t record_offset(const std::string& library) {
    const std::uint64_t magic = LEAKCHECK_CONFIG_MAGIC;
    return library.find(std::string(reinterpret_cast<const char*>(&magic), sizeof magic));
}

class PatchConfig : public testing::Test {
  protected:
    fs::path write(const std::string& name, const std::string& bytes) {
        std::ofstream(directory_.path() / name, std::ios::binary) << bytes;
        return directory_.path() / name;
    }
    fs::path copy() const { return directory_.path() / "copy.so"; }

    // Expects a failure that names the file and has this in its message, and no copy left behind.
    void expect_refused(const fs::path& library, const std::string& message) {
        try {
            write_sampler_copy(library, copy(), tracing_config());
            ADD_FAILURE() << library << " was accepted";
        } catch (const std::runtime_error& error) {
            EXPECT_NE(std::string(error.what()).find(message), std::string::npos) << error.what();
            EXPECT_NE(std::string(error.what()).find(library.string()), std::string::npos)
                << error.what();
        }
        EXPECT_FALSE(fs::exists(copy()));
    }
    void expect_config_accepted(const leakcheck_config& config) {
        EXPECT_NO_THROW(write_sampler_copy(built_, copy(), config));
        fs::remove(copy());
    }
    void expect_config_refused(const leakcheck_config& config) {
        EXPECT_THROW(write_sampler_copy(built_, copy(), config), std::runtime_error);
        EXPECT_FALSE(fs::exists(copy()));
    }

    TemporaryDirectory directory_;
    fs::path built_ = LEAKCHECK_SAMPLER_LIBRARY;
};

TEST_F(PatchConfig, ChangesTheRecordAndNothingElse) {
    leakcheck_config config = tracing_config();
    config.sample_rate = 123;
    config.seed = 456;
    std::strcpy(config.control_path, "/some/where");
    write_sampler_copy(built_, copy(), config);
    const std::string before = contents(built_);
    const std::string after = contents(copy());
    const std::size_t offset = record_offset(after);
    ASSERT_EQ(offset, record_offset(before));
    ASSERT_EQ(before.size(), after.size());
    EXPECT_EQ(std::memcmp(after.data() + offset, &config, sizeof config), 0);
    EXPECT_EQ(before.substr(0, offset), after.substr(0, offset));
    EXPECT_EQ(before.substr(offset + sizeof config), after.substr(offset + sizeof config));
}

TEST_F(PatchConfig, TheLibraryAsBuiltIsDisabled) {
    const std::string library = contents(built_);
    leakcheck_config config;
    std::memcpy(&config, library.data() + record_offset(library), sizeof config);
    EXPECT_EQ(config.version, static_cast<unsigned>(LEAKCHECK_ABI_VERSION));
    EXPECT_EQ(config.enabled, 0u);
}

TEST_F(PatchConfig, ACopyMayBeCopiedAgainAndOverwritten) {
    write_sampler_copy(built_, copy(), tracing_config());
    write_sampler_copy(copy(), directory_.path() / "second.so", tracing_config());
    write_sampler_copy(built_, copy(), tracing_config());
    EXPECT_EQ(contents(copy()), contents(directory_.path() / "second.so"));
}

TEST_F(PatchConfig, TheCopyIsReadableByAll) {
    const mode_t before = umask(077);
    write_sampler_copy(built_, copy(), tracing_config());
    umask(before);
    EXPECT_EQ(fs::status(copy()).permissions(), fs::perms(0755));
}

TEST_F(PatchConfig, RefusesWhatIsNotThere) {
    expect_refused(directory_.path() / "none.so", "No such file");
}
TEST_F(PatchConfig, RefusesADirectory) {
    expect_refused(directory_.path(), "is a directory");
}
TEST_F(PatchConfig, RefusesAnEmptyFile) {
    expect_refused(write("x.so", ""), "not an x86-64 shared library");
}
TEST_F(PatchConfig, RefusesText) {
    expect_refused(write("x.so", "#!/bin/sh\n"), "not an x86-64 shared library");
}
TEST_F(PatchConfig, RefusesOtherLibraries) {
    expect_refused(LEAKCHECK_OTHER_LIBRARY, "has no section");
}

TEST_F(PatchConfig, RefusesAnotherMachine) {
    std::string bytes = contents(built_);
    bytes[18] = 3;  // e_machine: i386
    expect_refused(write("x.so", bytes), "not an x86-64 shared library");
}

TEST_F(PatchConfig, RefusesAnotherMagic) {
    std::string bytes = contents(built_);
    bytes[record_offset(bytes)] ^= 1;
    expect_refused(write("x.so", bytes), "not one of leakcheck's");
}

TEST_F(PatchConfig, RefusesAnotherVersion) {
    std::string bytes = contents(built_);
    bytes[record_offset(bytes) + offsetof(leakcheck_config, version)] ^= 64;
    expect_refused(write("x.so", bytes), "of version");
}

// Cut off anywhere, or with bytes of its headers changed, it is refused or copied, but never
// misread.
TEST_F(PatchConfig, SurvivesTruncatedLibraries) {
    const std::string bytes = contents(built_);
    for (std::size_t size = 0; size < bytes.size(); size += 1 + bytes.size() / 200) {
        expect_refused(write("x.so", bytes.substr(0, size)), "x.so");
    }
}

TEST_F(PatchConfig, SurvivesDamagedHeaders) {
    const std::string bytes = contents(built_);
    std::uint64_t sections = 0;
    std::memcpy(&sections, bytes.data() + 40, sizeof sections);  // e_shoff
    for (std::size_t at = 0; at < bytes.size();
         at = at < 64 ? at + 1 : std::max<std::size_t>(sections, at + 11)) {
        std::string damaged = bytes;
        damaged[at] = static_cast<char>(~damaged[at]);
        try {
            write_sampler_copy(write("x.so", damaged), copy(), tracing_config());
            EXPECT_EQ(fs::file_size(copy()), damaged.size());
        } catch (const std::runtime_error&) {
        }
    }
}

TEST_F(PatchConfig, NamesTheTargetThatCannotBeWritten) {
    const fs::path target = directory_.path() / "missing" / "copy.so";
    try {
        write_sampler_copy(built_, target, tracing_config());
        ADD_FAILURE() << "written";
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string(error.what()).find(target.string()), std::string::npos)
            << error.what();
        EXPECT_NE(std::string(error.what()).find("No such file"), std::string::npos)
            << error.what();
    }
}

TEST_F(PatchConfig, NoticesAFullDisk) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
    EXPECT_THROW(write_sampler_copy(built_, "/dev/full", tracing_config()), std::runtime_error);
    EXPECT_TRUE(fs::exists("/dev/full"));
}

TEST_F(PatchConfig, RefusesConfigurationsThatMakeNoSense) {
    leakcheck_config config = tracing_config();
    config.sample_rate = 0;
    expect_config_refused(config);
    config.sample_rate = largest_sample_rate + 1;
    expect_config_refused(config);
    config = tracing_config();
    config.mode = LEAKCHECK_MODES;
    expect_config_refused(config);
    config = tracing_config();
    config.magic = 0;
    expect_config_refused(config);
    config = tracing_config();
    std::memset(config.control_path, 'x', sizeof config.control_path);
    expect_config_refused(config);
}

TEST_F(PatchConfig, RefusesModesWithoutTheirNumbers) {
    leakcheck_config config = tracing_config();
    config.mode = LEAKCHECK_MODE_ADAPTIVE;
    config.sample_rate = 1000;
    expect_config_refused(config);  // no first samples
    config.first_samples = 32;
    expect_config_accepted(config);
    config.sample_rate = largest_drawn_rate + 1;
    expect_config_refused(config);
    config.mode = LEAKCHECK_MODE_COUNTED;
    expect_config_accepted(config);
    config.path_traces = 0;
    expect_config_refused(config);
    config.mode = LEAKCHECK_MODE_ADAPTIVE;
    config.sample_rate = 1000;
    expect_config_refused(config);
    config.mode = LEAKCHECK_MODE_BYTES;
    expect_config_refused(config);
    config.mean_bytes = largest_mean_bytes + 1;
    expect_config_refused(config);
    config.mean_bytes = largest_mean_bytes;
    expect_config_accepted(config);
}

TEST_F(PatchConfig, RefusesStrataThatDoNotCoverAllSizesOnce) {
    leakcheck_config config = tracing_config();
    config.mode = LEAKCHECK_MODE_STRATA;
    expect_config_refused(config);  // none
    config.strata_count = 2;
    config.strata[0] = {1024, 100};
    config.strata[1] = {~0ull, 10};
    expect_config_accepted(config);
    config.strata[1].rate = 0;
    expect_config_refused(config);
    config.strata[1] = {1024, 10};
    expect_config_refused(config);
    config.strata[1] = {2048, 10};
    expect_config_refused(config);
    config.strata_count = LEAKCHECK_MAX_STRATA + 1;
    expect_config_refused(config);
}

}  // namespace
}  // namespace leakcheck::test
