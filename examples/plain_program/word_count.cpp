// SPDX-License-Identifier: Apache-2.0
//
// Counts the words of its arguments, or of a sentence of its own, and leaks while doing so.
//
// | leaks, when run without arguments            | how                                     |
// |----------------------------------------------|-----------------------------------------|
// | 160 bytes in 4 blocks of 40, operator new    | the list of words is never deleted      |
// | 20 bytes in 1 block, malloc by way of strdup | the copy of the sentence is never freed |
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

struct Word {
    char text[24];
    Word* next;
    int count;
};
static_assert(sizeof(Word) == 40, "the size that the table above gives");

void count_word(Word*& words, const char* text) {
    for (Word* word = words; word != nullptr; word = word->next) {
        if (std::strncmp(word->text, text, sizeof(word->text) - 1) == 0) {
            ++word->count;
            return;
        }
    }
    Word* word = new Word{"", words, 1};
    std::strncpy(word->text, text, sizeof(word->text) - 1);
    words = word;
}

void count_words(Word*& words, const char* sentence) {
    char* copy = strdup(sentence);
    if (copy == nullptr) std::abort();
    char* rest = nullptr;
    for (char* word = strtok_r(copy, " ", &rest); word != nullptr;
         word = strtok_r(nullptr, " ", &rest)) {
        count_word(words, word);
    }
}

}  // namespace

int main(int argc, char** argv) {
    Word* words = nullptr;
    if (argc < 2) count_words(words, "one and two and six");
    for (int i = 1; i < argc; ++i) count_words(words, argv[i]);
    for (const Word* word = words; word != nullptr; word = word->next) {
        std::printf("%d %s\n", word->count, word->text);
    }
    return 0;
}
