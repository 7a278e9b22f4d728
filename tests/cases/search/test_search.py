"""Finding cases by their words, on both databases."""

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import false, select

from lms.cases.cli import group
from lms.cases.content import starter_files
from lms.cases.models import StoredCase
from lms.cases.search.keeping import batches, forget_draft, index, keep_draft, wanting
from lms.cases.search.matching import has_words
from lms.cases.search.meant import did_you_mean
from lms.cases.search.models import Layer, SearchEntry, SearchSketch
from lms.cases.search.ordering import Order
from lms.cases.search.queries import Also, AskedFor, Found, FoundCase, search
from lms.cases.services import load_cases
from lms.core.db import db, transaction
from question_bank.searching.words import folded, read_query
from tests.cases.texts import case_file, load, stored
from tests.factories import NOW
from tests.progress.statements import counted

TODAY = NOW.date()


@pytest.fixture
def bank(in_app: Flask) -> Flask:
    """The shipped bank."""
    with transaction():
        load_cases(None, starter_files(), now=NOW)
    return in_app


def found(words: str, **more: object) -> Found:
    return search(AskedFor(words), 1, today=TODAY, size=500, **more)


def slugs(of: Found) -> set[str]:
    ids = [hit.case_id for hit in of.hits]
    return set(db.session.scalars(select(StoredCase.slug).where(StoredCase.id.in_(ids))))


def files_saying(word: str) -> set[str]:
    return {
        name.partition("/")[2].removesuffix(".yaml")
        for name, text in starter_files()
        if word in text.lower()
    }


def said(hit: FoundCase) -> str:
    assert hit.excerpt is not None
    parts = (f"[{part.text}]" if part.marked else part.text for part in hit.excerpt.parts)
    return f"{hit.excerpt.place}: {''.join(parts)}"


def test_a_word_finds_every_file_that_says_it(bank) -> None:
    for word in ("naloxone", "buprenorphine", "gabapentin"):
        assert files_saying(word)
        assert slugs(found(word)) >= files_saying(word)
    assert slugs(found("naloxone")) >= files_saying("naloxone")


def test_every_word_of_every_shipped_case_finds_it(bank) -> None:
    entries = db.session.execute(select(SearchEntry.case_id, SearchEntry.all_words)).all()
    having: dict[str, set[int]] = {}
    for case_id, words in entries:
        for word in words.split():
            having.setdefault(word, set()).add(case_id)

    assert len(entries) == len(starter_files())
    assert len(having) > 5_000
    for word, cases in sorted(having.items())[::7]:
        hits = {hit.case_id for hit in found(f'"{word}"').hits}
        assert hits == cases, word


def test_a_hit_says_where_its_word_stands(in_app) -> None:
    load(case_file("burning-feet", title="Burning feet", vignette="She takes *gabapentin* daily."))

    (hit,) = found("GABAPENTIN").hits

    assert said(hit) == "Story: She takes [gabapentin] daily."


@pytest.mark.parametrize(
    ("words", "hits"),
    [
        ("burning", 1),
        ("burn", 1),
        ("feet burning", 1),
        ("follow-up", 1),
        ("up-follow", 0),
        ("1.0 mg/d", 1),
        ("0.1", 0),
        ('"feet burning"', 0),
        ('"burning feet', 1),
        ('"burn"', 0),
        ("Méralgie", 1),
        ("meralgie", 1),
        ("for zebra", 0),
        ("rest-1", 0),
        ("AND", 1),
        ("", 1),
        ("   ", 1),
        ("!?*", 1),
    ],
)
def test_words_are_found_as_people_type_them(in_app, words: str, hits: int) -> None:
    story = "A follow-up for méralgie: 1.0 mg/d and rest."
    with transaction():
        keep_draft(1, None, {"title": "Burning feet", "vignette": story})

    assert found(words).total == hits


NASTY = (
    *('"', "'", "a OR b", "NEAR(a b)", "-a", "a*", "*", "(", ")", ":", "all_words:a", "{a}: b"),
    *("\\", "a & b", "!a", "a:*", "<->", "a <-> b", "\x00", "a\x00b", "%", "_", "';--", "é" * 300),
    *("\ud800", "😀", "½", "x" * 100_000, "a " * 5_000, "AND", "OR", "NOT", "NEAR", "1e5", "1e5x"),
    *("5ht3", "0x1f", "http://a.b/c?d=e", "a@b.cd", "a\u0301\u0301\u0301b", "İ", "ß", "µg", "٣"),
)


