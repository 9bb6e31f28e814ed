#include "store/sqlite/file/pack.h"

#include <gtest/gtest.h>

#include <random>

namespace hookreel::store {
namespace {

Letter letter_of(std::string id, std::string body) {
    return {.id = model::EventId(std::move(id)),
            .application = model::ApplicationId(1500000001),
            .type = "media.uploaded",
            .key = "key",
            .time = TimePoint(Duration(1'700'000'000'123)),
            .body = std::make_shared<const std::string>(std::move(body))};
}

std::string pack_of_three() {
    std::string pack;
    append_letter(pack, letter_of("1", "first"));
    append_letter(pack, letter_of("", ""));
    append_letter(pack, letter_of("3", std::string(70'000, 'b')));
    return pack;
}

TEST(Pack, ReadsWhatWasAppended) {
    const auto letters = read_letters(pack_of_three());
    ASSERT_TRUE(letters);
    ASSERT_EQ(letters->size(), 3u);
    const Letter& first = *letters->front();
    EXPECT_EQ(first.id.text(), "1");
    EXPECT_EQ(first.application.value(), 1500000001u);
    EXPECT_EQ(first.type, "media.uploaded");
    EXPECT_EQ(first.key, "key");
    EXPECT_EQ(first.time, TimePoint(Duration(1'700'000'000'123)));
    EXPECT_EQ(*first.body, "first");
    EXPECT_EQ(*letters->at(1)->body, "");
    EXPECT_EQ(letters->at(2)->body->size(), 70'000u);
}

TEST(Pack, KeepsTheTraceOfALetter) {
    Letter traced = letter_of("1", "body");
    traced.role = Letter::Role::main;
    traced.extras = {5};
    traced.trace = "00-trace";
    std::string pack;
    append_letter(pack, traced);
    append_letter(pack, letter_of("2", "other"));
    const auto letters = read_letters(pack);
    ASSERT_TRUE(letters);
    EXPECT_EQ(letters->at(0)->trace, "00-trace");
    EXPECT_EQ(letters->at(0)->extras, std::vector<EntryId>{5});
    EXPECT_EQ(letters->at(0)->type, "media.uploaded");
    EXPECT_EQ(*letters->at(0)->body, "body");
    EXPECT_EQ(letters->at(1)->trace, "");
}

TEST(Pack, KeepsWhatALetterIsInTheArchive) {
    Letter main = letter_of("1", "neutral");
    main.role = Letter::Role::main;
    main.extras = {0, 0};
    std::string pack;
    append_letter(pack, letter_of("0", "plain"));
    const std::size_t begin = pack.size();
    append_letter(pack, main);
    name_extra(pack, begin, 1, entry_id(7, 8));
    name_extra(pack, begin, 0, entry_id(9, 1));
    Letter extra = letter_of("1", "own words");
    extra.role = Letter::Role::extra;
    extra.main = entry_id(3, 1);
    append_letter(pack, extra);
    const auto letters = read_letters(pack);
    ASSERT_TRUE(letters);
    EXPECT_FALSE(letters->at(0)->kept());
    EXPECT_EQ(letters->at(1)->role, Letter::Role::main);
    EXPECT_EQ(letters->at(1)->extras, (std::vector<EntryId>{entry_id(9, 1), entry_id(7, 8)}));
    EXPECT_EQ(letters->at(1)->key, "key");
    EXPECT_EQ(*letters->at(1)->body, "neutral");
    EXPECT_EQ(letters->at(2)->role, Letter::Role::extra);
    EXPECT_EQ(letters->at(2)->main, entry_id(3, 1));
    EXPECT_EQ(*letters->at(2)->body, "own words");
}

TEST(Pack, RefusesEveryCutPack) {
    const std::string pack = pack_of_three().substr(0, 120);
    int whole = 0;
    for (std::size_t size = 0; size < pack.size(); ++size)
        whole += read_letters(std::string_view(pack).substr(0, size)).has_value();
    EXPECT_EQ(whole, 3);  // Empty, after the first, after the second.
}

TEST(Pack, TellsTheKeysOfItsLetters) {
    Letter main = letter_of("1", "neutral");
    main.role = Letter::Role::main;
    main.extras = {1, 2, 3};
    main.trace = "00-trace";
    Letter extra = letter_of("2", "own words");
    extra.role = Letter::Role::extra;
    extra.key = "another";
    Letter plain = letter_of("3", "");
    plain.key.clear();
    std::string pack;
    for (const Letter& letter : {main, extra, plain})
        append_letter(pack, letter);
    const std::vector<LetterPtr> letters = *read_letters(pack);
    const std::vector<KeyHash> keys = *read_keys(pack);
    ASSERT_EQ(keys.size(), 3u);
    for (std::size_t i = 0; i < keys.size(); ++i)
        EXPECT_EQ(keys[i], key_hash(letters[i]->key)) << i;
    for (std::size_t size = 1; size < pack.size(); ++size)
        EXPECT_EQ(read_keys(pack.substr(0, size)).has_value(),
                  read_letters(pack.substr(0, size)).has_value());
    for (std::size_t at = 4; at < 40; ++at) {
        std::string damaged = pack;
        damaged[at] = static_cast<char>(damaged[at] | 0x40);
        const auto read = read_letters(damaged);
        const auto told = read_keys(damaged);
        ASSERT_EQ(told.has_value(), read.has_value()) << at;
        if (read) EXPECT_EQ(told->front(), key_hash(read->front()->key)) << at;
    }
}

TEST(Pack, IsReadInPart) {
    const std::vector<LetterPtr> letters = *read_letters(pack_of_three(), 0b101);
    ASSERT_EQ(letters.size(), 3u);
    EXPECT_TRUE(letters[0]);
    EXPECT_FALSE(letters[1]);
    EXPECT_TRUE(letters[2]);
}

TEST(Pack, RefusesSizesThatPointOutside) {
    std::string pack;
    append_letter(pack, letter_of("1", "first"));
    for (std::size_t at : {0, 20, 22, 24}) {
        std::string damaged = pack;
        damaged[at] = '\xff';
        damaged[at + 1] = '\xff';
        EXPECT_FALSE(read_letters(damaged)) << at;
    }
}

TEST(Pack, SurvivesAnyBytes) {
    std::mt19937 random(1);
    for (int round = 0; round < 2000; ++round) {
        std::string bytes = pack_of_three().substr(0, 200);
        for (int i = 0; i < 5; ++i)
            bytes[random() % bytes.size()] = static_cast<char>(random());
        static_cast<void>(read_letters(bytes));
    }
}

TEST(Tries, AreOneNumberThatEarlierVersionsRead) {
    EXPECT_EQ(write_tries({.now = 2}), 2);
    EXPECT_EQ(write_tries({.now = 2, .earlier = 3}), 3 * (std::int64_t(1) << 32) + 2);
    for (const Tries tries : {Tries{}, Tries{.now = 7, .earlier = 100'000}}) {
        EXPECT_EQ(read_tries(write_tries(tries)).now, tries.now);
        EXPECT_EQ(read_tries(write_tries(tries)).earlier, tries.earlier);
        EXPECT_EQ(read_tries(write_tries(tries)).all(), tries.all());
    }
}

TEST(EntryId, NamesPackAndSlot) {
    const EntryId entry = entry_id(7, 63);
    EXPECT_EQ(pack_of(entry), 7u);
    EXPECT_EQ(slot_of(entry), 63u);
    EXPECT_EQ(slot_bit(entry), std::uint64_t(1) << 63);
    EXPECT_LT(entry, entry_id(8, 0));
}

}  // namespace
}  // namespace hookreel::store
