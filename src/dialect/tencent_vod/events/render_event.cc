#include "dialect/tencent_vod/events/render_event.h"

#include <fmt/format.h>

#include <array>

#include "base/digest.h"
#include "dialect/tencent_vod/events/edit_json.h"
#include "dialect/tencent_vod/events/event_types.h"
#include "dialect/tencent_vod/events/external_json.h"
#include "dialect/tencent_vod/events/task_json.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

const EventType& event_type(std::string_view neutral) {
    return *std::ranges::find(event_types, neutral, &EventType::neutral);
}

struct Content {
    const MediaUrls& urls;

    json::object operator()(const model::FileUploaded& payload) const {
        json::object object = {
            {"FileId", payload.asset.id.text()},
            {"MediaBasicInfo", basic_info(payload.asset, urls)},
            {"ProcedureTaskId", payload.procedure_task.text()},
            {"ReviewAudioVideoTaskId", payload.review_task.text()},
        };
        if (payload.asset.metadata) object.emplace("MetaData", meta_data(*payload.asset.metadata));
        return object;
    }

    json::object operator()(const model::ProcedureChanged& payload) const {
        return procedure_task(payload.task, payload.asset, urls);
    }

    json::object operator()(const model::MediaPulled& payload) const {
        return pull_task(payload.pull, payload.asset ? &*payload.asset : nullptr, urls);
    }

    json::object operator()(const model::MediaEdited& payload) const {
        return edit_task(payload.edit, payload.asset ? &*payload.asset : nullptr, urls);
    }

    json::object operator()(const model::MediaComposed& payload) const {
        return compose_task(payload.edit, payload.asset ? &*payload.asset : nullptr, urls);
    }

    json::object operator()(const model::MediaDeleted& payload) const {
        json::array parts;
        for (const model::AssetPart& part : payload.parts)
            parts.push_back(
                json::object{{"Type", name(part.kind)}, {"Definition", part.definition}});
        json::object result = {{"FileId", payload.file.text()}, {"DeleteParts", std::move(parts)}};
        return {{"FileIdSet", json::array{payload.file.text()}},
                {"FileDeleteResultInfo", json::array{std::move(result)}}};
    }

    json::object operator()(const model::ExternalTaskEnded& payload) const {
        return external_task(payload.task);
    }

    // Nobody hears of them in this dialect: model::recipient.
    json::object operator()(const model::CustomEvent&) const { return {}; }
    json::object operator()(const model::EndpointTold&) const { return {}; }
};

std::string event_content(const EventType& type, json::object content) {
    return write_json(json::object{{"EventType", type.name}, {type.member, std::move(content)}});
}

// `,"A":null,"B":null` for all null-able members of EventContent but one.
std::string other_members(std::string_view member) {
    std::string text;
    for (const schema::Member& other : schema::find_object("EventContent")->members)
        if (other.nullable && other.name != member)
            fmt::format_to(std::back_inserter(text), ",\"{}\":null", other.name);
    return text;
}

// The end of an element of EventSet, by the neutral type of its event.
std::string_view tail_of(std::string_view neutral) {
    static const auto tails = [] {
        std::array<std::string, event_types.size()> all;
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = other_members(event_types[i].member) + '}';
        return all;
    }();
    const auto type = std::ranges::find(event_types, neutral, &EventType::neutral);
    if (neutral.empty() || type == event_types.end()) return "}";
    return tails[static_cast<std::size_t>(type - event_types.begin())];
}

}  // namespace

std::string stored_for_callback(const model::Event& event, const MediaUrls& urls) {
    return event_content(event_type(type(event)), std::visit(Content{urls}, event.payload));
}

std::string stored_for_pull(const model::Event& event, const MediaUrls& urls) {
    const EventType& kind = event_type(type(event));
    const schema::Object& shape = *schema::find_object("EventContent")->find(kind.member)->object;
    return event_content(kind, with_nulls(std::visit(Content{urls}, event.payload), shape));
}

std::string callback_sign(std::string_view sign_key, std::int64_t t) {
    return hex(digest(Algorithm::md5, fmt::format("{}{}", sign_key, t)));
}

std::string callback_body(std::string_view stored, std::string_view sign_key, TimePoint now) {
    if (sign_key.empty()) return std::string(stored);
    const std::int64_t t = unix_seconds(now + callback_validity);
    stored.remove_suffix(1);
    return fmt::format("{},\"Sign\":\"{}\",\"T\":{}}}", stored, callback_sign(sign_key, t), t);
}

void append_pulled(std::string& out, const store::Lease& lease) {
    std::string_view stored = *lease.body;
    stored.remove_prefix(1);
    stored.remove_suffix(1);
    out += "{\"EventHandle\":\"";
    out += store::text(lease.handle);
    out += "\",";
    out += stored;
    out += tail_of(lease.type);
}

model::Schedule schedule() {
    using std::chrono::seconds;
    return {.timeout = seconds(5),
            .delays = {seconds(1), seconds(3)},
            .success = model::Success::any_answer};
}

}  // namespace hookreel::dialect::tencent_vod