@pytest.mark.parametrize("words", NASTY, ids=range(len(NASTY)))
def test_no_query_breaks_anything(in_app, words: str) -> None:
    title = f"A {words[:60]} case".encode(errors="ignore").decode().replace("\x00", "")
    with transaction():
        keep_draft(1, None, {"title": title})

    assert found(words).total in {0, 1}
    did_you_mean(words)


@given(st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_what_a_title_says_is_found_by_it(in_app, words: str) -> None:
    load(case_file("a-case", title="Zanzibar"))
    with transaction():
        keep_draft(7, None, {"title": words})
        asked = " ".join(folded(words).split()[:10])
        hits = {hit.draft_id for hit in found(asked[:190].rpartition(" ")[0]).hits}
        forget_draft(7)

    assert 7 in hits


def test_what_was_replaced_is_found_no_more(in_app) -> None:
    load(case_file("a-case", takeaway="Mind the zebra."))
    load(case_file("a-case", takeaway="Mind the okapi."))

    assert (found("zebra").total, found("okapi").total) == (0, 1)


def test_a_proposal_is_found_beside_what_is_in_use(in_app) -> None:
    load(case_file("a-case", takeaway="Mind the zebra."))
    with transaction():
        load_cases(None, [case_file("a-case", takeaway="Mind the okapi.")], now=NOW)

    (old,), (new,) = found("zebra").hits, found("okapi").hits

    assert (old.case_id, old.in_draft, new.in_draft) == (new.case_id, False, True)
    assert ("state", "proposed") in new.tags


def test_an_open_draft_is_found_until_it_is_closed(in_app) -> None:
    body = {"title": "Half a case", "stages": [{"#": "ab", "text": "A quagga came."}], "x": [1, {}]}
    with transaction():
        keep_draft(3, None, body)
        keep_draft(3, None, body | {"topic": "pharm-neuropathic", "takeaway": "Ride it"})
    (hit,) = found("quagga").hits
    with transaction():
        forget_draft(3)

    assert (hit.draft_id, hit.title, hit.in_draft) == (3, "Half a case", True)
    assert ("approach", "pharmacological") in hit.tags
    assert said(hit) == "Story: A [quagga] came."
    assert found("quagga").total == 0


def test_who_may_not_read_keys_finds_title_and_tags_alone(in_app) -> None:
    load(case_file("a-case", title="Burning zebra", takeaway="Mind the okapi."))
    with transaction():
        keep_draft(3, None, {"title": "Zebra of a draft", "takeaway": "quagga"})

    told = found("zebra", readable=false()).hits

    assert [said(hit) for hit in told] == ["Title: Burning [zebra]"]
    assert not told[0].told
    assert found("okapi", readable=false()).total == 0
    assert found("okapi zebra", readable=false()).total == 0
    assert found("quagga", readable=false()).total == 0
    assert found("", readable=false()).total == 1
    assert found("okapi", readable=SearchEntry.draft_id.is_(None)).total == 1


def test_what_a_case_has_of_other_rooms_narrows_as_well(in_app) -> None:
    load(case_file("one", title="One zebra"), case_file("two", title="Two zebra"))
    mine = Also(("needs", "mine"), StoredCase.slug == "two")

    all_of_them = found("zebra", also=[mine])
    narrowed = search(AskedFor("zebra", {"needs": ["mine"]}), 1, today=TODAY, also=[mine])

    assert (all_of_them.total, all_of_them.count("needs", "mine")) == (2, 1)
    assert [hit.title for hit in narrowed.hits] == ["Two zebra"]
    assert narrowed.narrowed.without == {"needs": 2}


def test_what_is_meant_is_offered_where_nothing_is_found(in_app) -> None:
    load(case_file("a-case", takeaway="Give naloxone to take home."))

    meant = did_you_mean("Nalaxone home")

    assert meant is not None
    assert (meant.words, meant.cases) == ("naloxone home", 1)
    assert did_you_mean("xylophone") is None
    assert did_you_mean("nalaxone", readable=false()) is None


def test_what_is_meant_is_counted_as_the_finder_would_find_it(in_app) -> None:
    load(*(case_file(slug, title=f"A quagga {slug}") for slug in ("a", "b", "c")))
    with transaction():
        stored("a").retired_at = NOW
    only_b = [SearchEntry.case_id == stored("b").id]

    everywhere, within = did_you_mean("quaggo"), did_you_mean("quaggo", within=only_b)

    assert everywhere is not None
    assert within is not None
    assert (everywhere.cases, within.cases) == (2, 1)
    assert found("quagga").total == 2
    assert did_you_mean("quaggo", within=[false()]) is None


def test_words_that_every_entry_has_are_read_from_their_index_alone(in_app) -> None:
    on_postgresql = db.engine.dialect.name == "postgresql"
    with transaction():
        tale = " ".join(f"quagga{number:x}" for number in range(500))
        keep_draft(1_000_000, None, {"takeaway": tale})
        db.session.execute(db.text(_MORE_DRAFTS))
        if on_postgresql:
            db.session.execute(db.text(_TAKEN_IN))
            db.session.execute(db.text("ANALYZE search_entry"))
    asked = select(SearchEntry.id).where(has_words(read_query("quagga")))
    explain = "EXPLAIN" if on_postgresql else "EXPLAIN QUERY PLAN"
    told = asked.compile(db.engine, compile_kwargs={"literal_binds": True})

    plan = str(db.session.execute(db.text(f"{explain} {told}".replace(":", r"\:"))).all())

    assert len(db.session.scalars(asked).all()) == 1_001
    assert ("Bitmap Index Scan on ix_search_entry_all_terms" in plan) is on_postgresql
    assert "Seq Scan" not in plan


_TAKEN_IN = "SELECT gin_clean_pending_list('ix_search_entry_all_terms')"

_MORE_DRAFTS = """
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000)
    INSERT INTO search_entry
        (id, layer, draft_id, title, tags, places, open_words, all_words, made_as)
    SELECT 1000000 + n, layer, 1000000 + n, title, tags, places, open_words, all_words, made_as
    FROM search_entry, numbers WHERE draft_id = 1000000
"""


def test_what_the_index_lacks_is_made_and_nothing_else(in_app) -> None:
    load(case_file("one"), case_file("two"))
    assert wanting() == []
    with transaction():
        for table in (SearchSketch, SearchEntry):
            db.session.execute(db.delete(table))
        load_cases(None, [case_file("two", takeaway="Mind the okapi.")], now=NOW)

    wanted = wanting()
    for batch in batches(wanted):
        with transaction():
            index(batch)

    assert {each.layer for each in wanted} == {Layer.IN_USE}
    assert wanting() == []
    assert len(wanting(anew=True)) == 3
    assert found("okapi").total == 1
    assert found("zanzibar").total == 2


def test_a_retired_case_is_found_only_where_it_is_asked_for(in_app) -> None:
    load(case_file("one", title="One zebra"))
    with transaction():
        db.session.execute(db.update(StoredCase).values(retired_at=NOW))

    assert found("zebra").total == 0
    assert found("zebra").count("state", "retired") == 1
    assert search(AskedFor("zebra", {"state": ["retired"]}), 1, today=TODAY).total == 1


def test_hits_come_in_the_order_that_is_asked_for(in_app) -> None:
    load(case_file("b", title="Of zebras", takeaway="Nothing."))
    load(case_file("a", title="A horse", takeaway="Mind the zebra."))

    def titles(order: Order) -> list[str]:
        return [hit.title for hit in search(AskedFor("zebra", {}, order), 1, today=TODAY).hits]

    assert titles(Order.MATCH) == ["Of zebras", "A horse"]
    assert titles(Order.CHANGED) == ["A horse", "Of zebras"]


def test_a_search_takes_two_statements_however_much_there_is(bank) -> None:
    with counted(bank) as statements:
        assert found("the").total == len(starter_files())

    assert len([each for each in statements if each.startswith("SELECT")]) == 2


def test_the_index_is_made_anew_by_a_command(in_app) -> None:
    load(case_file("one", takeaway="Mind the okapi."))
    with transaction():
        db.session.execute(db.update(SearchEntry).values(all_words="", open_words=""))
    assert found("okapi").total == 0

    said = CliRunner().invoke(group, ["index"])

    assert "1 versions can be found" in said.output
    assert found("okapi").total == 1
