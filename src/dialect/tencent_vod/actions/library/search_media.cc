#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "dialect/tencent_vod/actions/frame/time_parts.h"
#include "dialect/tencent_vod/actions/library/file_parts.h"
#include "dialect/tencent_vod/actions/library/library_actions.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t term_max = 100;  // Characters of a name or description that is looked for.

// A list of texts: its limit, and the code for more. Spec, SearchMedia.
struct TextList {
    std::string_view parameter;
    std::size_t count_max;
    std::string_view code;
};
constexpr std::array text_lists = {
    TextList{"FileIds", 10, "InvalidParameterValue.FileIds"},
    TextList{"Names", 10, "InvalidParameterValue.Names"},
    TextList{"NamePrefixes", 10, "InvalidParameterValue.NamePrefixes"},
    TextList{"Descriptions", 10, "InvalidParameterValue"},
    TextList{"SourceTypes", 10, "InvalidParameterValue.SourceTypes"},
    TextList{"StreamIds", 10, "InvalidParameterValue.StreamIds"},
    TextList{"MediaTypes", 10, "InvalidParameterValue.Types"},
    TextList{"Tags", 16, "InvalidParameterValue.Tags"},
    TextList{"StorageRegions", 20, "InvalidParameterValue.StorageRegions"},
    TextList{"Categories", 10, "InvalidParameterValue.Categories"},
    TextList{"Vids", 10, "InvalidParameterValue.Vids"},
    TextList{"Status", 10, "InvalidParameterValue"},
    TextList{"StorageClasses", 10, "InvalidParameterValue"},
    TextList{"ReviewResults", 10, "InvalidParameterValue"},
    TextList{"TrtcRoomIds", 10, "InvalidParameterValue"},
    TextList{"StreamDomains", 10, "InvalidParameterValue"},
    TextList{"StreamPaths", 10, "InvalidParameterValue"},
    TextList{"KnowledgeBases", 10, "InvalidParameterValue"},
};
// What no file of this server has: asked for, nothing is found.
constexpr std::array<std::string_view, 9> strangers = {
    "StreamIds",   "StreamId",      "Vids",        "Vid",           "TrtcSdkAppIds",
    "TrtcRoomIds", "StreamDomains", "StreamPaths", "KnowledgeBases"};

Answer<void> check_lists(const Members& parameters) {
    for (const TextList& list : text_lists) {
        const std::vector<std::string> texts = parameters.texts(list.parameter);
        if (texts.size() > list.count_max)
            return refuse(list.code, fmt::format("`{}` may have {} elements.", list.parameter,
                                                 list.count_max));
        for (const std::string& text : texts)
            if (text.empty() || characters(text) > term_max)
                return refuse(list.code, fmt::format("An element of `{}` must have 1 to {} "
                                                     "characters.",
                                                     list.parameter, term_max));
    }
    if (parameters.integers("ClassIds").size() > 10)
        return refuse("InvalidParameterValue.ClassIds", "`ClassIds` may have 10 elements.");
    if (characters(parameters.text_or_empty("Text")) > 64)
        return refuse("InvalidParameterValue.Text", "Text may have 64 characters.");
    return check_filters(parameters.texts("Filters"));
}

// The new parameters, and the older ones that they replace.
Answer<void> read_times(const Members& parameters, media::Query& query) {
    Answer<media::TimeSpan> created = read_span(parameters.object("CreateTime"));
    if (!created) return std::unexpected(std::move(created.error()));
    Answer<media::TimeSpan> expires = read_span(parameters.object("ExpireTime"));
    if (!expires) return std::unexpected(std::move(expires.error()));
    auto start = read_time(parameters, "StartTime", "InvalidParameterValue.StartTime");
    if (!start) return std::unexpected(std::move(start.error()));
    auto end = read_time(parameters, "EndTime", "InvalidParameterValue.EndTime");
    if (!end) return std::unexpected(std::move(end.error()));
    query.created = *created;
    query.expires = *expires;
    if (!query.created.from) query.created.from = *start;
    if (!query.created.to) query.created.to = *end;
    return {};
}

