#include "http/form_reader.h"

#include <gtest/gtest.h>

namespace hookreel::http {
namespace {

// Bytes that come in pieces of one size.
class Pieces final : public ByteSource {
 public:
    Pieces(std::string bytes, std::size_t piece) : bytes_(std::move(bytes)), piece_(piece) {}

    Task<Result<std::size_t>> read(std::span<char> into) override {
        const std::size_t count = std::min({into.size(), piece_, bytes_.size() - at_});
        std::copy_n(bytes_.data() + at_, count, into.data());
        at_ += count;
        longest_ask = std::max(longest_ask, into.size());
        co_return count;
    }

    std::size_t longest_ask = 0;

 private:
    std::string bytes_;
    std::size_t piece_;
    std::size_t at_ = 0;
};

struct ReadForm {
    std::vector<std::pair<FormPart, std::string>> parts;
    std::optional<Error> error;
};

Task<ReadForm> read_form(ByteSource& source) {
    FormReader reader(source, "XyZ");
    ReadForm form;
    for (;;) {
        Result<std::optional<FormPart>> part = co_await reader.next();
        if (!part) form.error = part.error();
        if (!part || !*part) co_return form;
        Result<std::string> bytes = co_await reader.read_all(10'000'000);
        if (!bytes) form.error = bytes.error();
        if (!bytes) co_return form;
        form.parts.emplace_back(std::move(**part), std::move(*bytes));
    }
}

ReadForm read(std::string text, std::size_t piece = 100'000) {
    Pieces source(std::move(text), piece);
    Loop loop;
    ReadForm form;
    asio::co_spawn(loop, read_form(source), [&](std::exception_ptr error, ReadForm read) {
        if (error) std::rethrow_exception(error);
        form = std::move(read);
    });
    loop.run();
    return form;
}

std::string part(std::string_view disposition, std::string_view bytes) {
    return "--XyZ\r\nContent-Disposition: form-data; " + std::string(disposition) + "\r\n\r\n" +
           std::string(bytes) + "\r\n";
}

TEST(FormReader, ReadsFieldsAndFilesHoweverTheyCome) {
    const std::string text = "a preamble\r\n" + part("name=title", "A film") +
                             part("name=\"file\"; filename=\"a;b.mp4\"", "film") +
                             part("name=empty", "") + "--XyZ--\r\nan epilogue";
    for (const std::size_t piece : {1u, 2u, 3u, 7u, 100'000u}) {
        const ReadForm form = read(text, piece);
        EXPECT_FALSE(form.error) << form.error->detail << " " << piece;
        ASSERT_EQ(form.parts.size(), 3u);
        EXPECT_EQ(form.parts[0].first.name, "title");
        EXPECT_EQ(form.parts[0].second, "A film");
        EXPECT_EQ(form.parts[1].second, "film");
    }
}

TEST(FormReader, GivesBytesThatLookLikeTheDelimiter) {
    const std::string film = "\r\n--XyY\r\n\r\n-\r\n--Xy\r--XyZ--XyZ-- \n--XyZ--";
    const std::string text =
        part("name=\"file\"; filename=\"a;b.mp4\"", film) + part("name=empty", "") + "--XyZ--";
    for (const std::size_t piece : {1u, 2u, 3u, 7u, 100'000u}) {
        const ReadForm form = read(text, piece);
        EXPECT_FALSE(form.error);
        ASSERT_EQ(form.parts.size(), 2u);
        EXPECT_EQ(form.parts[0].first.filename, "a;b.mp4");
        EXPECT_EQ(form.parts[0].second, film);
        EXPECT_EQ(form.parts[1].second, "");
        EXPECT_FALSE(form.parts[1].first.filename);
    }
}

TEST(FormReader, ReadsALongFileWithAShortBuffer) {
    const std::string film(3'000'000, '\r');
    Pieces source(part("name=file; filename=a", film) + "--XyZ--", 1'000'000);
    Loop loop;
    ReadForm form;
    asio::co_spawn(loop, read_form(source),
                   [&](std::exception_ptr, ReadForm read) { form = std::move(read); });
    loop.run();
    ASSERT_EQ(form.parts.size(), 1u);
    EXPECT_EQ(form.parts[0].second, film);
    EXPECT_LE(source.longest_ask, 64u * 1024);
}

TEST(FormReader, ReadsNamesAsBrowsersAndOthersWriteThem) {
    const ReadForm form =
        read(part("name=\"a%22b%0D%0A\"; filename=\"\\\"x\\\".mp4\"", "") +
             part("NAME=b; filename=C:\\film.mp4; unknown=\"x\"", "") + "--XyZ--");
    ASSERT_EQ(form.parts.size(), 2u);
    EXPECT_EQ(form.parts[0].first.name, "a\"b\r\n");
    EXPECT_EQ(form.parts[0].first.filename, "\"x\".mp4");
    EXPECT_EQ(form.parts[1].first.filename, "C:\\film.mp4");
}

TEST(FormReader, RefusesWhatIsNoForm) {
    for (const std::string& text :
         {std::string(""), std::string("--XyZ"), std::string("--XyZ\r\n"),
          std::string("--XyZ\r\n\r\nx\r\n--XyZ--"), part("name=a", "x"),
          std::string("--XyZ x\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--XyZ--"),
          std::string("--XyZ\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--XyZ--"),
          std::string("--XyZ\r\nno header\r\n\r\nx\r\n--XyZ--"), part("filename=a", "x"),
          part("name=\"a", "x") + "--XyZ--", part("name", "x") + "--XyZ--",
          part("name=\"a\"b", "x") + "--XyZ--",
          part("name=a\r\nContent-Disposition: form-data; name=b", "x") + "--XyZ--",
          "--XyZ\r\n" + std::string(20'000, 'x'), "--XyZ" + std::string(20'000, ' ')}) {
        const ReadForm form = read(text);
        ASSERT_TRUE(form.error) << text.substr(0, 80);
        EXPECT_EQ(form.error->code, Code::protocol) << text.substr(0, 80);
    }
}

TEST(FormBoundary, IsReadFromTheType) {
    EXPECT_EQ(form_boundary("multipart/form-data; boundary=XyZ"), "XyZ");
    EXPECT_EQ(form_boundary("Multipart/Form-Data;charset=utf-8; Boundary=\"X y:Z\""), "X y:Z");
    for (const char* type :
         {"", "multipart/mixed; boundary=a", "multipart/form-data",
          "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a",
          "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=\xc3\xa4"})
        EXPECT_FALSE(form_boundary(type)) << type;
    EXPECT_FALSE(form_boundary("multipart/form-data; boundary=" + std::string(71, 'a')));
}

}  // namespace
}  // namespace hookreel::http
