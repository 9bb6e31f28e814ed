// The API with fakes around it, called in process: what a test sends is signed and served as a
// request of a client would be.
#pragma once

#include <gtest/gtest.h>

#include "dialect/tencent_vod/api.h"
#include "dialect/tencent_vod/events/announcer.h"
#include "dialect/tencent_vod/events/fixtures_test.h"
#include "media/files/upload_fakes.h"
#include "model/queue.h"
#include "store/memory/memory_store.h"

namespace hookreel::dialect::tencent_vod {

// A request with its body in memory.
class FakeRequest final : public http::Request {
 public:
    FakeRequest(http::RequestHead head, std::string body)
        : head_(std::move(head)), body_(std::move(body)) {}

    const http::RequestHead& head() const override { return head_; }
    bool secure() const override { return false; }
    std::optional<std::uint64_t> content_length() const override { return announced; }
    Task<Result<std::size_t>> read(std::span<char> into) override {
        if (broken) co_return fail(*broken, "the body broke off");
        const std::size_t count = std::min(into.size(), body_.size() - read_);
        std::copy_n(body_.data() + read_, count, into.data());
        read_ += count;
        co_return count;
    }
    std::size_t bytes_read() const { return read_; }

    std::optional<std::uint64_t> announced;
    std::optional<Code> broken;  // Reading the body fails so.

 private:
    http::RequestHead head_;
    std::string body_;
    std::size_t read_ = 0;
};

// Answers what the test puts there, and keeps what was asked.
class FakeUploads final : public media::Uploads {
 public:
    Task<Result<media::Upload>> apply(media::UploadRequest request) override {
        applied = request;
        co_return upload;
    }
    Task<Result<model::Asset>> commit(model::ApplicationId, model::UploadId id,
                                      TraceContext) override {
        committed = id;
        co_return asset;
    }

    Task<Result<media::Upload>> find_by_secret_id(std::string) override { co_return upload; }
    Task<Result<media::StoredObject>> put_object(media::Upload, std::string, http::ByteSource&,
                                                 std::optional<std::string>) override {
        co_return fail(Code::internal, "not used");
    }
    Task<Result<media::StoredObject>> head_object(media::Upload, std::string) override {
        co_return fail(Code::internal, "not used");
    }
    Task<Result<media::Multipart>> start_multipart(media::Upload, std::string) override {
        co_return fail(Code::internal, "not used");
    }
    Task<Result<std::vector<media::Multipart>>> list_multiparts(media::Upload,
                                                                std::string) override {
        co_return fail(Code::internal, "not used");
    }
    Task<Result<media::Part>> put_part(media::Upload, std::string, int, http::ByteSource&,
                                       std::optional<std::string>) override {
        co_return fail(Code::internal, "not used");
    }
    Task<Result<std::vector<media::Part>>> list_parts(media::Upload, std::string) override {
        co_return fail(Code::internal, "not used");
    }
    Task<Result<media::StoredObject>> complete_multipart(media::Upload, std::string,
                                                         std::vector<media::Part>) override {
        co_return fail(Code::internal, "not used");
    }
    Task<Result<void>> abort_multipart(media::Upload, std::string) override {
        co_return fail(Code::internal, "not used");
    }
    Task<void> discard(media::Upload) override { co_return; }

    Result<media::Upload> upload = fail(Code::internal, "not set");
    Result<model::Asset> asset = fail(Code::internal, "not set");
    std::optional<media::UploadRequest> applied;
    std::optional<model::UploadId> committed;
};

class FakeTasks final : public media::Tasks {
 public:
    Task<Result<model::TaskId>> create(media::TaskRequest request) override {
        created = request;
        co_return id;
    }
    Task<Result<model::Task>> find(model::ApplicationId, model::TaskId wanted) override {
        if (task && task->id == wanted) co_return *task;
        co_return fail(Code::not_found, "no such task");
    }

