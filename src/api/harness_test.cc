#include "api/harness_test.h"

namespace hookreel::api {

Task<Result<std::size_t>> FakeRequest::read(std::span<char> into) {
    const std::size_t count = std::min(into.size(), body_.size() - read_);
    std::copy_n(body_.data() + read_, count, into.data());
    read_ += count;
    co_return count;
}

store::NewEvent PlainAnnouncer::announce(const model::Event& event) const {
    const auto* custom = std::get_if<model::CustomEvent>(&event.payload);
    const std::string data = custom ? custom->data : "{}";
    const std::string key = model::key(event);
    const std::string type(model::type(event));
    std::string body = fmt::format(R"({{"type":"{}","timestamp":"{}","id":"{}",)", type,
                                   rfc3339(event.time), event.id.text());
    if (!key.empty()) body += fmt::format(R"("key":"{}",)", key);
    body += "\"data\":" + data + "}";
    store::NewEvent stored{event.id,   event.application,
                           type,       key,
                           event.time, std::make_shared<const std::string>(std::move(body)),
                           {}};
    for (const auto& one : endpoints_.wanting(event.application, type, key, data))
        stored.entries.push_back({one->queue, nullptr, TimePoint{}});
    for (const auto& one : consumers_.wanting(event.application, type, key, data))
        stored.entries.push_back(
            {model::consumer_queue(one->application, one->name), nullptr, TimePoint{}});
    return stored;
}

json::value Answered::at(std::string_view path) const {
    const json::value* at = &body;
    while (!path.empty()) {
        const std::string_view name = path.substr(0, path.find('.'));
        path.remove_prefix(std::min(path.size(), name.size() + 1));
        if (at->is_array()) {
            const std::size_t index = static_cast<std::size_t>(std::stoul(std::string(name)));
            if (index >= at->get_array().size()) return nullptr;
            at = &at->get_array()[index];
        } else {
            at = at->is_object() ? at->get_object().if_contains(name) : nullptr;
            if (!at) return nullptr;
        }
    }
    return *at;
}

std::string Answered::text(std::string_view path) const {
    const json::value found = at(path);
    return found.is_string() ? std::string(found.get_string()) : json::serialize(found);
}

ApiTest::ApiTest() {
    EXPECT_TRUE(run(applications_.load(std::nullopt, clock_.now())));
    start();
}

ApiTest::~ApiTest() = default;

void ApiTest::start() {
    uploads_.emplace(media::Ingest::Ports{store_, announcer_, prober_, clock_, threads_, catalog_,
                                          procedures_, muxer_},
                     upload_options());
    EXPECT_TRUE(run(uploads_->recover()));
    NativeApi::Values values;
    values.catalogue = catalogue();
    values.dialects.push_back({"standard", {}});
    values.dialects.push_back({"cloudevents_binary", {}});
    values.owner_token = owner_token_;
    values.settings = settings_;
    NativeApi::Parts parts{store_,     applications_, endpoints_, consumers_,    access_keys_,
                           announcer_, clock_,        log_,       upload_ports()};
    parts.standings = [this](std::vector<model::EndpointId> ids) {
        return standings_of(std::move(ids));
    };
    api_.emplace(parts, std::move(values));
    EXPECT_TRUE(run(api_->load()));
}

UploadPorts ApiTest::upload_ports() {
    return {*uploads_, uploads_->resumable(),
            [](std::string_view path) { return "http://media/" + std::string(path); }};
}

media::LocalUploadsOptions ApiTest::upload_options() const {
    media::LocalUploadsOptions options;
    options.data_folder = folder_.path();
    options.object_bytes_max = 1'000'000;
    options.reserve_bytes = 0;
    return options;
}

Catalogue ApiTest::catalogue() {
    model::EventType type{"media.uploaded", "A file has arrived.", json::object{{"type", "object"}},
                          model::CustomEvent{"media.uploaded", "k", R"({"a":1})"},
                          R"({"type":"media.uploaded","timestamp":"2026-01-01T00:00:00Z",)"
                          R"("id":"1","data":{"a":1}})"};
    return {type};
}

Task<model::Standings> ApiTest::standings_of(std::vector<model::EndpointId> ids) {
    model::Standings known;
    for (const model::EndpointId& id : ids)
        if (const auto found = standings_.find(id); found != standings_.end()) known.insert(*found);
    co_return known;
}

FakeRequest ApiTest::request(std::string method, std::string target, std::string body) {
    http::RequestHead head;
    head.method = std::move(method);
    head.target = "/api/v1" + std::move(target);
    head.peer = "192.0.2.7";
    if (!token_.empty()) head.headers.set("Authorization", "Bearer " + token_);
    if (!body.empty()) head.headers.set("Content-Type", "application/json");
    return FakeRequest(std::move(head), std::move(body));
}

Answered ApiTest::send(FakeRequest request) {
    http::Response response = run(api_->handle(request));
    Answered answered{response.status, response.headers, nullptr};
    const std::string& text = std::get<std::string>(response.body);
    if (!text.empty()) answered.body = json::parse(text);
    return answered;
}

Answered ApiTest::call(std::string method, std::string target, std::string body) {
    return send(request(std::move(method), std::move(target), std::move(body)));
}

std::string ApiTest::make_endpoint(std::string more) {
    const Answered made =
        call("POST", "/endpoints", R"({"url":"https://example.com/h")" + more + "}");
    EXPECT_EQ(made.status, 201) << json::serialize(made.body);
    return made.text("id");
}

}  // namespace hookreel::api
