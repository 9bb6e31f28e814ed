#include "dialect/standard/events/event_body.h"

#include "base/json_out.h"
#include "dialect/standard/events/media_members.h"

namespace hookreel::dialect::standard {
namespace {

constexpr std::size_t usual_bytes = 2048;
// In a string its quotes would be escaped, and before `data` there are only strings.
constexpr std::string_view before_data = ",\"data\":";

// Queries may hold a receiver's secrets.
std::string_view without_query(std::string_view url) {
    return url.substr(0, url.find('?'));
}

struct AppendMembers {
    JsonOut& json;
    const MediaUrls& urls;

    void operator()(const model::FileUploaded& payload) const {
        json.open('{').name("asset");
        append_asset(json, payload.asset, urls);
        append_text_or_null(json, "task_id", payload.procedure_task.text());
        append_text_or_null(json, "review_task_id", payload.review_task.text());
        json.close('}');
    }

    void operator()(const model::ProcedureChanged& payload) const {
        json.open('{').name("task");
        append_task(json, payload.task, urls);
        json.name("asset");
        append_asset(json, payload.asset, urls);
        json.close('}');
    }

    void operator()(const model::MediaPulled& payload) const {
        json.open('{').name("pull");
        append_pull(json, payload.pull);
        json.name("asset");
        if (payload.asset)
            append_asset(json, *payload.asset, urls);
        else
            json.null();
        append_text_or_null(json, "task_id", payload.pull.procedure_task.text());
        append_text_or_null(json, "review_task_id", payload.pull.review_task.text());
        json.close('}');
    }

    void operator()(const model::MediaEdited& payload) const { append_made(payload); }
    void operator()(const model::MediaComposed& payload) const { append_made(payload); }

    void operator()(const model::MediaDeleted& payload) const {
        json.open('{').name("asset").open('{').member("id", payload.file.text()).close('}');
        json.member("all", payload.parts.empty()).name("parts").open('[');
        for (const model::AssetPart& part : payload.parts)
            append_part(json, part);
        json.close(']').close('}');
    }

    void operator()(const model::ExternalTaskEnded& payload) const {
        json.open('{').name("task");
        append_external_task(json, payload.task);
        append_text_or_null(json, "asset_id", payload.task.request.file.text());
        json.close('}');
    }

    void operator()(const model::CustomEvent& payload) const {
        json.raw(payload.data.empty() ? std::string_view("null") : payload.data);
    }

    void operator()(const model::EndpointTold& payload) const {
        json.open('{').name("endpoint").open('{');
        json.member("id", payload.endpoint.text()).member("url", without_query(payload.url));
        json.close('}');
        append_time_or_null(json, "failing_since", payload.failing_since);
        json.member("failing_percent", payload.percent).member("reason", payload.reason);
        json.close('}');
    }

    // An edit that ended, with the file that it made.
    void append_made(const auto& payload) const {
        json.open('{').name("edit");
        append_edit(json, payload.edit);
        json.name("asset");
        if (payload.asset)
            append_asset(json, *payload.asset, urls);
        else
            json.null();
        append_text_or_null(json, "task_id", payload.edit.procedure_task.text());
        append_text_or_null(json, "review_task_id", payload.edit.review_task.text());
        json.close('}');
    }
};

}  // namespace

std::string event_body(const model::Event& event, const MediaUrls& urls) {
    std::string body;
    body.reserve(usual_bytes);
    JsonOut json(body);
    json.open('{').member("type", type(event)).member("timestamp", event.time);
    json.member("id", event.id.text());
    if (const std::string about = key(event); !about.empty()) json.member("key", about);
    json.name("data");
    std::visit(AppendMembers{json, urls}, event.payload);
    json.close('}');
    return body;
}

std::string_view data_of(std::string_view body) {
    const std::size_t begin = body.find(before_data);
    if (begin == std::string_view::npos || !body.ends_with('}')) return {};
    body.remove_suffix(1);
    return body.substr(begin + before_data.size());
}

}  // namespace hookreel::dialect::standard
