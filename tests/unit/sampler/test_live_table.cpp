// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <random>
#include <thread>
#include <unordered_map>
#include <vector>

#include "sampler/live_table.hpp"

namespace leakcheck::sampler {
namespace {

constexpr std::uint64_t unlimited = LiveTable::largest_max_live;

const void* address(std::uint64_t number) {
    return reinterpret_cast<const void*>(0x7f0000000000 + number * 16);  // NOLINT: never followed
}

struct TableDeleter {
    void operator()(LiveTable* table) const {
        table->release();
        delete table;
    }
};
using TablePointer = std::unique_ptr<LiveTable, TableDeleter>;
TablePointer make_table() {
    return TablePointer(new LiveTable);
}

TEST(LiveTable, IsEmptyAtFirst) {
    const auto table = make_table();
    EXPECT_EQ(table->size(), 0u);
    EXPECT_FALSE(table->may_hold(address(1)));
    EXPECT_EQ(table->erase(address(1)), LiveTable::no_serial);
    EXPECT_EQ(table->erase(nullptr), LiveTable::no_serial);
}

TEST(LiveTable, GivesTheSerialBackOnce) {
    const auto table = make_table();
    EXPECT_TRUE(table->insert(address(1), 17, unlimited));
    EXPECT_TRUE(table->may_hold(address(1)));
    EXPECT_EQ(table->size(), 1u);
    EXPECT_EQ(table->erase(address(1)), 17u);
    EXPECT_EQ(table->erase(address(1)), LiveTable::no_serial);
    EXPECT_FALSE(table->may_hold(address(1)));
    EXPECT_EQ(table->size(), 0u);
}

TEST(LiveTable, NullIsNeverFoundAmongFreeSlots) {
    const auto table = make_table();
    ASSERT_TRUE(table->insert(address(1), 17, unlimited));
    EXPECT_EQ(table->erase(nullptr), LiveTable::no_serial);
    EXPECT_EQ(table->size(), 1u);
}

TEST(LiveTable, AnAddressInsertedAgainGetsTheNewSerial) {
    const auto table = make_table();
    ASSERT_TRUE(table->insert(address(1), 17, unlimited));
    ASSERT_TRUE(table->insert(address(1), 18, unlimited));
    EXPECT_EQ(table->size(), 1u);
    EXPECT_EQ(table->erase(address(1)), 18u);
    EXPECT_EQ(table->erase(address(1)), LiveTable::no_serial);
    EXPECT_FALSE(table->may_hold(address(1)));
}

TEST(LiveTable, ReplacesAlsoWhenFull) {
    const auto table = make_table();
    ASSERT_TRUE(table->insert(address(1), 1, 1));
    EXPECT_FALSE(table->insert(address(2), 2, 1));
    EXPECT_TRUE(table->insert(address(1), 3, 1));
    EXPECT_EQ(table->erase(address(1)), 3u);
    EXPECT_TRUE(table->insert(address(2), 4, 1));
}

TEST(LiveTable, HoldsExactlyAsManyAsAllowed) {
    constexpr std::uint64_t limit = 100'000;
    const auto table = make_table();
    for (std::uint64_t i = 0; i < limit; ++i) ASSERT_TRUE(table->insert(address(i), i + 1, limit));
    EXPECT_FALSE(table->insert(address(limit), 1, limit));
    EXPECT_FALSE(table->insert(address(limit + 1), 1, limit));
    EXPECT_EQ(table->size(), limit);
    EXPECT_EQ(table->erase(address(5)), 6u);
    EXPECT_TRUE(table->insert(address(limit), 1, limit));
    EXPECT_EQ(table->erase(address(limit)), 1u);
    EXPECT_FALSE(make_table()->insert(address(1), 1, 0));
}

struct Stride : testing::TestWithParam<std::uint64_t> {};

// Allocators hand out addresses in arithmetic progressions of all kinds.
TEST_P(Stride, GrowsToTwoMillionAndBack) {
    constexpr std::uint64_t count = 2'000'000;
    const auto table = make_table();
    const auto at = [&](std::uint64_t i) {
        return reinterpret_cast<const void*>(0x1000 + i * GetParam());
    };
    for (std::uint64_t i = 0; i < count; ++i) ASSERT_TRUE(table->insert(at(i), i + 1, unlimited));
    EXPECT_EQ(table->size(), count);
    for (std::uint64_t i = 0; i < count; ++i) ASSERT_EQ(table->erase(at(i)), i + 1);
    EXPECT_EQ(table->size(), 0u);
    for (std::uint64_t i = 0; i < count; ++i) ASSERT_FALSE(table->may_hold(at(i)));
}

INSTANTIATE_TEST_SUITE_P(Bytes, Stride, testing::Values(8, 16, 48, 4096, 4112, 1 << 20));

// Random operations against the standard library's map.
TEST(LiveTable, BehavesLikeAMap) {
    const std::uint64_t seed = std::random_device{}();
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RecordProperty("seed", std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto table = make_table();
    std::unordered_map<const void*, std::uint64_t> model;
    for (std::uint64_t step = 1; step <= 1'000'000; ++step) {
        const void* const at = address(random() % 30'000);
        if (random() % 2 == 0) {
            ASSERT_TRUE(table->insert(at, step, unlimited));
            model[at] = step;
        } else {
            const auto found = model.find(at);
            ASSERT_EQ(table->erase(at),
                      found == model.end() ? LiveTable::no_serial : found->second);
            if (found != model.end()) model.erase(found);
        }
        ASSERT_EQ(table->size(), model.size());
    }
    for (const auto& [at, serial] : model) ASSERT_EQ(table->erase(at), serial);
}

double mean_buckets_examined(const LiveTable& table, const std::vector<const void*>& addresses) {
    double sum = 0;
    for (const void* each : addresses) sum += static_cast<double>(table.buckets_examined(each));
    return sum / static_cast<double>(addresses.size());
}

// With tombstones, or blocks stranded in ever higher levels, lookups would grow longer.
TEST(LiveTable, DoesNotDecayOverTenMillionInsertsAndErases) {
    const auto table = make_table();
    std::vector<const void*> live;
    std::uint64_t next = 0;
    for (; next < 50'000; ++next) {
        live.push_back(address(next));
        ASSERT_TRUE(table->insert(live.back(), 1, unlimited));
    }
    const double fresh = mean_buckets_examined(*table, live);
    std::mt19937_64 random(1);
    for (; next < 10'050'000; ++next) {
        const void*& replaced = live[random() % live.size()];
        ASSERT_EQ(table->erase(replaced), 1u);
        replaced = address(next);
        ASSERT_TRUE(table->insert(replaced, 1, unlimited));
    }
    EXPECT_LE(mean_buckets_examined(*table, live), 1.5 * fresh);
}

TEST(LiveTable, LookupsOfAFewBlocksStayInTheFirstLevelAfterAPeak) {
    const auto table = make_table();
    for (std::uint64_t i = 0; i < 1'000'000; ++i)
        ASSERT_TRUE(table->insert(address(i), 1, unlimited));
    for (std::uint64_t i = 0; i < 1'000'000; ++i) ASSERT_EQ(table->erase(address(i)), 1u);
    for (std::uint64_t i = 0; i < 1000; ++i) {
        ASSERT_TRUE(table->insert(address(i), 1, unlimited));
        ASSERT_LE(table->buckets_examined(address(i)), 2u);
    }
}

// Each thread inserts its own addresses; every second is erased by its neighbour.
TEST(LiveTable, ThreadsHandBlocksToEachOther) {
    constexpr std::uint64_t per_thread = 200'000;
    constexpr std::uint64_t thread_count = 4;
    const auto table = make_table();
    std::vector<std::atomic<std::uint64_t>> inserted(thread_count);
    std::atomic<std::uint64_t> errors{0};
    const auto work = [&](std::uint64_t self) {
        const std::uint64_t neighbour = (self + 1) % thread_count;
        for (std::uint64_t i = 0; i < per_thread; ++i) {
            errors += !table->insert(address(self * per_thread + i), self * per_thread + i + 1,
                                     unlimited);
            inserted[self].store(i + 1, std::memory_order_release);
        }
        for (std::uint64_t i = 0; i < per_thread; i += 2) {
            while (inserted[neighbour].load(std::memory_order_acquire) <= i)
                std::this_thread::yield();
            const std::uint64_t number = neighbour * per_thread + i;
            errors += table->erase(address(number)) != number + 1;
        }
    };
    std::vector<std::thread> threads;
    for (std::uint64_t i = 0; i < thread_count; ++i) threads.emplace_back(work, i);
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(errors, 0u);
    EXPECT_EQ(table->size(), thread_count * per_thread / 2);
}

// A program with a double free: many threads erase and insert the same few addresses. Each serial
// inserted comes out at most once, and what comes out is what went in for that address.
TEST(LiveTable, RacesOnOneAddressNeverGiveTornPairs) {
    constexpr std::uint64_t addresses = 4;
    constexpr std::uint64_t rounds = 200'000;
    const auto table = make_table();
    std::atomic<std::uint64_t> torn{0};
    std::vector<std::thread> threads;
    for (std::uint64_t self = 0; self < 4; ++self) {
        threads.emplace_back([&, self] {
            for (std::uint64_t i = 1; i <= rounds; ++i) {
                const std::uint64_t which = i % addresses;
                table->insert(address(which), (i * 4 + self) * addresses + which, unlimited);
                const std::uint64_t serial = table->erase(address(which));
                torn += serial != LiveTable::no_serial && serial % addresses != which;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(torn, 0u);
}

LiveTable* handler_table = nullptr;
std::atomic<std::uint64_t> handler_runs{0};

void use_table_in_handler(int) {
    const std::uint64_t number = 1'000'000 + handler_runs.fetch_add(1);
    handler_table->insert(address(number), number, unlimited);
    if (handler_table->erase(address(number)) != number) _exit(1);
}

TEST(LiveTable, MayBeUsedByASignalHandlerInTheMiddleOfAnOperation) {
    const auto table = make_table();
    handler_table = table.get();
    signal(SIGUSR2, use_table_in_handler);
    const pthread_t target = pthread_self();
    std::atomic<bool> stop{false};
    std::thread sender([&] {
        while (!stop) pthread_kill(target, SIGUSR2);
    });
    std::uint64_t errors = 0;
    for (std::uint64_t i = 1; i <= 100'000 || handler_runs == 0; ++i) {
        errors += !table->insert(address(i % 5000), i, unlimited);
        errors += table->erase(address(i % 5000)) != i;
    }
    stop = true;
    sender.join();
    signal(SIGUSR2, SIG_DFL);
    EXPECT_EQ(errors, 0u);
    EXPECT_EQ(table->size(), 0u);
}

// The child's copy works whatever the parent's other threads were doing.
TEST(LiveTable, WorksInAChildForkedInTheMiddleOfOperations) {
    const auto table = make_table();
    std::atomic<bool> stop{false};
    std::thread worker([&] {
        for (std::uint64_t i = 1; !stop; ++i) {
            table->insert(address(i % 9000), i, unlimited);
            table->erase(address((i * 7) % 9000));
        }
    });
    for (int round = 0; round < 50; ++round) {
        const pid_t child = fork();
        if (child == 0) {
            for (std::uint64_t i = 20'000; i < 22'000; ++i) {
                if (!table->insert(address(i), i, unlimited) || table->erase(address(i)) != i)
                    _exit(1);
            }
            _exit(0);
        }
        int status = 1;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        EXPECT_EQ(status, 0);
    }
    stop = true;
    worker.join();
}

TEST(AddressFilter, NeverDeniesWhatItHolds) {
    const auto filter = std::make_unique<AddressFilter>();
    for (std::uint64_t i = 0; i < 100'000; ++i) filter->add(address(i));
    for (std::uint64_t i = 0; i < 100'000; ++i) ASSERT_TRUE(filter->may_hold(address(i)));
    for (std::uint64_t i = 0; i < 100'000; ++i) filter->remove(address(i));
    for (std::uint64_t i = 0; i < 100'000; ++i) ASSERT_FALSE(filter->may_hold(address(i)));
}

TEST(AddressFilter, LetsMostOtherFreesPass) {
    const auto filter = std::make_unique<AddressFilter>();
    for (std::uint64_t i = 0; i < 1000; ++i) filter->add(address(i * 3));
    int held = 0;
    for (std::uint64_t i = 0; i < 100'000; ++i) held += filter->may_hold(address(1'000'000 + i));
    EXPECT_LT(held, 100'000 / 16);
}

TEST(AddressFilter, LetsMostOtherFreesPassWhereBlocksHaveALargeStride) {
    constexpr std::uintptr_t heap = 0x7f12'3456'0010;
    for (const std::uint64_t stride : {4096u, 65536u, 1u << 19, 1u << 20, 1u << 26}) {
        const auto filter = std::make_unique<AddressFilter>();
        const auto block = [stride](std::uint64_t i) {
            return reinterpret_cast<const void*>(heap + i * stride);
        };
        for (std::uint64_t i = 0; i < 1000; ++i) filter->add(block(i));
        int held = 0;
        for (std::uint64_t i = 1000; i < 11'000; ++i) held += filter->may_hold(block(i));
        EXPECT_LT(held, 10'000 / 8) << stride;
    }
}

}  // namespace
}  // namespace leakcheck::sampler
