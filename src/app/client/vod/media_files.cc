#include "app/client/vod/media_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "app/client/screen/json_text.h"

namespace hookreel::app::client {
namespace {

constexpr std::size_t page_count = 100;
constexpr std::size_t described_max = 20;  // In one call (Tencent DescribeMediaInfos).

void append_media(std::vector<json::object>& all, const json::object& answer) {
    for (const json::object* media : find_objects(answer, {"MediaInfoSet"}))
        all.push_back(*media);
}

json::object search_of(const MediaFilter& filter) {
    json::object search = {{"Sort", json::object{{"Field", "CreateTime"}, {"Order", "Desc"}}},
                           {"Filters", json::array{"basicInfo", "metaData"}}};
    for (const auto& [name, value] :
         {std::pair("Names", &filter.name), std::pair("NamePrefixes", &filter.prefix),
          std::pair("Tags", &filter.tag), std::pair("MediaTypes", &filter.type),
          std::pair("Categories", &filter.category)})
        if (!value->empty()) search[name] = json::array{*value};
    if (filter.class_id) search["ClassIds"] = json::array{*filter.class_id};
    json::object created;
    if (!filter.since.empty()) created["After"] = filter.since;
    if (!filter.until.empty()) created["Before"] = filter.until;
    if (!created.empty()) search["CreateTime"] = std::move(created);
    return search;
}

// "12.5", "1:02.5", "1:00:02": at most three numbers, the seconds last.
std::optional<double> read_seconds(std::string_view text) {
    constexpr int numbers_max = 3;
    double seconds = 0;
    for (int count = 1;; ++count) {
        const std::size_t colon = text.find(':');
        const std::string_view number = text.substr(0, colon);
        double value = 0;
        const auto [end, error] =
            std::from_chars(number.data(), number.data() + number.size(), value);
        if (error != std::errc() || end != number.data() + number.size() || value < 0 ||
            !std::isfinite(value) || count > numbers_max)
            return std::nullopt;
        seconds = seconds * 60 + value;
        if (colon == text.npos) return seconds;
        text.remove_prefix(colon + 1);
    }
}

}  // namespace

Task<Result<std::vector<json::object>>> find_media(VodClient& client, MediaFilter filter,
                                                   std::size_t count_max) {
    std::vector<json::object> all;
    const std::size_t wanted = std::min(count_max, media_found_max);
    while (all.size() < wanted) {
        const std::size_t count = std::min(page_count, wanted - all.size());
        json::object search = search_of(filter);
        search["Offset"] = all.size();
        search["Limit"] = count;
        const Result<json::object> answer = co_await client.call("SearchMedia", std::move(search));
        if (!answer) co_return fail(answer.error());
        const std::size_t before = all.size();
        append_media(all, *answer);
        if (all.size() < before + count) break;
    }
    co_return all;
}

Task<Result<std::vector<json::object>>> describe_media(VodClient& client,
                                                       std::vector<std::string> file_ids) {
    std::vector<json::object> all;
    for (std::size_t at = 0; at < file_ids.size(); at += described_max) {
        const std::size_t end = std::min(at + described_max, file_ids.size());
        json::array ids(file_ids.begin() + std::ptrdiff_t(at),
                        file_ids.begin() + std::ptrdiff_t(end));
        json::object parameters = {{"FileIds", std::move(ids)}};
        const Result<json::object> answer =
            co_await client.call("DescribeMediaInfos", std::move(parameters));
        if (!answer) co_return fail(answer.error());
        append_media(all, *answer);
    }
    co_return all;
}

Task<Result<void>> delete_media(VodClient& client, std::string file_id) {
    json::object parameters = {{"FileId", std::move(file_id)}};
    const Result<json::object> answer = co_await client.call("DeleteMedia", std::move(parameters));
    if (!answer) co_return fail(answer.error());
    co_return Result<void>{};
}

Result<MediaPiece> read_piece(std::string_view text) {
    MediaPiece piece;
    const std::size_t at = text.find('@');
    piece.file_id = text.substr(0, at);
    const auto refuse = [text] {
        return fail(Code::invalid,
                    fmt::format("\"{}\" is no piece of a file: it takes FILEID or FILEID@FROM-TO, "
                                "with seconds or 1:02.5",
                                text));
    };
    if (piece.file_id.empty()) return refuse();
    if (at == text.npos) return piece;
    const std::string_view times = text.substr(at + 1);
    const std::size_t dash = times.find('-');
    if (dash == times.npos) return refuse();
    for (const auto& [part, into] : {std::pair(times.substr(0, dash), &piece.from),
                                     std::pair(times.substr(dash + 1), &piece.to)}) {
        if (part.empty()) continue;
        const std::optional<double> seconds = read_seconds(part);
        if (!seconds) return refuse();
        *into = *seconds;
        // 0 would mean the end of the file.
        if (into == &piece.to && *seconds <= piece.from) return refuse();
    }
    return piece;
}

Task<Result<std::string>> edit_media(VodClient& client, CutOrder order) {
    json::array pieces;
    for (const MediaPiece& piece : order.pieces)
        pieces.push_back(json::object{{"FileId", piece.file_id},
                                      {"StartTimeOffset", piece.from},
                                      {"EndTimeOffset", piece.to}});
    json::object output = {{"Type", order.type}};
    if (!order.name.empty()) output["MediaName"] = order.name;
    json::object parameters = {{"InputType", "File"},
                               {"FileInfos", std::move(pieces)},
                               {"OutputConfig", std::move(output)}};
    if (order.priority != 0) parameters["TasksPriority"] = order.priority;
    const Result<json::object> answer = co_await client.call("EditMedia", std::move(parameters));
    if (!answer) co_return fail(answer.error());
    co_return std::string(find_text(*answer, {"TaskId"}));
}

}  // namespace hookreel::app::client
