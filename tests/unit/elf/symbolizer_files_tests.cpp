// SPDX-License-Identifier: Apache-2.0
//
// Which file an address belongs to, and what is left when the file cannot be read.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/fsuid.h>
#include <unistd.h>

#include "runner/elf/elf_file.hpp"
#include "runner/elf/symbolizer.hpp"
#include "tests/unit/elf/fixtures.hpp"

namespace leakcheck {
namespace {

using test::fixture;

constexpr ProcessId kProcess{1};
constexpr std::uint64_t kBase = 0x7f1200000000;

Mapping mapping(const std::string& path, std::uint64_t time_ns = 0) {
    return {kProcess, kBase, kBase + 0x10000, 0, time_ns, path};
}

StackRecord stack(std::vector<std::uint64_t> frames, std::uint64_t time_ns = 100) {
    StackRecord record;
    record.process = kProcess;
    record.first_seen_ns = time_ns;
    record.frames = std::move(frames);
    return record;
}

// A return address within the plugin's function, as an offset in its file.
std::uint64_t plugin_offset(const std::string& name) {
    std::string error;
    const auto file = elf::ElfFile::open(fixture(name), error);
    std::uint64_t offset = 0;
    file->for_each_symbol(SHT_DYNSYM, [&](const char* symbol, const GElf_Sym& entry) {
        if (std::string(symbol).starts_with("plugin_")) {
            offset = file->offset_of(entry.st_value).value_or(0) + 1;
        }
    });
    return offset;
}

TEST(SymbolizerFiles, ALibraryAtTheAddressOfAClosedOneIsToldByTime) {
    ASSERT_EQ(plugin_offset("plugin_a.so"), plugin_offset("plugin_b.so"));
    Symbolizer symbolizer({});
    symbolizer.add_mapping(mapping(fixture("plugin_a.so"), 10));
    symbolizer.add_mapping(mapping(fixture("plugin_b.so"), 20));
    const std::uint64_t address = kBase + plugin_offset("plugin_a.so");
    EXPECT_EQ(symbolizer.symbolize(stack({address}, 15))[0].function, "plugin_a_function");
    EXPECT_EQ(symbolizer.symbolize(stack({address}, 25))[0].function, "plugin_b_function");
    EXPECT_EQ(symbolizer.symbolize(stack({address}, 5))[0].module, "");
}

TEST(SymbolizerFiles, MappingsOfPartsOfAFileUseTheirOffset) {
    const std::uint64_t offset = plugin_offset("plugin_a.so");
    const std::uint64_t page = offset & ~std::uint64_t{0xfff};
    Symbolizer symbolizer({});
    symbolizer.add_mapping({kProcess, kBase, kBase + 0x1000, page, 0, fixture("plugin_a.so")});
    const auto frames = symbolizer.symbolize(stack({kBase + offset - page}));
    EXPECT_EQ(frames[0].function, "plugin_a_function");
}

TEST(SymbolizerFiles, UnmappedAndAnonymousAddressesStayRaw) {
    Symbolizer symbolizer({});
    symbolizer.add_mapping(mapping("//anon"));
    const auto frames = symbolizer.symbolize(stack({kBase + 8, 0x1234, 0, UINT64_MAX}));
    ASSERT_EQ(frames.size(), 4U);
    EXPECT_EQ(frames[0].address, kBase + 8);
    EXPECT_EQ(frames[1].address, 0x1234U);
    EXPECT_EQ(frames[2].address, 0U);
    EXPECT_EQ(frames[3].address, UINT64_MAX);
    for (const Frame& frame : frames) {
        EXPECT_EQ(frame.module, "");
        EXPECT_EQ(frame.function, "");
    }
    EXPECT_TRUE(symbolizer.warnings().empty());
}

TEST(SymbolizerFiles, TheKernelsOwnObjectIsNamed) {
    Symbolizer symbolizer({});
    symbolizer.add_mapping(mapping("[vdso]"));
    const auto frames = symbolizer.symbolize(stack({kBase + 0x600}));
    EXPECT_EQ(frames[0].module, "[vdso]");
    EXPECT_EQ(frames[0].address, 0x600U);
    EXPECT_TRUE(symbolizer.warnings().empty());
}

void expect_one_warning(const std::string& path, const std::string& module,
                        const std::string& text) {
    Symbolizer symbolizer({});
    symbolizer.add_mapping(mapping(path));
    for (int i = 0; i < 2; ++i) {
        const auto frames = symbolizer.symbolize(stack({kBase + 0x100, kBase + 0x200}));
        ASSERT_EQ(frames.size(), 2U);
        EXPECT_EQ(frames[0].module, module);
        EXPECT_EQ(frames[0].function, "");
        EXPECT_EQ(frames[0].address, 0x100U);
    }
    ASSERT_EQ(symbolizer.warnings().size(), 1U);
    EXPECT_NE(symbolizer.warnings()[0].find(text), std::string::npos) << symbolizer.warnings()[0];
    EXPECT_NE(symbolizer.warnings()[0].find(module), std::string::npos);
}

TEST(SymbolizerFiles, WarnOnceAboutEachFileThatCannotBeRead) {
    const test::TemporaryDirectory directory;
    const std::string missing = directory.path() / "missing.so";
    expect_one_warning(missing, missing, "No such file");
    const std::string text = directory.write("text.so", std::string(0x10000, 'x'));
    expect_one_warning(text, text, "not a valid ELF file");
    const std::string empty = directory.write("empty.so", "");
    expect_one_warning(empty, empty, "not a valid ELF file");
    const std::string folder = directory.path();
    expect_one_warning(folder, folder, "not a regular file");
}

TEST(SymbolizerFiles, PipesAreNotWaitedFor) {
    const test::TemporaryDirectory directory;
    const std::string pipe = directory.path() / "pipe";
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    expect_one_warning(pipe, pipe, "not a regular file");
}

TEST(SymbolizerFiles, DeletedFilesAreNamedWithoutTheKernelsRemark) {
    const std::string path = fixture("plugin_a.so");
    expect_one_warning(path + " (deleted)", path, "was deleted");
}

TEST(SymbolizerFiles, AFileMayBeCalledDeleted) {
    const test::TemporaryDirectory directory;
    const std::string path =
        directory.write("odd (deleted)", test::read_file(fixture("plugin_a.so")));
    Symbolizer symbolizer({});
    symbolizer.add_mapping(mapping(path));
    const auto frames = symbolizer.symbolize(stack({kBase + plugin_offset("plugin_a.so")}));
    EXPECT_EQ(frames[0].function, "plugin_a_function");
    EXPECT_EQ(frames[0].module, path);
}

TEST(SymbolizerFiles, MemoryThatLooksLikeAFileIsNotWarnedAbout) {
    for (const char* path :
         {"/memfd:x (deleted)", "/dev/zero (deleted)", "/SYSV00000000 (deleted)"}) {
        Symbolizer symbolizer({});
        symbolizer.add_mapping(mapping(path));
        symbolizer.symbolize(stack({kBase + 0x100}));
        EXPECT_TRUE(symbolizer.warnings().empty()) << path;
    }
}

TEST(SymbolizerFiles, UnreadableFilesAreWarnedAbout) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.write("closed.so", "");
    chmod(path.c_str(), 0);
    constexpr uid_t nobody = 65534;
    const int before = setfsuid(nobody);  // root could read it; for others this changes nothing
    expect_one_warning(path, path, "Permission denied");
    setfsuid(static_cast<uid_t>(before));
}

TEST(SymbolizerFiles, LookingForTestsWarnsAboutNothing) {
    Symbolizer symbolizer({});
    symbolizer.add_mapping(mapping("/no/such/file.so"));
    EXPECT_FALSE(symbolizer.test_definition("Suite", "Test"));
    EXPECT_TRUE(symbolizer.warnings().empty());
}

TEST(SymbolizerFiles, AForkedChildIsSymbolizedByItsParentsMappings) {
    Symbolizer symbolizer({});
    symbolizer.add_mapping(mapping(fixture("plugin_a.so"), 10));
    symbolizer.add_mapping(mapping(fixture("plugin_b.so"), 30));
    ProcessRecord child;
    child.id = ProcessId{2};
    child.parent = kProcess;
    child.start_ns = 20;
    symbolizer.add_process(child);
    StackRecord record = stack({kBase + plugin_offset("plugin_a.so")}, 50);
    record.process = child.id;
    EXPECT_EQ(symbolizer.symbolize(record)[0].function, "plugin_a_function");
}

}  // namespace
}  // namespace leakcheck
