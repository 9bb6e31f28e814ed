#include "app/doctor/storage.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hookreel::app::doctor {
namespace {

class StorageTest : public testing::Test {
 protected:
    StorageTest() {
        std::string name = (std::filesystem::temp_directory_path() / "doctor_XXXXXX").string();
        EXPECT_NE(nullptr, ::mkdtemp(name.data()));
        folder_ = name;
    }
    ~StorageTest() override { std::filesystem::remove_all(folder_); }

    static Outcome of(const Findings& findings, std::string_view subject) {
        for (const Finding& finding : findings)
            if (finding.subject == subject) return finding.outcome;
        ADD_FAILURE() << "nothing was said of " << subject;
        return Outcome::ok;
    }

    std::string folder_;
};

TEST_F(StorageTest, IsWellAndLeftAsItWas) {
    const Findings findings = check_data_folder(folder_, 0);
    EXPECT_FALSE(has_failed(findings));
    EXPECT_EQ(of(findings, "data folder"), Outcome::ok);
    EXPECT_EQ(of(findings, "rights"), Outcome::ok);
    EXPECT_EQ(of(findings, "free space"), Outcome::ok);
    EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(StorageTest, IsNotMade) {
    const std::string absent = folder_ + "/a/b";
    EXPECT_FALSE(has_failed(check_data_folder(absent, 0)));
    EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(StorageTest, MustBeMakeable) {
    // Whoever may write it by its rights still makes nothing in it.
    EXPECT_TRUE(has_failed(check_data_folder("/proc/hookreel", 0)));
}

TEST_F(StorageTest, MustBeAFolder) {
    std::ofstream(folder_ + "/file") << "x";
    EXPECT_TRUE(has_failed(check_data_folder(folder_ + "/file", 0)));
    EXPECT_TRUE(has_failed(check_data_folder(folder_ + "/file/below", 0)));
}

TEST_F(StorageTest, WarnsWhenOthersCanReadWhatIsInIt) {
    std::ofstream(folder_ + "/hookreel.db") << "x";
    ::chmod((folder_ + "/hookreel.db").c_str(), 0644);
    EXPECT_EQ(of(check_data_folder(folder_, 0), "rights"), Outcome::ok) << "the folder is closed";
    ::chmod(folder_.c_str(), 0755);
    EXPECT_EQ(of(check_data_folder(folder_, 0), "rights"), Outcome::warning);
    ::chmod((folder_ + "/hookreel.db").c_str(), 0600);
    EXPECT_EQ(of(check_data_folder(folder_, 0), "rights"), Outcome::ok);
    ::chmod(folder_.c_str(), 0777);
    EXPECT_EQ(of(check_data_folder(folder_, 0), "rights"), Outcome::warning);
}

TEST(Storage, IsHeldToTheReserve) {
    EXPECT_EQ(judge_space(99, 100).outcome, Outcome::failed);
    EXPECT_EQ(judge_space(100, 100).outcome, Outcome::warning);
    EXPECT_EQ(judge_space(200, 100).outcome, Outcome::ok);
}

}  // namespace
}  // namespace hookreel::app::doctor