    Result<model::TaskId> id =
        model::TaskId("1300000001-Procedure-475b7237438a39560b9879a4556cb177t2");
    std::optional<media::TaskRequest> created;
    std::optional<model::Task> task;
};

class FakePulls final : public media::Pulls {
 public:
    Task<Result<model::TaskId>> create(model::PullRequest request) override {
        created = request;
        co_return id;
    }
    Task<Result<model::Pull>> find(model::ApplicationId, model::TaskId wanted) override {
        if (pull && pull->id == wanted) co_return *pull;
        co_return fail(Code::not_found, "no such pull");
    }

    Result<model::TaskId> id = model::TaskId("1300000001-Pull-475b7237438a39560b9879a4556cb194t0");
    std::optional<model::PullRequest> created;
    std::optional<model::Pull> pull;
};

class FakeEdits final : public media::Edits {
 public:
    Result<model::TaskId> id = model::TaskId("1300000001-EditMedia-1t0");
    std::optional<model::EditRequest> created;
    Result<model::Edit> edit = fail(Code::not_found, "no edit");

    Task<Result<model::TaskId>> create(model::EditRequest request) override {
        created = std::move(request);
        co_return id;
    }
    Task<Result<model::Edit>> find(model::ApplicationId, model::TaskId) override { co_return edit; }
};

class FakeExternal final : public media::ExternalTasks {
 public:
    Task<Result<model::TaskId>> create(model::ExternalRequest request) override {
        created = request;
        co_return result;
    }
    Task<Result<model::ExternalTask>> find(model::ApplicationId, model::TaskId id) override {
        if (!task || id != task->id) co_return fail(Code::not_found, "no such task");
        co_return *task;
    }

    Result<model::TaskId> result = model::TaskId("1300000001-ReviewAudioVideo-1t0");
    std::optional<model::ExternalRequest> created;
    std::optional<model::ExternalTask> task;
};

class FakeAgenda final : public media::Agenda {
 public:
    Task<Result<media::AgendaPage>> list(media::AgendaQuery its_query) override {
        query = std::move(its_query);
        co_return page;
    }
    Task<Result<void>> abort(model::ApplicationId, model::TaskId id) override {
        aborted = id;
        co_return done;
    }

    std::optional<media::AgendaQuery> query;
    Result<media::AgendaPage> page = media::AgendaPage{};
    std::optional<model::TaskId> aborted;
    Result<void> done;
};

class FakeLibrary final : public media::Library {
 public:
    Task<Result<model::Asset>> find(model::ApplicationId application, model::FileId id) override {
        const auto found = assets.find(id.text());
        if (found == assets.end() || found->second.application != application)
            co_return fail(Code::not_found, "no such file");
        co_return found->second;
    }
    Result<std::string> absolute(std::string_view) const override {
        return fail(Code::not_found, "not used");
    }

    Task<Result<model::Asset>> modify(model::ApplicationId application, model::FileId id,
                                      media::AssetChange its_change,
                                      media::NewFiles its_files) override {
        change = its_change;
        files = its_files;
        if (error) co_return fail(*error);
        co_return co_await find(application, id);
    }
    Task<Result<void>> remove(model::ApplicationId application, model::FileId id,
                              std::vector<model::AssetPart> its_parts) override {
        parts = its_parts;
        Result<model::Asset> asset = co_await find(application, id);
        if (!asset) co_return fail(std::move(asset.error()));
        co_return Result<void>{};
    }
    Task<Result<media::Found>> search(model::ApplicationId, media::Query its_query) override {
        query = its_query;
        co_return finds;
    }

    std::map<std::string, model::Asset> assets;
    std::optional<Error> error;  // Of the next change.
    std::optional<media::AssetChange> change;
    std::optional<media::NewFiles> files;
    std::optional<std::vector<model::AssetPart>> parts;
    std::optional<media::Query> query;
    Result<media::Found> finds = media::Found{};
};

class ApiTest : public testing::Test {
 protected:
    ApiTest() {
        EXPECT_TRUE(run(applications_.load(keys_, clock_.now())));
        remake();
    }

