#include "dialect/tencent_vod/api_harness_test.h"

namespace hookreel::dialect::tencent_vod {
namespace {

Error not_used() {
    return {Code::internal, "not used"};
}

}  // namespace

Task<Result<std::size_t>> FakeRequest::read(std::span<char> into) {
    if (broken) co_return fail(*broken, "the body broke off");
    const std::size_t count = std::min(into.size(), body_.size() - read_);
    std::copy_n(body_.data() + read_, count, into.data());
    read_ += count;
    co_return count;
}

Task<Result<media::Upload>> FakeUploads::apply(media::UploadRequest request) {
    applied = request;
    co_return upload;
}

Task<Result<model::Asset>> FakeUploads::commit(model::ApplicationId, model::UploadId id,
                                               TraceContext) {
    committed = id;
    co_return asset;
}

Task<Result<media::Upload>> FakeUploads::find_by_secret_id(std::string) {
    co_return upload;
}

Task<Result<media::StoredObject>> FakeUploads::put_object(media::Upload, std::string,
                                                          http::ByteSource&,
                                                          std::optional<std::string>) {
    co_return fail(not_used());
}

Task<Result<media::StoredObject>> FakeUploads::head_object(media::Upload, std::string) {
    co_return fail(not_used());
}

Task<Result<media::Multipart>> FakeUploads::start_multipart(media::Upload, std::string) {
    co_return fail(not_used());
}

Task<Result<std::vector<media::Multipart>>> FakeUploads::list_multiparts(media::Upload,
                                                                         std::string) {
    co_return fail(not_used());
}

Task<Result<media::Part>> FakeUploads::put_part(media::Upload, std::string, int, http::ByteSource&,
                                                std::optional<std::string>) {
    co_return fail(not_used());
}

Task<Result<std::vector<media::Part>>> FakeUploads::list_parts(media::Upload, std::string) {
    co_return fail(not_used());
}

Task<Result<media::StoredObject>> FakeUploads::complete_multipart(media::Upload, std::string,
                                                                  std::vector<media::Part>) {
    co_return fail(not_used());
}

Task<Result<void>> FakeUploads::abort_multipart(media::Upload, std::string) {
    co_return fail(not_used());
}

Task<void> FakeUploads::discard(media::Upload) {
    co_return;
}

Task<Result<model::TaskId>> FakeTasks::create(media::TaskRequest request) {
    created = request;
    co_return id;
}

Task<Result<model::Task>> FakeTasks::find(model::ApplicationId, model::TaskId wanted) {
    if (task && task->id == wanted) co_return *task;
    co_return fail(Code::not_found, "no such task");
}

Task<Result<model::TaskId>> FakePulls::create(model::PullRequest request) {
    created = request;
    co_return id;
}

Task<Result<model::Pull>> FakePulls::find(model::ApplicationId, model::TaskId wanted) {
    if (pull && pull->id == wanted) co_return *pull;
    co_return fail(Code::not_found, "no such pull");
}

Task<Result<model::TaskId>> FakeEdits::create(model::EditRequest request) {
    created = std::move(request);
    co_return id;
}

Task<Result<model::Edit>> FakeEdits::find(model::ApplicationId, model::TaskId) {
    co_return edit;
}

Task<Result<model::TaskId>> FakeExternal::create(model::ExternalRequest request) {
    created = request;
    co_return result;
}

Task<Result<model::ExternalTask>> FakeExternal::find(model::ApplicationId, model::TaskId id) {
    if (!task || id != task->id) co_return fail(Code::not_found, "no such task");
    co_return *task;
}

Task<Result<media::AgendaPage>> FakeAgenda::list(media::AgendaQuery its_query) {
    query = std::move(its_query);
    co_return page;
}

Task<Result<void>> FakeAgenda::abort(model::ApplicationId, model::TaskId id) {
    aborted = id;
    co_return done;
}

Task<Result<model::Asset>> FakeLibrary::find(model::ApplicationId application, model::FileId id) {
    const auto found = assets.find(id.text());
    if (found == assets.end() || found->second.application != application)
        co_return fail(Code::not_found, "no such file");
    co_return found->second;
}

Result<std::string> FakeLibrary::absolute(std::string_view) const {
    return fail(Code::not_found, "not used");
}

Task<Result<model::Asset>> FakeLibrary::modify(model::ApplicationId application, model::FileId id,
                                               media::AssetChange its_change,
                                               media::NewFiles its_files) {
    change = its_change;
    files = its_files;
    if (error) co_return fail(*error);
    co_return co_await find(application, id);
}

Task<Result<void>> FakeLibrary::remove(model::ApplicationId application, model::FileId id,
                                       std::vector<model::AssetPart> its_parts) {
    parts = its_parts;
    Result<model::Asset> asset = co_await find(application, id);
    if (!asset) co_return fail(std::move(asset.error()));
    co_return Result<void>{};
}

Task<Result<media::Found>> FakeLibrary::search(model::ApplicationId, media::Query its_query) {
    query = its_query;
    co_return finds;
}

ApiTest::ApiTest() {
    EXPECT_TRUE(run(applications_.load(keys_, clock_.now())));
    remake();
}

ApiTest::~ApiTest() = default;

void ApiTest::remake(ApiSettings settings) {
    api_.emplace(
        Dependencies{store_, applications_, access_keys_, uploads_, tasks_, library_, pulls_,
                     edits_, external_, agenda_, procedures_, templates_, drawings_, clock_, log_,
                     fixture_urls(), pull_wait_, callback_trouble_},
        settings);
}

http::RequestHead ApiTest::signed_head(const std::string& action, const std::string& body,
                                       const model::KeyPair& keys) {
    const std::string host = "127.0.0.1:8080";
    http::RequestHead head{"POST", "/", {}, "127.0.0.1"};
    head.headers = sign_tc3({action, host, body}, keys, clock_.now());
    head.headers.add("Host", host);
    return head;
}

http::Response ApiTest::serve(http::RequestHead head, std::string body) {
    FakeRequest request(std::move(head), std::move(body));
    return run(api_->handle(request));
}

json::object ApiTest::response_of(const http::Response& answer) {
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.get("Content-Type"), "application/json");
    json::object response =
        json::parse(std::get<std::string>(answer.body)).at("Response").as_object();
    EXPECT_EQ(response.at("RequestId").as_string().size(), 36u);
    if (response.contains("Error")) EXPECT_EQ(response.size(), 2u);
    return response;
}

