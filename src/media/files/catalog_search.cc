// How a shelf of the catalog is searched.
#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "media/files/catalog_shelf.h"

namespace hookreel::media {
namespace {

// How well a text fits what was asked for, best first.
enum Fit : std::size_t { whole, beginning, within, words, fits };
constexpr std::size_t unfit = fits;

bool contains(std::string_view text, std::string_view part) {
    return part.empty() || ::memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

// A thing that is looked for, in lower case, with its words when it has several.
struct Term {
    std::string text;
    std::vector<std::string> words;

    explicit Term(std::string_view wanted) : text(to_lower(trim(wanted))) {
        for (std::string_view rest = text; !rest.empty();) {
            const std::size_t end = std::min(rest.find(' '), rest.size());
            if (end > 0) words.emplace_back(rest.substr(0, end));
            rest.remove_prefix(std::min(rest.size(), end + 1));
        }
    }

    // What is worse than `worst` is not looked for.
    std::size_t fit(std::string_view in, std::size_t worst) const {
        if (in.starts_with(text)) return in.size() == text.size() ? whole : beginning;
        if (worst >= within && contains(in, text)) return within;
        const bool has_all =
            worst >= Fit::words && words.size() > 1 &&
            std::ranges::all_of(words, [&](const auto& word) { return contains(in, word); });
        return has_all ? Fit::words : unfit;
    }
};

std::vector<Term> terms(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
}

std::vector<std::string> lowered(const std::vector<std::string>& texts) {
    std::vector<std::string> all;
    for (const std::string& text : texts)
        all.push_back(to_lower(text));
    return all;
}

// Of several that are looked for, those that can be in a block of entries: one bit each, the last
// one for all that have none of their own.
using Mask = std::uint32_t;
constexpr Mask bit_of(std::size_t number) {
    return Mask{1} << std::min<std::size_t>(number, 31);
}

std::size_t best_fit(const std::vector<Term>& wanted, Mask mask, std::string_view in,
                     std::size_t worst) {
    std::size_t best = unfit;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (mask & bit_of(i)) best = std::min(best, wanted[i].fit(in, worst));
    return best;
}

bool any_of(const std::vector<std::string>& wanted, Mask mask, auto is_there) {
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if ((mask & bit_of(i)) && is_there(wanted[i])) return true;
    return false;
}

TextFilter::Marks marks_of(std::string_view part) {
    TextFilter::Marks marks;
    TextFilter::add_marks(marks, part);
    return marks;
}

TextFilter::Marks marks_of(const Term& term) {
    TextFilter::Marks marks;
    for (const std::string& word : term.words)
        TextFilter::add_marks(marks, word);
    return marks;
}

template <class T>
bool lists(const std::vector<T>& wanted, const auto& value) {
    return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

// Bounds in milliseconds; open ones are far away.
struct Bounds {
    std::int64_t from;
    std::int64_t to;

    explicit Bounds(const TimeSpan& span)
        : from(span.from ? span.from->time_since_epoch().count() : INT64_MIN),
          to(span.to ? span.to->time_since_epoch().count() : INT64_MAX) {}
    bool contain(std::int64_t time) const { return from <= time && time <= to; }
};

}  // namespace

// A query made ready to be asked of many entries.
class Match {
 public:
    using Shelf = Catalog::Shelf;

    explicit Match(const Query& query)
        : query_(query),
          created_(query.created),
          expires_(query.expires),
          types_(lowered(query.types)),
          prefixes_(lowered(query.prefixes)),
          names_(terms(query.names)),
          descriptions_(terms(query.descriptions)) {
        if (!query.text.empty()) text_.emplace_back(query.text);
        for (const std::string& tag : query.tags)
            tags_.push_back("\n" + to_lower(tag) + "\n");
    }

    // What of the query a block of entries can have. An empty list asks for nothing.
    struct InBlock {
        Mask tags, prefixes, names, descriptions, text;
    };
    std::vector<InBlock> blocks(const TextFilter& filter) const {
        std::vector<InBlock> all(filter.block_count());
        fill(all, &InBlock::tags, filter, marks_of_each(tags_));
        fill(all, &InBlock::prefixes, filter, marks_of_each(prefixes_));
        fill(all, &InBlock::names, filter, marks_of_each(names_));
        fill(all, &InBlock::descriptions, filter, marks_of_each(descriptions_));
        fill(all, &InBlock::text, filter, marks_of_each(text_));
        return all;
    }
    bool may_fit(const InBlock& block) const {
        return (tags_.empty() || block.tags) && (prefixes_.empty() || block.prefixes) &&
               (names_.empty() || block.names) && (descriptions_.empty() || block.descriptions) &&
               (text_.empty() || block.text);
    }

    // The worst way in which something can fit.
    std::size_t worst() const {
        const auto has_words = [](const Term& term) { return term.words.size() > 1; };
        if (std::ranges::any_of(names_, has_words) ||
            std::ranges::any_of(descriptions_, has_words) || std::ranges::any_of(text_, has_words))
            return Fit::words;
        const bool has_terms = !names_.empty() || !descriptions_.empty() || !text_.empty();
        return has_terms ? within : whole;
    }

    // `unfit`, or how well it fits; as unfit counts what is worse than `worst`.
    std::size_t fit(const Shelf& shelf, const Shelf::Entry& entry, const InBlock& block,
                    std::size_t worst) const {
        if (entry.is_dead || !created_.contain(entry.created) || !expires_.contain(entry.expires) ||
            !lists(query_.classes, entry.class_id) || !lists(query_.categories, entry.category) ||
            !lists(query_.sources, entry.source) || !lists(query_.reviews, entry.review))
            return unfit;
        const Shelf::Texts texts = shelf.texts_of(entry);
        if (!lists(types_, texts.type)) return unfit;
        const auto is_tag = [&](const std::string& tag) { return contains(texts.tags, tag); };
        if (!tags_.empty() && !any_of(tags_, block.tags, is_tag)) return unfit;
        const auto begins = [&](const std::string& text) { return texts.name.starts_with(text); };
        if (!prefixes_.empty() && !any_of(prefixes_, block.prefixes, begins)) return unfit;

        std::size_t found = whole;
        if (!names_.empty())
            found = std::max(found, best_fit(names_, block.names, texts.name, worst));
        if (found > worst) return unfit;
        if (!descriptions_.empty())
            found = std::max(found,
                             best_fit(descriptions_, block.descriptions, texts.description, worst));
        if (!text_.empty())
            found =
                std::max(found, std::min(best_fit(text_, block.text, texts.name, worst),
                                         best_fit(text_, block.text, texts.description, worst)));
        return found > worst ? unfit : found;
    }

 private:
    static std::vector<TextFilter::Marks> marks_of_each(const auto& parts) {
        std::vector<TextFilter::Marks> all;
        for (const auto& part : parts)
            all.push_back(marks_of(part));
        return all;
    }
    static void fill(std::vector<InBlock>& blocks, Mask InBlock::* part, const TextFilter& filter,
                     const std::vector<TextFilter::Marks>& wanted) {
        for (std::size_t block = 0; block < blocks.size(); ++block)
            for (std::size_t i = 0; i < wanted.size(); ++i)
                if (filter.may_have(block, wanted[i])) blocks[block].*part |= bit_of(i);
    }

    const Query& query_;
    Bounds created_, expires_;
    std::vector<std::string> types_, prefixes_, tags_;
    std::vector<Term> names_, descriptions_, text_;
};

namespace {

// What was found, by how well it fits.
class Hits {
 public:
    using Index = std::uint32_t;

    explicit Hits(std::size_t worst) : worst_(worst) {}

    // The worst fit of which more are wanted.
    std::size_t worst() const { return worst_; }
    bool is_full() const { return found_[whole].size() == found_max; }
    void add(std::size_t fit, Index index) {
        found_[fit].push_back(index);
        while (worst_ > whole && found_[worst_].size() >= found_max)
            --worst_;
    }
    bool wants(std::size_t fit) const { return found_[fit].size() < found_max; }
    const std::array<std::vector<Index>, fits>& found() const { return found_; }

 private:
    std::array<std::vector<Index>, fits> found_;
    std::size_t worst_;
};

}  // namespace

std::vector<Catalog::Shelf::Index> Catalog::Shelf::named_by(const Query& query) const {
    std::vector<Index> named;
    for (const std::string& id : query.files)
        if (const Index index = index_of(id); index != none) named.push_back(index);
    const auto place = [this](Index index) { return std::pair(entries_[index].created, index); };
    std::ranges::sort(named, {}, place);
    const auto repeated = std::ranges::unique(named);
    named.erase(repeated.begin(), repeated.end());
    if (query.order == Query::Order::newest_first) std::ranges::reverse(named);
    return named;
}

Found Catalog::Shelf::search(const Query& query) const {
    const Match match(query);
    Hits hits(match.worst());
    const std::vector<Match::InBlock> blocks = match.blocks(filter_);
    const auto look_at = [&](Index index) {
        const Match::InBlock& block = blocks[index / TextFilter::block_entries];
        if (!match.may_fit(block)) return;
        const std::size_t fit = match.fit(*this, entries_[index], block, hits.worst());
        if (fit != unfit && hits.wants(fit)) hits.add(fit, index);
    };
    if (!query.files.empty()) {
        for (const Index index : named_by(query))
            look_at(index);
    } else {
        const Bounds bounds(query.created);
        const auto created = [this](Index index) { return entries_[index].created; };
        const auto begin = std::ranges::lower_bound(order_, bounds.from, {}, created);
        const auto end = std::ranges::upper_bound(begin, order_.end(), bounds.to, {}, created);
        const bool forward = query.order == Query::Order::oldest_first;
        const std::ptrdiff_t count = end - begin;
        for (std::ptrdiff_t i = 0; i < count && !hits.is_full(); ++i)
            look_at(forward ? begin[i] : end[-1 - i]);
    }
    Found result;
    std::size_t at = 0;
    for (const std::vector<Index>& fitting : hits.found())
        for (const Index index : fitting) {
            if (at >= query.offset && result.files.size() < query.count_max && at < found_max)
                result.files.emplace_back(std::string(id_of(entries_[index])));
            ++at;
        }
    result.total = std::min(at, found_max);
    return result;
}

}  // namespace hookreel::media