    // Makes the API anew, with other settings.
    void remake(ApiSettings settings = {}) {
        api_.emplace(Dependencies{store_, applications_, access_keys_, uploads_, tasks_, library_,
                                  pulls_, edits_, external_, agenda_, procedures_, templates_,
                                  clock_, log_, fixture_urls(), pull_wait_, callback_trouble_},
                     settings);
    }

    template <class T>
    T run(Task<T> task) {
        std::optional<T> result;
        asio::co_spawn(loop_, std::move(task), [&](std::exception_ptr error, T value) {
            if (error) std::rethrow_exception(error);
            result = std::move(value);
        });
        loop_.restart();
        loop_.run();
        return std::move(*result);
    }

    http::RequestHead signed_head(const std::string& action, const std::string& body,
                                  const model::KeyPair& keys) {
        const std::string host = "127.0.0.1:8080";
        http::RequestHead head{"POST", "/", {}, "127.0.0.1"};
        head.headers = sign_tc3({action, host, body}, keys, clock_.now());
        head.headers.add("Host", host);
        return head;
    }

    http::Response serve(http::RequestHead head, std::string body) {
        FakeRequest request(std::move(head), std::move(body));
        return run(api_->handle(request));
    }

    // The `Response` of an answer, after what holds for all answers was checked.
    static json::object response_of(const http::Response& answer) {
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.headers.get("Content-Type"), "application/json");
        json::object response =
            json::parse(std::get<std::string>(answer.body)).at("Response").as_object();
        EXPECT_EQ(response.at("RequestId").as_string().size(), 36u);
        if (response.contains("Error")) EXPECT_EQ(response.size(), 2u);
        return response;
    }

    json::object call(const std::string& action, const std::string& body,
                      const model::KeyPair& keys) {
        const json::object response = response_of(serve(signed_head(action, body, keys), body));
        if (!response.contains("Error"))
            EXPECT_EQ(misfit(response, *schema::find_action(action)->output), "");
        return response;
    }
    json::object call(const std::string& action, const std::string& body = "{}") {
        return call(action, body, keys_);
    }
    json::object call(const std::string& action, const json::value& body) {
        return call(action, json::serialize(body), keys_);
    }

    static std::string code_of(const json::object& response) {
        if (!response.contains("Error")) return "none";
        return std::string(response.at("Error").at("Code").as_string());
    }
    std::string code(const std::string& action, const std::string& body = "{}") {
        return code_of(call(action, body));
    }

    // Equal to a fixture, but for the id of the request.
    static void expect_fixture(json::object response, const std::string& file) {
        json::object wanted = fixture(file).at("Response").as_object();
        response.erase("RequestId");
        wanted.erase("RequestId");
        EXPECT_EQ(difference(response, wanted), "") << file;
    }
    // The same error, whatever its words.
    static void expect_error_fixture(const json::object& response, const std::string& file) {
        EXPECT_EQ(code_of(response),
                  fixture(file).at("Response").at("Error").at("Code").as_string())
            << file;
    }

    void announce(const model::Event& event) {
        store::Commit commit;
        commit.events.push_back(announcer_.announce(event));
        ASSERT_TRUE(run(store_.commit(std::move(commit))));
    }

    Loop loop_;
    ManualClock clock_{at("2026-03-02T08:00:00Z")};
    Log log_{Level::error};
    store::MemoryStore store_{clock_};
    store::Applications applications_{store_};
    store::AccessKeys access_keys_{store_};
    Announcer announcer_{applications_, fixture_urls()};
    FakeUploads uploads_;
    FakeTasks tasks_;
    FakeLibrary library_;
    FakePulls pulls_;
    FakeEdits edits_;
    FakeExternal external_;
    FakeAgenda agenda_;
    media::LocalProcedures procedures_{store_, clock_};
    media::FileThreads files_{1};
    media::fakes::TemporaryFolder folder_;
    media::LocalTemplates templates_{store_, clock_, files_, folder_.path()};
    model::KeyPair keys_{"AKIDEXAMPLE", "SKEXAMPLE"};
    Duration pull_wait_{0};
    std::function<std::string(std::string_view)> callback_trouble_;
    std::optional<VodApi> api_;
};

}  // namespace hookreel::dialect::tencent_vod