json::object ApiTest::call(const std::string& action, const std::string& body,
                           const model::KeyPair& keys) {
    const json::object response = response_of(serve(signed_head(action, body, keys), body));
    if (!response.contains("Error"))
        EXPECT_EQ(misfit(response, *schema::find_action(action)->output), "");
    return response;
}

json::object ApiTest::call(const std::string& action, const std::string& body) {
    return call(action, body, keys_);
}

json::object ApiTest::call(const std::string& action, const json::value& body) {
    return call(action, json::serialize(body), keys_);
}

std::string ApiTest::code_of(const json::object& response) {
    if (!response.contains("Error")) return "none";
    return std::string(response.at("Error").at("Code").as_string());
}

std::string ApiTest::code(const std::string& action, const std::string& body) {
    return code_of(call(action, body));
}

void ApiTest::expect_fixture(json::object response, const std::string& file) {
    json::object wanted = fixture(file).at("Response").as_object();
    response.erase("RequestId");
    wanted.erase("RequestId");
    EXPECT_EQ(difference(response, wanted), "") << file;
}

void ApiTest::expect_error_fixture(const json::object& response, const std::string& file) {
    EXPECT_EQ(code_of(response), fixture(file).at("Response").at("Error").at("Code").as_string())
        << file;
}

void ApiTest::announce(const model::Event& event) {
    store::Commit commit;
    commit.events.push_back(announcer_.announce(event));
    ASSERT_TRUE(run(store_.commit(std::move(commit))));
}

}  // namespace hookreel::dialect::tencent_vod