Answer<void> read_page(const Members& parameters, media::Query& query) {
    const std::uint64_t offset = parameters.natural("Offset").value_or(0);
    const std::uint64_t limit = parameters.natural("Limit").value_or(10);
    if (offset > media::found_max || limit > media::found_max || offset + limit > media::found_max)
        return refuse("InvalidParameterValue.Offset", "Offset and Limit may reach 5000 together.");
    query.offset = offset;
    query.count_max = limit;
    const std::optional<Members> sort = parameters.object("Sort");
    if (!sort) return {};
    const std::string order = sort->text_or_empty("Order");
    if (sort->text_or_empty("Field") != "CreateTime" || (order != "Asc" && order != "Desc"))
        return refuse("InvalidParameterValue.Sort",
                      "Sort takes the Field CreateTime and the Order Asc or Desc.");
    if (order == "Asc") query.order = media::Query::Order::oldest_first;
    return {};
}

// The elements that are names of the enum. What else is asked for, no file is.
template <class Enum>
std::vector<Enum> known(const std::vector<std::string>& texts) {
    std::vector<Enum> all;
    for (const std::string& text : texts)
        if (const Result<Enum> value = parse_enum<Enum>(text)) all.push_back(*value);
    return all;
}

// The same of what reviews said.
std::vector<std::optional<model::Suggestion>> known_reviews(const std::vector<std::string>& texts) {
    std::vector<std::optional<model::Suggestion>> all;
    for (const model::Suggestion one : known<model::Suggestion>(texts))
        all.emplace_back(one);
    if (std::ranges::find(texts, "notModerated") != texts.end()) all.emplace_back(std::nullopt);
    return all;
}

bool lacks(const std::vector<std::string>& wanted, std::string_view only) {
    return !wanted.empty() && std::ranges::find(wanted, only) == wanted.end();
}

// Nothing, when no file of this server can fit.
Answer<std::optional<media::Query>> read_query(const Members& parameters) {
    if (Answer<void> fine = check_lists(parameters); !fine)
        return std::unexpected(std::move(fine.error()));
    media::Query query;
    query.files = parameters.texts("FileIds");
    query.names = parameters.texts("Names");
    query.prefixes = parameters.texts("NamePrefixes");
    query.descriptions = parameters.texts("Descriptions");
    query.text = parameters.text_or_empty("Text");
    query.tags = parameters.texts("Tags");
    query.types = parameters.texts("MediaTypes");
    query.classes = parameters.integers("ClassIds");
    std::vector<std::string> sources = parameters.texts("SourceTypes");
    if (parameters.has("SourceType")) sources.push_back(parameters.text_or_empty("SourceType"));
    const std::vector<std::string> categories = parameters.texts("Categories");
    query.sources = known<model::AssetSource>(sources);
    query.categories = known<model::Category>(categories);
    const std::vector<std::string> reviews = parameters.texts("ReviewResults");
    query.reviews = known_reviews(reviews);
    for (Answer<void> fine : {read_times(parameters, query), read_page(parameters, query)})
        if (!fine) return std::unexpected(std::move(fine.error()));

    const bool none_fits =
        (query.sources.empty() && !sources.empty()) ||
        (query.categories.empty() && !categories.empty()) ||
        (query.reviews.empty() && !reviews.empty()) ||
        lacks(parameters.texts("Status"), "Normal") ||
        lacks(parameters.texts("StorageClasses"), "STANDARD") ||
        lacks(parameters.texts("StorageRegions"), storage_region) ||
        std::ranges::any_of(strangers, [&](std::string_view one) { return parameters.has(one); });
    if (none_fits) return std::optional<media::Query>();
    return query;
}

}  // namespace

Task<Answer<std::string>> search_media(const Call& call) {
    Answer<std::optional<media::Query>> query = read_query(call.parameters);
    if (!query) co_return std::unexpected(std::move(query.error()));
    Result<media::Found> found = media::Found{};
    if (*query)
        found = co_await call.with.library.search(call.application_id(), std::move(**query));
    if (!found) co_return failed(call, found.error());

    const std::vector<std::string> filters = call.parameters.texts("Filters");
    json::array set;
    for (const model::FileId& file : found->files) {
        const Result<model::Asset> asset =
            co_await call.with.library.find(call.application_id(), file);
        if (asset)
            set.push_back(media_info(*asset, filters, call.with.urls));
        else if (asset.error().code != Code::not_found)  // Removed since then.
            co_return failed(call, asset.error());
    }
    co_return write_members({{"TotalCount", found->total}, {"MediaInfoSet", std::move(set)}});
}

}  // namespace hookreel::dialect::tencent_vod
