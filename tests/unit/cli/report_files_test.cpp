// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/report_files.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <array>
#include <atomic>
#include <csignal>
#include <thread>

#include "runner/unique_fd.hpp"
#include "tests/unit/cli/test_world.hpp"

namespace leakcheck {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class ReportFiles : public FolderTest {
  protected:
    ReportFile file(const std::string& name) { return {"--json", folder_ / name}; }

    std::string checked(const std::vector<ReportFile>& files, const Identity& who = self()) {
        return message_of(prepare_report_files(files, std::nullopt, who));
    }

    std::string written(const ReportFile& target, std::string_view text,
                        const Identity& who = self()) {
        return message_of(write_report_file(target, text, who));
    }

    struct stat status(const std::string& name) {
        struct stat result {};
        EXPECT_EQ(lstat((folder_ / name).c_str(), &result), 0) << name;
        return result;
    }

    std::size_t entries() {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
    }
};

constexpr const char* fine = "(no problem)";

TEST_F(ReportFiles, NamesWhatWasAskedFor) {
    ReportPaths paths;
    paths.json = "a.json";
    paths.record = "run.rec";
    const auto files = report_files(paths);
    ASSERT_EQ(files.size(), 2u);
    EXPECT_EQ(files[0].option, "--json");
    EXPECT_EQ(files[0].path, "a.json");
    EXPECT_EQ(files[1].option, "--record");
    EXPECT_TRUE(report_files(ReportPaths{}).empty());
}

TEST_F(ReportFiles, ANewFile) {
    EXPECT_EQ(checked({file("new.json")}), fine);
    EXPECT_EQ(entries(), 0u) << "checking leaves nothing behind";
    EXPECT_EQ(written(file("new.json"), "{}\n"), fine);
    EXPECT_EQ(read_text(folder_ / "new.json"), "{}\n");
    EXPECT_EQ(entries(), 1u);
}

TEST_F(ReportFiles, AnEmptyAndALargeText) {
    EXPECT_EQ(written(file("empty"), ""), fine);
    EXPECT_EQ(read_text(folder_ / "empty"), "");
    const std::string large(std::size_t{8} << 20, 'x');
    EXPECT_EQ(written(file("large"), large), fine);
    EXPECT_EQ(read_text(folder_ / "large"), large);
}

TEST_F(ReportFiles, TheUmaskCounts) {
    const mode_t old = umask(027);
    EXPECT_EQ(written(file("masked"), "x"), fine);
    umask(0);
    EXPECT_EQ(written(file("open"), "x"), fine);
    umask(old);
    EXPECT_EQ(status("masked").st_mode & 07777, 0640u);
    EXPECT_EQ(status("open").st_mode & 07777, 0666u);
}

TEST_F(ReportFiles, RelativeToTheWorkingDirectory) {
    const fs::path before = fs::current_path();
    fs::current_path(folder_);
    EXPECT_EQ(checked({{"--json", "here.json"}}), fine);
    EXPECT_EQ(written({"--json", "here.json"}, "x"), fine);
    fs::current_path(before);
    EXPECT_EQ(read_text(folder_ / "here.json"), "x");
}

TEST_F(ReportFiles, BadPathsAreSaidBeforeTheRun) {
    write_text(folder_ / "plain", "");
    fs::create_directory(folder_ / "dir");
    fs::create_symlink("b", folder_ / "a");
    fs::create_symlink("a", folder_ / "b");
    const std::vector<std::pair<std::string, std::string>> cases{
        {"dir", "is a directory; give a file name"},
        {"missing/x", "No such file or directory; create it first"},
        {"missing/", "names a directory; give a file name"},
        {"plain/x", "Not a directory"},
        {"a", "Too many levels of symbolic links"},
        {std::string(300, 'x'), "File name too long"}};
    for (const auto& [name, reason] : cases) {
        EXPECT_THAT(
            checked({file(name)}),
            AllOf(HasSubstr("--json " + (folder_ / name).string() + ": "), HasSubstr(reason)));
        EXPECT_NE(written(file(name), "x"), fine) << name;
    }
}

TEST_F(ReportFiles, ASocketIsRefused) {
    const UniqueFd socket_fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = folder_ / "socket";
    ASSERT_LT(path.size(), sizeof address.sun_path);
    path.copy(address.sun_path, path.size());
    ASSERT_EQ(bind(socket_fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_THAT(checked({file("socket")}), HasSubstr("is a socket"));
}

TEST_F(ReportFiles, TheReportFolderIsMade) {
    const fs::path directory = folder_ / "out/deep";
    const ReportFile report{"--json", directory / "leakcheck.json"};
    EXPECT_EQ(message_of(prepare_report_files({report}, directory, self())), fine);
    EXPECT_TRUE(fs::is_directory(directory));
    EXPECT_EQ(message_of(prepare_report_files({report}, directory, self())), fine)
        << "there already";
}

TEST_F(ReportFiles, AReportFolderThatCannotBe) {
    write_text(folder_ / "plain", "");
    EXPECT_THAT(
        message_of(prepare_report_files({}, folder_ / "plain/out", self())),
        AllOf(HasSubstr("--report-dir"), HasSubstr("plain/out"), HasSubstr("Not a directory")));
}

TEST_F(ReportFiles, NoTwoOptionsShareAFile) {
    fs::create_directory(folder_ / "dir");
    write_text(folder_ / "real", "");
    fs::create_symlink("real", folder_ / "link");
    fs::create_symlink("not-there", folder_ / "dangling");
    const std::vector<std::pair<std::string, std::string>> same{
        {"x", "x"}, {"x", "dir/../x"}, {"x", "./x"}, {"real", "link"}, {"dangling", "not-there"}};
    for (const auto& [first, second] : same) {
        EXPECT_THAT(checked({file(first), {"--sarif", folder_.string() + "/" + second}}),
                    AllOf(HasSubstr("--sarif"), HasSubstr("is the file that --json writes, too")));
    }
    EXPECT_EQ(checked({file("x"), {"--sarif", folder_ / "y"}}), fine);
    EXPECT_EQ(checked({{"--json", "/dev/null"}, {"--sarif", "/dev/null"}}), fine);
}

TEST_F(ReportFiles, LinksAreFollowedAndKept) {
    fs::create_directory(folder_ / "dir");
    write_text(folder_ / "dir/real", "old");
    fs::create_symlink("dir/real", folder_ / "link");
    fs::create_symlink(folder_ / "link", folder_ / "link2");
    fs::create_symlink("dir/new", folder_ / "dangling");
    for (const auto& [name, real] :
         {std::pair{"link2", "dir/real"}, std::pair{"dangling", "dir/new"}}) {
        EXPECT_EQ(checked({file(name)}), fine);
        EXPECT_EQ(written(file(name), "new"), fine);
        EXPECT_TRUE(fs::is_symlink(folder_ / name));
        EXPECT_EQ(read_text(folder_ / real), "new");
    }
}

TEST_F(ReportFiles, AFailureLeavesTheOldContent) {
    write_text(folder_ / "report", "old");
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{1000, 1000};  // the file system is full after 1,000 bytes
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(2);
        const auto problem = write_report_file(file("report"), std::string(100000, 'x'), self());
        _exit(problem && problem->message.find("File too large") != std::string::npos ? 0 : 1);
    }
    int end = 0;
    ASSERT_EQ(waitpid(child, &end, 0), child);
    EXPECT_EQ(end, 0);
    EXPECT_EQ(read_text(folder_ / "report"), "old");
    EXPECT_EQ(entries(), 1u) << "no temporary file is left";
}

TEST_F(ReportFiles, AFileThatCannotBeReplacedIsSaid) {
    fs::create_directory(folder_ / "gone");
    const ReportFile report = file("gone/report");
    EXPECT_EQ(checked({report}), fine);
    fs::remove(folder_ / "gone");
    EXPECT_THAT(written(report, "x"), HasSubstr("No such file or directory"));
}

TEST_F(ReportFiles, NoReaderEverSeesAPart) {
    const std::string first(300000, 'a');
    const std::string second(200000, 'b');
    ASSERT_EQ(written(file("report"), first), fine);
    std::atomic<bool> stop = false;
    std::thread writer([&] {
        for (int i = 0; i < 200; ++i) {
            EXPECT_EQ(written(file("report"), i % 2 == 0 ? second : first), fine);
        }
        stop = true;
    });
    while (!stop) {
        const std::string seen = read_text(folder_ / "report");
        ASSERT_TRUE(seen == first || seen == second) << seen.size() << " bytes";
    }
    writer.join();
}

TEST_F(ReportFiles, ManyWritersInOneFolder) {
    std::vector<std::thread> writers;
    writers.reserve(8);
    for (int i = 0; i < 8; ++i) {
        writers.emplace_back([this, i] {
            for (int round = 0; round < 20; ++round) {
                EXPECT_EQ(written(file("report" + std::to_string(i)), std::to_string(i)), fine);
            }
        });
    }
    for (std::thread& writer : writers) writer.join();
    EXPECT_EQ(entries(), 8u);
}

TEST_F(ReportFiles, SpecialFilesAreWrittenToDirectly) {
    EXPECT_EQ(checked({{"--json", "/dev/null"}}), fine);
    EXPECT_EQ(written({"--json", "/dev/null"}, "x"), fine);
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
    EXPECT_THAT(written({"--json", "/dev/full"}, "x"), HasSubstr("No space left on device"));
}

TEST_F(ReportFiles, APipeIsWrittenToDirectly) {
    const std::string path = folder_ / "pipe";
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    const UniqueFd reader(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    EXPECT_EQ(checked({file("pipe")}), fine);
    EXPECT_EQ(written(file("pipe"), "through"), fine);
    std::array<char, 32> buffer{};
    EXPECT_EQ(read(reader.get(), buffer.data(), buffer.size()), 7);
    EXPECT_STREQ(buffer.data(), "through");
    EXPECT_TRUE(fs::is_fifo(path));
}

TEST_F(ReportFiles, AnOpenDescriptorIsWrittenTo) {
    const std::string path = folder_ / "redirected";
    const UniqueFd out(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    ASSERT_EQ(write(out.get(), "before ", 7), 7);
    for (const char* folder : {"/dev/fd/", "/proc/self/fd/"}) {
        const ReportFile report{"--json", folder + std::to_string(out.get())};
        EXPECT_EQ(checked({report}), fine);
        EXPECT_EQ(written(report, "x"), fine);
    }
    fs::create_symlink("/dev/fd/" + std::to_string(out.get()), folder_ / "link");
    EXPECT_EQ(written(file("link"), "y"), fine);
    EXPECT_EQ(read_text(path), "before xxy") << "neither replaced nor overwritten";
}

TEST_F(ReportFiles, DescriptorsThatCannotBeWritten) {
    EXPECT_THAT(checked({{"--json", "/dev/fd/987"}}), HasSubstr("is not open"));
    const UniqueFd in(open("/dev/null", O_RDONLY | O_CLOEXEC));
    EXPECT_THAT(checked({{"--json", "/dev/fd/" + std::to_string(in.get())}}),
                HasSubstr("reading only"));
}

TEST_F(ReportFiles, ANonBlockingPipeIsWaitedFor) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
    const UniqueFd reader(ends[0]);
    UniqueFd writer(ends[1]);
    const std::string text(1 << 20, 'x');
    std::string seen;
    std::thread reading([&] {
        fcntl(reader.get(), F_SETFL, 0);
        std::vector<char> buffer(4096);
        for (ssize_t got; (got = read(reader.get(), buffer.data(), buffer.size())) > 0;) {
            seen.append(buffer.data(), static_cast<std::size_t>(got));
        }
    });
    EXPECT_EQ(written({"--json", "/dev/fd/" + std::to_string(writer.get())}, text), fine);
    writer = UniqueFd();
    reading.join();
    EXPECT_EQ(seen, text);
}

// What follows: root, by sudo, on behalf of a user.

TEST_F(ReportFiles, FilesBelongToTheUser) {
    LEAKCHECK_NEEDS_ROOT();
    const fs::path directory = folder_ / "out";
    const ReportFile report{"--json", directory / "leakcheck.json"};
    EXPECT_EQ(message_of(prepare_report_files({report}, directory, as_nobody())), fine);
    EXPECT_EQ(written(report, "{}", as_nobody()), fine);
    EXPECT_EQ(status("out").st_uid, nobody);
    EXPECT_EQ(status("out/leakcheck.json").st_uid, nobody);
    EXPECT_EQ(status("out/leakcheck.json").st_gid, nobody);
}

TEST_F(ReportFiles, AFolderThatTheUserMayNotWriteTo) {
    LEAKCHECK_NEEDS_ROOT();
    fs::create_directory(folder_ / "roots");
    EXPECT_THAT(checked({file("roots/x")}, as_nobody()),
                AllOf(HasSubstr("cannot be written"), HasSubstr("65534")));
    EXPECT_NE(written(file("roots/x"), "x", as_nobody()), fine);
    EXPECT_FALSE(fs::exists(folder_ / "roots/x"));
    EXPECT_NE(message_of(prepare_report_files({}, folder_ / "roots/out", as_nobody())), fine);
    EXPECT_FALSE(fs::exists(folder_ / "roots/out"));
}

TEST_F(ReportFiles, AFileThatTheUserMayNotWriteTo) {
    LEAKCHECK_NEEDS_ROOT();
    write_text(folder_ / "roots", "old");
    chmod((folder_ / "roots").c_str(), 0644);
    EXPECT_THAT(checked({file("roots")}, as_nobody()), HasSubstr("exists and cannot be written"));
}

TEST_F(ReportFiles, ALinkToRootsFileDoesNotReplaceIt) {
    LEAKCHECK_NEEDS_ROOT();
    fs::create_directory(folder_ / "etc");
    write_text(folder_ / "etc/passwd", "old");
    fs::create_symlink(folder_ / "etc/passwd", folder_ / "link");
    EXPECT_NE(checked({file("link")}, as_nobody()), fine);
    EXPECT_NE(written(file("link"), "new", as_nobody()), fine);
    EXPECT_EQ(read_text(folder_ / "etc/passwd"), "old");
}

TEST_F(ReportFiles, AFolderThatBecomesALinkDuringTheRun) {
    LEAKCHECK_NEEDS_ROOT();
    const fs::path directory = folder_ / "out";
    const ReportFile report{"--json", directory / "leakcheck.json"};
    ASSERT_EQ(message_of(prepare_report_files({report}, directory, as_nobody())), fine);
    fs::remove(directory);
    fs::create_directory(folder_ / "roots");
    fs::create_directory_symlink("roots", directory);
    EXPECT_THAT(written(report, "x", as_nobody()), HasSubstr("Permission denied"));
    EXPECT_TRUE(fs::is_empty(folder_ / "roots"));
}

TEST_F(ReportFiles, InASharedFolderOthersFilesAndLinksAreRefused) {
    LEAKCHECK_NEEDS_ROOT();
    chmod(folder_.c_str(), 01777);
    write_text(folder_ / "others", "old");
    chmod((folder_ / "others").c_str(), 0666);
    EXPECT_THAT(checked({file("others")}, as_nobody()),
                HasSubstr("another user's file in a shared directory"));
    ASSERT_EQ(chown(folder_.c_str(), 1, 1), 0);
    fs::create_symlink("/dev/shm/x", folder_ / "trap");
    EXPECT_THAT(checked({file("trap")}, as_nobody()), HasSubstr("another user's symbolic link"));
    ASSERT_EQ(lchown((folder_ / "trap").c_str(), nobody, nobody), 0);
    EXPECT_EQ(checked({file("trap")}, as_nobody()), fine) << "the user's own link";
}

TEST_F(ReportFiles, ADeviceThatTheUserMayNotWriteTo) {
    LEAKCHECK_NEEDS_ROOT();
    ASSERT_EQ(mkfifo((folder_ / "pipe").c_str(), 0600), 0);
    EXPECT_THAT(checked({file("pipe")}, as_nobody()), HasSubstr("cannot be written"));
}

}  // namespace
}  // namespace leakcheck
