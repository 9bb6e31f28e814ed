#include <filesystem>
#include <fstream>

#include "media/files/rubbish.h"
#include "media/templates/own_templates_test.h"

namespace hookreel::media {
namespace {

using model::WatermarkTemplate;

class WatermarksTest : public OwnTemplatesTest {
 protected:
    WatermarkTemplate create(const std::string& bytes = "picture") {
        WatermarkTemplate made;
        made.image.emplace();
        return run(templates_.create(app, made, MarkImage{"png", bytes})).value();
    }
    Result<WatermarkTemplate> modify(std::uint64_t definition, WatermarkChange change,
                                     std::optional<MarkImage> image = {}) {
        return run(templates_.modify(app, definition, std::move(change), std::move(image)));
    }
    Result<void> remove(std::uint64_t definition) {
        return run(templates_.remove_watermark(app, definition));
    }
    std::string path_of(const WatermarkTemplate& one) const {
        return folder_.path() + "/" + one.image->path;
    }
};

TEST_F(WatermarksTest, KeepTheirPictureUnderANameThatNobodyGuesses) {
    const WatermarkTemplate first = create("one");
    const WatermarkTemplate second = create("two");
    EXPECT_EQ(first.definition, 1'000'001u);
    EXPECT_EQ(second.definition, 1'000'002u);
    EXPECT_TRUE(first.image->path.starts_with("watermarks/1500000001/")) << first.image->path;
    EXPECT_NE(first.image->path, second.image->path);
    EXPECT_EQ(fakes::read_file(path_of(first)), "one");
    EXPECT_EQ(own().watermarks.size(), 2u);
}

TEST_F(WatermarksTest, ReplaceAPictureAndClearTheOldOneAway) {
    const WatermarkTemplate before = create();
    const WatermarkTemplate after =
        modify(before.definition, {.name = "new"}, MarkImage{"jpg", "other"}).value();
    EXPECT_EQ(after.name, "new");
    EXPECT_EQ(fakes::read_file(path_of(after)), "other");
    EXPECT_FALSE(std::filesystem::exists(path_of(before)));
    // On record, so that it goes also when the server dies before it is gone.
    EXPECT_TRUE(run(store_.get(rubbish_key(before.image->path))));
}

TEST_F(WatermarksTest, LeaveNothingBehindOfAChangeThatIsRefused) {
    const WatermarkTemplate one = create();
    EXPECT_EQ(modify(5, {}, MarkImage{"png", "x"}).error().code, Code::not_found);
    EXPECT_EQ(
        modify(one.definition, {.text = TextMarkChange{}}, MarkImage{"png", "x"}).error().code,
        Code::invalid);
    EXPECT_EQ(folder_.file_count(), 1u);
    EXPECT_EQ(remove(5).error().code, Code::not_found);
    EXPECT_TRUE(remove(one.definition));
    EXPECT_EQ(folder_.file_count(), 0u);
    EXPECT_TRUE(own().watermarks.empty());
}

TEST_F(WatermarksTest, AreRecoveredWithoutWhatNoTemplateNames) {
    const WatermarkTemplate kept = create();
    // As a server leaves it that dies between the file and the commit.
    const std::string orphan = folder_.path() + "/watermarks/1500000001/0123.png";
    std::ofstream(orphan) << "x";
    EXPECT_TRUE(run(templates_.recover()));
    EXPECT_FALSE(std::filesystem::exists(orphan));
    EXPECT_EQ(fakes::read_file(path_of(kept)), "picture");
    fakes::TemporaryFolder empty;
    LocalTemplates none(store_, clock_, files_, empty.path());
    EXPECT_TRUE(run(none.recover()));
}

TEST(WatermarkChange, ChangesOnlyWhatItSaysAndOnlyOfItsType) {
    WatermarkTemplate text;
    text.text = model::TextMark{.size_pixels = 9};
    EXPECT_FALSE(apply({.image = ImageMarkChange{}}, text));
    ASSERT_TRUE(apply({.comment = "c", .text = TextMarkChange{.color = 0x123456}}, text));
    EXPECT_EQ(text.comment, "c");
    EXPECT_EQ(text.text->size_pixels, 9);
    EXPECT_EQ(text.text->color, 0x123456u);
    EXPECT_EQ(text.text->opacity, 1);

    WatermarkTemplate drawn;
    drawn.drawn.emplace();
    const model::DrawnSide side{5, model::DrawnUnit::of_long_side};
    EXPECT_FALSE(apply({.drawn = DrawnMarkChange{}}, text));
    EXPECT_FALSE(apply({.text = TextMarkChange{}}, drawn));
    ASSERT_TRUE(apply({.drawn = DrawnMarkChange{.height = side}}, drawn));
    EXPECT_EQ(drawn.drawn->height, side);
    EXPECT_EQ(drawn.drawn->width, (model::DrawnSide{10, model::DrawnUnit::of_width}));
}

}  // namespace
}  // namespace hookreel::media
